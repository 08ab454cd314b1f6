{{- define "loki.config" -}}
{{- $scaled := gt (int .Values.replicaCount) 1 }}
{{- $store := .Values.storage.type -}}
auth_enabled: false
target: all
server:
  http_listen_port: 3100
  grpc_listen_port: 9095
  log_level: {{ .Values.logLevel }}
common:
  path_prefix: /var/loki
  replication_factor: {{ gt (int .Values.replicaCount) 2 | ternary 3 1 }}
  ring:
    kvstore:
      store: {{ $scaled | ternary "memberlist" "inmemory" }}
  storage:
    {{- if eq $store "s3" }}
    {{- with .Values.storage.s3 }}
    s3:
      bucketnames: {{ quote .bucket }}
      region: {{ quote .region }}
      {{- with .endpoint }}
      endpoint: {{ quote . }}
      {{- end }}
      s3forcepathstyle: {{ .forcePathStyle }}
      insecure: {{ .insecure }}
    {{- end }}
    {{- else if eq $store "gcs" }}
    gcs:
      bucket_name: {{ quote .Values.storage.gcs.bucket }}
    {{- else }}
    filesystem:
      chunks_directory: /var/loki/chunks
      rules_directory: /var/loki/rules
    {{- end }}
{{- if $scaled }}
memberlist:
  join_members:
    - {{ include "loki.fullname" . }}-headless.{{ include "loki.namespace" . }}.svc:7946
{{- end }}
schema_config:
  configs:
    - from: {{ quote .Values.schemaFrom }}
      store: tsdb
      object_store: {{ $store }}
      schema: v13
      index:
        prefix: index_
        period: 24h
limits_config:
  retention_period: {{ .Values.retention }}
  ingestion_rate_mb: {{ int .Values.limits.ingestionRate }}
  ingestion_burst_size_mb: {{ int .Values.limits.ingestionBurst }}
  max_global_streams_per_user: {{ int .Values.limits.streams }}
  max_query_series: {{ int .Values.limits.querySeries }}
# Logs are deleted where both are set, and else kept for ever.
compactor:
  retention_enabled: true
  delete_request_store: {{ $store }}
analytics:
  reporting_enabled: false
{{- end }}

{{- define "loki.command" -}}
args: [-config.file=/etc/loki/loki.yaml]
{{- end }}

{{- define "loki.env" -}}
{{- if eq .Values.storage.type "s3" }}
{{- with .Values.storage.s3 }}
{{ include "loki.secretVariable" (dict "name" "AWS_ACCESS_KEY_ID" "ref" .accessKeyId) }}
{{ include "loki.secretVariable" (dict "name" "AWS_SECRET_ACCESS_KEY" "ref" .secretAccessKey) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Liveness asks what needs no peers. Takes root and probe. */}}
{{- define "loki.serverProbe" -}}
httpGet:
  path: {{ eq .probe "livenessProbe" | ternary "/loki/api/v1/status/buildinfo" "/ready" }}
  port: http
{{- end }}

{{- define "loki.mounts" -}}
- name: config
  mountPath: /etc/loki
  readOnly: true
- name: data
  mountPath: /var/loki
- name: tmp
  mountPath: /tmp
{{- end }}

{{- define "loki.volumes" -}}
- name: config
  configMap:
    name: {{ include "loki.fullname" . }}-config
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- end }}

{{- define "loki.claims" -}}
{{- dict "data" .Values.persistence | toYaml }}
{{- end }}

{{- define "loki.scrape" -}}
port: http
{{- end }}

{{- define "loki.portName" -}}
http
{{- end }}

{{/* Its peers, as a rule of a NetworkPolicy; takes root and direction: from or to. */}}
{{- define "loki.peers" -}}
- ports:
    - port: 7946
    - port: 9095
  {{ .direction }}:
    - podSelector:
        matchLabels:
          {{- include "loki.selectorLabels" (dict "root" .root "component" "server") | nindent 10 }}
{{- end }}

{{- define "loki.ingress" -}}
{{- include "loki.peers" (dict "root" . "direction" "from") }}
{{- end }}

{{- define "loki.egress" -}}
{{- include "loki.peers" (dict "root" . "direction" "to") }}
{{- if and (ne .Values.storage.type "filesystem") .Values.networkPolicy.storePorts }}
- ports:
    {{- range .Values.networkPolicy.storePorts }}
    - port: {{ int . }}
    {{- end }}
{{- end }}
{{- end }}

{{- define "loki.testContainer" -}}
{{- include "loki.container" (dict "root" . "name" "labels" "image" .Values.tests.image "resources" .Values.tests.resources) }}
command: [wget, -q, -O, "-", http://{{ include "loki.fullname" . }}:3100/loki/api/v1/labels]
{{- end }}

{{- define "loki.testVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- end }}

{{/* Alerts of the servers, in Prometheus' own form. */}}
{{- define "loki.alerts" -}}
{{- $claims := printf "namespace=%q,persistentvolumeclaim=~%q" (include "loki.namespace" .) (printf "data-%s-[0-9]+" (include "loki.fullname" .)) -}}
- alert: LokiDown
  expr: up{RELEASE} == 0
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: A server does not answer; agents keep lines for a while only.
- alert: LokiRequestsFail
  expr: sum by (namespace, job, route) (rate(loki_request_duration_seconds_count{RELEASE,status_code=~"5.."}[5m])) / sum by (namespace, job, route) (rate(loki_request_duration_seconds_count{RELEASE}[5m])) > 0.1
  for: 15m
  labels:
    severity: critical
  annotations:
    summary: More than a tenth of the requests of a kind fail.
- alert: LokiPanics
  expr: sum by (namespace, job) (increase(loki_panic_total{RELEASE}[10m])) > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: A server met a fault of its own.
- alert: LokiDropsLines
  expr: sum by (namespace, job, reason) (rate(loki_discarded_samples_total{RELEASE}[5m])) > 0
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: Lines are refused; `reason` says which limit.
- alert: LokiDeletesNothing
  expr: max by (namespace, job) (loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds{RELEASE}) < time() - 3 * 3600
  for: 1h
  labels:
    severity: warning
  annotations:
    summary: The compactor has not run for three hours; nothing is deleted.
- alert: LokiVolumeFull
  expr: kubelet_volume_stats_available_bytes{ {{- $claims -}} } / kubelet_volume_stats_capacity_bytes{ {{- $claims -}} } < 0.1
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The volume is nearly full; lines are lost when it is.
{{- end }}
