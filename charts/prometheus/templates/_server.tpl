{{/* Blocks may fill a share of the volume: what Prometheus counts as MB are MiB. */}}
{{- define "prometheus.command" -}}
{{- $mebibytes := include "prometheus.mebibytes" .Values.persistence.size | int -}}
args:
  - --config.file=/etc/prometheus/prometheus.yaml
  - --enable-feature=auto-reload-config
  - --storage.tsdb.path=/prometheus
  - --storage.tsdb.retention.time={{ .Values.retention.time }}
  - --storage.tsdb.retention.size={{ max 1 (div (mul $mebibytes (int .Values.retention.volumePercentage)) 100) }}MB
  {{- with .Values.externalUrl }}
  - --web.external-url={{ . }}
  - --web.route-prefix=/
  {{- end }}
  {{- if .Values.remoteWriteReceiver }}
  - --web.enable-remote-write-receiver
  {{- end }}
{{- end }}

{{- define "prometheus.env" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- end }}

{{/* Takes root and probe. */}}
{{- define "prometheus.probeOf" -}}
httpGet:
  path: {{ eq .probe "livenessProbe" | ternary "/-/healthy" "/-/ready" }}
  port: http
{{- end }}

{{- define "prometheus.mounts" -}}
- name: config
  mountPath: /etc/prometheus
  readOnly: true
- name: data
  mountPath: /prometheus
{{- range .Values.ruleConfigMaps }}
- name: rules-{{ . | sha256sum | trunc 8 }}
  mountPath: /etc/prometheus-rules/{{ . }}
  readOnly: true
{{- end }}
{{- if include "prometheus.secretSources" . }}
- name: secrets
  mountPath: /etc/prometheus-secrets
  readOnly: true
{{- end }}
{{- end }}

{{/* Sources of the volume with the jobs' Secrets. */}}
{{- define "prometheus.secretSources" -}}
{{- $jobs := include "prometheus.monitors" . | fromYaml }}
{{- range $name, $static := .Values.targets }}
{{- if $static }}{{ $_ := set $jobs (printf "static/%s" $name) $static }}{{ end }}
{{- end }}
{{- range $name, $job := $jobs }}
{{- range $file, $ref := include "prometheus.jobSecrets" $job | fromYaml }}
- secret:
    name: {{ $ref.name }}
    items:
      - {key: {{ $ref.key }}, path: {{ $name }}/{{ $file }}}
{{- end }}
{{- end }}
{{- end }}

{{- define "prometheus.volumes" -}}
- name: config
  configMap:
    name: {{ include "prometheus.fullname" . }}-config
{{- range .Values.ruleConfigMaps }}
- name: rules-{{ . | sha256sum | trunc 8 }}
  configMap:
    name: {{ . }}
    optional: true
{{- end }}
{{- with include "prometheus.secretSources" . }}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- . | trim | nindent 6 }}
{{- end }}
{{- end }}

{{- define "prometheus.claims" -}}
{{- dict "data" .Values.persistence | toYaml }}
{{- end }}

{{/* Where Prometheus finds its own metrics. */}}
{{- define "prometheus.scrape" -}}
port: http
{{- end }}

{{- define "prometheus.portName" -}}
http
{{- end }}

{{/* Rules of the servers' NetworkPolicy: pods of all namespaces, the ports of `targets`, kubelets, and the API. */}}
{{- define "prometheus.egress" -}}
- to:
    - namespaceSelector: {}
{{- range .Values.targets }}
- ports:
    {{- range (. | default dict).targets }}
    - port: {{ splitList ":" . | last }}
    {{- end }}
{{- end }}
{{- if .Values.discovery.kubelet.enabled }}
- ports:
    - port: 10250
{{- end }}
{{ include "prometheus.apiServerEgress" . }}
{{- end }}

{{/* What discovery reads. */}}
{{- define "prometheus.discoveryRules" -}}
- apiGroups: [""]
  resources: [pods, services]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
{{- end }}

{{/* What no namespace has: nodes, and the API server's metrics. */}}
{{- define "prometheus.clusterRules" -}}
{{- if not .Values.discovery.namespaces }}
{{ include "prometheus.discoveryRules" . }}
{{- end }}
{{- if .Values.discovery.kubelet.enabled }}
- apiGroups: [""]
  resources: [nodes]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [nodes/metrics]
  verbs: [get]
{{- end }}
{{- if .Values.discovery.apiServer.enabled }}
- nonResourceURLs: [/metrics]
  verbs: [get]
{{- end }}
{{- end }}

{{/* Namespaces with a Role each, one a line; none where the ClusterRole is for all. */}}
{{- define "prometheus.roleNamespaces" -}}
{{- with .Values.discovery.namespaces }}
{{- $found := append . (include "prometheus.namespace" $) }}
{{- if $.Values.discovery.apiServer.enabled }}{{ $found = append $found "default" }}{{ end }}
{{- range $.Values.monitors }}{{ $found = concat $found ((. | default dict).namespaces | default list) }}{{ end }}
{{- uniq $found | sortAlpha | join "\n" }}
{{- end }}
{{- end }}

{{- define "prometheus.testContainer" -}}
{{- include "prometheus.container" (dict "root" . "name" "query" "image" .Values.image "resources" .Values.tests.resources) }}
command: [promtool, query, instant, http://{{ include "prometheus.fullname" . }}:9090, "up"]
{{- end }}

{{- define "prometheus.testVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- end }}
