{{/* Every job of `monitors`, and those of the release itself, by name, as YAML. */}}
{{- define "prometheus.monitors" -}}
{{- $monitors := dict }}
{{- range $name, $monitor := .Values.monitors }}
{{- if $monitor }}{{ $_ := set $monitors $name $monitor }}{{ end }}
{{- end }}
{{- if .Values.metrics.enabled }}
{{- $here := list (include "prometheus.namespace" .) }}
{{- range $component := list "server" "alertmanager" }}
{{- if or (eq $component "server") $.Values.alertmanager.enabled }}
{{- $labels := include "prometheus.selectorLabels" (dict "root" $ "component" $component) | fromYaml | merge (dict "prometheus-headless" "true") }}
{{- $_ := set $monitors (printf "prometheus/%s" $component) (dict "namespaces" $here "labels" $labels "port" "http") }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $monitors }}
{{- end }}

{{/* The files of a job's Secrets, as YAML: a map of its end to a SecretRef; takes an Endpoint. */}}
{{- define "prometheus.jobSecrets" -}}
{{- $tls := .tls | default dict }}
{{- range $file, $ref := dict "token" .token "password" (.basicAuth | default dict).password "ca.crt" $tls.authority }}
{{- if ($ref | default dict).name }}
{{ $file }}: {name: {{ $ref.name }}, key: {{ $ref.key | default $file }}}
{{- end }}
{{- end }}
{{- end }}

{{/* How a job's targets are asked; takes name and endpoint. */}}
{{- define "prometheus.endpoint" -}}
{{- $endpoint := .endpoint }}
{{- $files := printf "/etc/prometheus-secrets/%s" .name }}
{{- $secrets := include "prometheus.jobSecrets" $endpoint | fromYaml -}}
- job_name: {{ .name }}
  metrics_path: {{ $endpoint.path | default "/metrics" | quote }}
  {{- with $endpoint.params }}
  params:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  scheme: {{ $endpoint.scheme | default "http" }}
  honor_labels: {{ $endpoint.honorLabels | default false }}
  {{- with $endpoint.interval }}
  scrape_interval: {{ . }}
  {{- end }}
  {{- if hasKey $secrets "token" }}
  authorization:
    credentials_file: {{ $files }}/token
  {{- else if ($endpoint.basicAuth | default dict).username }}
  basic_auth:
    username: {{ $endpoint.basicAuth.username | quote }}
    {{- if hasKey $secrets "password" }}
    password_file: {{ $files }}/password
    {{- end }}
  {{- end }}
  {{- if eq ($endpoint.scheme | default "http") "https" }}
  tls_config:
    {{- if hasKey $secrets "ca.crt" }}
    ca_file: {{ $files }}/ca.crt
    {{- end }}
    {{- with ($endpoint.tls | default dict).serverName }}
    server_name: {{ . | quote }}
    {{- end }}
    insecure_skip_verify: {{ ($endpoint.tls | default dict).insecureSkipVerify | default false }}
  {{- end }}
  {{- with $endpoint.metricRelabelings }}
  metric_relabel_configs:
    {{- range . }}
    {{- $step := dict }}
    {{- range $key, $value := . }}{{ $_ := set $step (snakecase $key) $value }}{{ end }}
    - {{ toYaml $step | indent 6 | trim }}
    {{- end }}
  {{- end }}
{{- end }}

{{/* Discovery of what Services stand for; takes root and optionally namespaces. */}}
{{- define "prometheus.discovery" -}}
kubernetes_sd_configs:
  - role: endpointslice
    {{- with .namespaces | default .root.Values.discovery.namespaces }}
    namespaces:
      names:
        {{- toYaml . | nindent 8 }}
    {{- end }}
{{- end }}

{{/* The labels by which alerts and dashboards of all charts know pods, as the operator writes them. */}}
{{- define "prometheus.targetLabels" -}}
- {source_labels: [__meta_kubernetes_pod_phase], regex: Failed|Succeeded, action: drop}
- {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
- {source_labels: [__meta_kubernetes_service_name], target_label: service}
- {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
- {source_labels: [__meta_kubernetes_pod_container_name], target_label: container}
- {source_labels: [__meta_kubernetes_endpointslice_endpoint_node_name], target_label: node}
{{- end }}

{{/* A job with the pods' own token, which the API server and kubelets take; takes name and verify. */}}
{{- define "prometheus.clusterJob" -}}
- job_name: kubernetes/{{ .name }}
  scheme: https
  authorization:
    credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token
  tls_config:
    ca_file: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    insecure_skip_verify: {{ not .verify }}
{{- end }}

{{- define "prometheus.config" -}}
global:
  scrape_interval: {{ .Values.scrape.interval }}
  evaluation_interval: {{ .Values.scrape.evaluationInterval }}
  external_labels:
    {{- range $key, $value := .Values.scrape.externalLabels }}
    {{ $key }}: {{ $value | replace "$" "$$" | quote }}
    {{- end }}
    prometheus_replica: ${POD_NAME}
rule_files:
  - /etc/prometheus/*.rules.yaml
  {{- range .Values.ruleConfigMaps }}
  - /etc/prometheus-rules/{{ . }}/*.yaml
  {{- end }}
{{- if .Values.alertmanager.enabled }}
alerting:
  # The servers' alerts differ in this label alone.
  alert_relabel_configs:
    - {regex: prometheus_replica, action: labeldrop}
  alertmanagers:
    - dns_sd_configs:
        - names: [{{ include "prometheus.fullname" . }}-alertmanager-headless.{{ include "prometheus.namespace" . }}.svc]
          type: A
          port: 9093
{{- end }}
scrape_configs:
  {{- range $name, $monitor := include "prometheus.monitors" . | fromYaml }}
  {{- include "prometheus.endpoint" (dict "name" $name "endpoint" $monitor) | nindent 2 }}
    {{- include "prometheus.discovery" (dict "root" $ "namespaces" $monitor.namespaces) | nindent 4 }}
    relabel_configs:
      {{- range $label, $value := $monitor.labels }}
      - {source_labels: [__meta_kubernetes_service_label_{{ regexReplaceAll "[^a-zA-Z0-9_]" $label "_" }}], regex: {{ $value | replace "." "\\." | squote }}, action: keep}
      {{- end }}
      - {source_labels: [__meta_kubernetes_endpointslice_port_name], regex: {{ $monitor.port | default "metrics" }}, action: keep}
      {{- include "prometheus.targetLabels" $ | nindent 6 }}
  {{- end }}
  {{- range $name, $static := .Values.targets }}
  {{- if $static }}
  {{- include "prometheus.endpoint" (dict "name" (printf "static/%s" $name) "endpoint" $static) | nindent 2 }}
    static_configs:
      - {{ pick $static "targets" "labels" | toYaml | indent 8 | trim }}
  {{- end }}
  {{- end }}
  {{- if .Values.discovery.annotations.enabled }}
  - job_name: kubernetes/annotations
    {{- include "prometheus.discovery" (dict "root" .) | nindent 4 }}
    relabel_configs:
      - {source_labels: [__meta_kubernetes_service_annotation_prometheus_io_scrape], regex: "true", action: keep}
      # Without a port every port would be asked by HTTP, those of other protocols too.
      - {source_labels: [__meta_kubernetes_service_annotation_prometheus_io_port], regex: "[0-9]+", action: keep}
      - {source_labels: [__meta_kubernetes_service_annotation_prometheus_io_scheme], regex: "(https?)", target_label: __scheme__}
      - {source_labels: [__meta_kubernetes_service_annotation_prometheus_io_path], regex: (.+), target_label: __metrics_path__}
      - source_labels: [__address__, __meta_kubernetes_service_annotation_prometheus_io_port]
        regex: (.+?)(?::\d+)?;(\d+)
        replacement: $1:$2
        target_label: __address__
      {{- include "prometheus.targetLabels" . | nindent 6 }}
  {{- end }}
  {{- if .Values.discovery.apiServer.enabled }}
  {{- include "prometheus.clusterJob" (dict "name" "apiserver" "verify" true) | nindent 2 }}
    {{- include "prometheus.discovery" (dict "root" . "namespaces" (list "default")) | nindent 4 }}
    relabel_configs:
      - {source_labels: [__meta_kubernetes_service_name, __meta_kubernetes_endpointslice_port_name], regex: kubernetes;https, action: keep}
      - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
  {{- end }}
  {{- if .Values.discovery.kubelet.enabled }}
  {{- range $job, $path := dict "kubelet" "/metrics" "cadvisor" "/metrics/cadvisor" }}
  {{- include "prometheus.clusterJob" (dict "name" $job "verify" $.Values.discovery.kubelet.verify) | nindent 2 }}
    metrics_path: {{ $path }}
    honor_labels: true
    kubernetes_sd_configs:
      - role: node
    relabel_configs:
      - {source_labels: [__meta_kubernetes_node_name], target_label: node}
  {{- end }}
  {{- end }}
{{- end }}

{{/* The chart's own alerts, and the groups of the values. */}}
{{- define "prometheus.rules" -}}
groups:
  - name: {{ include "prometheus.fullname" . }}
    rules:
      {{- $release := printf "namespace=%q,pod=~%q" (include "prometheus.namespace" .) (printf "%s-(alertmanager-)?[0-9]+" (include "prometheus.fullname" .)) }}
      {{- include "prometheus.alerts" . | replace "RELEASE" $release | nindent 6 }}
  {{- range $name, $group := .Values.ruleGroups }}
  {{- if $group }}
  - name: {{ $name }}
    {{- with $group.interval }}
    interval: {{ . }}
    {{- end }}
    rules:
      {{- range $group.rules }}
      {{- $rule := dict }}
      {{- range $key, $value := . }}{{ $_ := set $rule (snakecase $key) $value }}{{ end }}
      - {{ toYaml $rule | indent 8 | trim }}
      {{- end }}
  {{- end }}
  {{- end }}
{{- end }}
