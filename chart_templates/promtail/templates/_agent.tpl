{{/* Where a password is mounted, for both agents. */}}
{{- define "promtail.passwordFile" -}}
/etc/loki-password/password
{{- end }}

{{- define "promtail.alloyConfig" -}}
logging {
  level  = {{ quote .Values.logLevel }}
  format = "logfmt"
}

discovery.kubernetes "pods" {
  role = "pod"
  {{- with .Values.pods.namespaces }}
  namespaces {
    names = {{ toJson . }}
  }
  {{- end }}
}

discovery.relabel "pods" {
  targets = discovery.kubernetes.pods.targets
  {{- with .Values.pods.exclude }}
  rule {
    source_labels = ["__meta_kubernetes_namespace"]
    regex         = {{ join "|" . | quote }}
    action        = "drop"
  }
  {{- end }}
  rule {
    source_labels = ["__meta_kubernetes_pod_phase"]
    regex         = "Succeeded|Failed"
    action        = "drop"
  }
  {{- range $label, $source := include "promtail.labels" . | fromYaml }}
  rule {
    source_labels = [{{ quote $source }}]
    target_label  = {{ quote $label }}
  }
  {{- end }}
}

loki.source.kubernetes "pods" {
  targets    = discovery.relabel.pods.output
  forward_to = [loki.write.loki.receiver]
  // Else each pod would send every line.
  clustering {
    enabled = true
  }
}

loki.write "loki" {
  endpoint {
    url = {{ quote .Values.loki.url }}
    {{- with .Values.loki.tenant }}
    tenant_id = {{ quote . }}
    {{- end }}
    {{- if .Values.loki.password.name }}
    basic_auth {
      username      = {{ quote .Values.loki.username }}
      password_file = {{ include "promtail.passwordFile" . | quote }}
    }
    {{- end }}
  }
  {{- with .Values.externalLabels }}
  external_labels = {
    {{- range $key, $value := . }}
    {{ $key }} = {{ toJson $value }},
    {{- end }}
  }
  {{- end }}
}
{{- end }}

{{/* Labels of lines, and what they are made of. */}}
{{- define "promtail.labels" -}}
namespace: __meta_kubernetes_namespace
pod: __meta_kubernetes_pod_name
container: __meta_kubernetes_pod_container_name
node: __meta_kubernetes_pod_node_name
app: __meta_kubernetes_pod_label_app_kubernetes_io_name
{{- end }}

{{- define "promtail.promtailConfig" -}}
server:
  http_listen_port: 12345
  grpc_listen_port: 0
  log_level: {{ .Values.logLevel }}
positions:
  filename: /run/promtail/positions.yaml
clients:
  - url: {{ quote .Values.loki.url }}
    {{- with .Values.loki.tenant }}
    tenant_id: {{ quote . }}
    {{- end }}
    {{- if .Values.loki.password.name }}
    basic_auth:
      username: {{ quote .Values.loki.username }}
      password_file: {{ include "promtail.passwordFile" . }}
    {{- end }}
    external_labels:
      {{- toYaml .Values.externalLabels | nindent 6 }}
scrape_configs:
  - job_name: pods
    pipeline_stages:
      - cri: {}
    kubernetes_sd_configs:
      - role: pod
        {{- with .Values.pods.namespaces }}
        namespaces:
          names:
            {{- toYaml . | nindent 12 }}
        {{- end }}
    relabel_configs:
      {{- with .Values.pods.exclude }}
      - {source_labels: [__meta_kubernetes_namespace], regex: {{ join "|" . }}, action: drop}
      {{- end }}
      # Promtail reads the targets of its own node alone.
      - {source_labels: [__meta_kubernetes_pod_node_name], target_label: __host__}
      {{- range $label, $source := include "promtail.labels" . | fromYaml }}
      - {source_labels: [{{ $source }}], target_label: {{ $label }}}
      {{- end }}
      - source_labels: [__meta_kubernetes_pod_uid, __meta_kubernetes_pod_container_name]
        separator: /
        replacement: /var/log/pods/*$1/*.log
        target_label: __path__
{{- end }}

{{- define "promtail.alloyCommand" -}}
args:
  - run
  - /etc/alloy/config.alloy
  - --storage.path=/var/lib/alloy/data
  - --server.http.listen-addr=0.0.0.0:12345
  - --disable-reporting
  - --cluster.enabled=true
  - --cluster.join-addresses={{ include "promtail.fullname" . }}-headless:12345
{{- end }}

{{/* Alloy's `/-/healthy` fails where Loki does, so it is no liveness. Takes root and probe. */}}
{{- define "promtail.alloyProbe" -}}
{{- if eq .probe "livenessProbe" -}}
tcpSocket:
  port: http
{{- else -}}
httpGet:
  path: /-/ready
  port: http
{{- end }}
{{- end }}

{{- define "promtail.passwordMount" -}}
{{- if .Values.loki.password.name }}
- name: password
  mountPath: /etc/loki-password
  readOnly: true
{{- end }}
{{- end }}

{{- define "promtail.passwordVolume" -}}
{{- include "promtail.secretFile" (dict "name" "password" "file" "password" "ref" .Values.loki.password) }}
{{- end }}

{{- define "promtail.alloyMounts" -}}
- name: config
  mountPath: /etc/alloy
  readOnly: true
- name: data
  mountPath: /var/lib/alloy/data
- name: tmp
  mountPath: /tmp
{{- include "promtail.passwordMount" . }}
{{- end }}

{{- define "promtail.alloyVolumes" -}}
- name: config
  configMap:
    name: {{ include "promtail.fullname" . }}-config
- name: data
  emptyDir:
    sizeLimit: 512Mi
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- with include "promtail.passwordVolume" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "promtail.nodeCommand" -}}
args: [-config.file=/etc/promtail/promtail.yaml]
{{- end }}

{{- define "promtail.nodeEnv" -}}
- name: HOSTNAME
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
{{- end }}

{{/* `/ready` needs a target, which a node may not have yet. Takes root and probe. */}}
{{- define "promtail.nodeProbe" -}}
{{- if eq .probe "readinessProbe" -}}
httpGet:
  path: /ready
  port: http
{{- else -}}
tcpSocket:
  port: http
{{- end }}
{{- end }}

{{- define "promtail.nodeMounts" -}}
- name: config
  mountPath: /etc/promtail
  readOnly: true
- name: pods
  mountPath: /var/log/pods
  readOnly: true
- name: run
  mountPath: /run/promtail
{{- include "promtail.passwordMount" . }}
{{- end }}

{{- define "promtail.nodeVolumes" -}}
- name: config
  configMap:
    name: {{ include "promtail.fullname" . }}-config
- name: pods
  hostPath:
    path: /var/log/pods
- name: run
  hostPath:
    path: /run/promtail
    type: DirectoryOrCreate
{{- with include "promtail.passwordVolume" . }}
{{ . }}
{{- end }}
{{- end }}

{{/* What the agent reads: pods, and with Alloy their logs. */}}
{{- define "promtail.readerRules" -}}
- apiGroups: [""]
  resources: [pods, namespaces]
  verbs: [get, list, watch]
{{- if eq .Values.agent "alloy" }}
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get, list, watch]
{{- end }}
{{- end }}

{{- define "promtail.clusterRules" -}}
{{- if not .Values.pods.namespaces }}
{{- include "promtail.readerRules" . }}
{{- end }}
{{- end }}

{{- define "promtail.roleNamespaces" -}}
{{- uniq .Values.pods.namespaces | sortAlpha | join "\n" }}
{{- end }}

{{- define "promtail.scrape" -}}
port: http
{{- end }}

{{- define "promtail.egress" -}}
{{ include "promtail.apiServerEgress" . }}
- ports:
    - port: {{ int .Values.networkPolicy.lokiPort }}
- ports:
    - port: 12345
  to:
    - podSelector:
        matchLabels:
          {{- include "promtail.selectorLabels" (dict "root" . "component" "agent") | nindent 10 }}
{{- end }}

{{/* Alerts of the agents, in Prometheus' own form. */}}
{{- define "promtail.alerts" -}}
{{- $alloy := eq .Values.agent "alloy" -}}
- alert: LogAgentDown
  expr: up{RELEASE} == 0
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: An agent does not answer; logs of its pods are missing.
- alert: LogLinesLost
  expr: sum by (namespace, job) (rate({{ $alloy | ternary "loki_write_dropped_entries_total" "promtail_dropped_entries_total" }}{RELEASE}[5m])) > 0
  for: 15m
  labels:
    severity: critical
  annotations:
    summary: Lines are given up, as Loki does not take them.
{{- if $alloy }}
- alert: LogAgentUnhealthy
  expr: sum by (namespace, pod) (alloy_component_controller_running_components{RELEASE,health_type!="healthy"}) > 0
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: A part of the agent does not work; its page at port 12345 says which.
{{- end }}
{{- end }}
