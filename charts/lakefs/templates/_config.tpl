{{- define "lakefs.config" -}}
listen_address: "0.0.0.0:8000"
{{- if ne .Values.tls.type "none" }}
tls:
  enabled: true
  cert_file: /etc/lakefs-tls/tls.crt
  key_file: /etc/lakefs-tls/tls.key
{{- end }}
logging:
  format: {{ .Values.logFormat }}
  level: {{ .Values.logLevel }}
database:
  type: {{ .Values.database.type }}
  {{- if eq .Values.database.type "postgres" }}
  postgres:
    max_open_connections: {{ int .Values.database.postgres.maxOpenConnections }}
    max_idle_connections: {{ int .Values.database.postgres.maxOpenConnections }}
  {{- else }}
  local:
    path: /data/metadata
  {{- end }}
blockstore:
  type: {{ .Values.blockstore.type }}
  {{- with .Values.blockstore }}
  {{- if eq .type "s3" }}
  s3:
    region: {{ quote .s3.region }}
    force_path_style: {{ .s3.forcePathStyle }}
    discover_bucket_region: {{ .s3.discoverBucketRegion }}
    {{- with .s3.endpoint }}
    endpoint: {{ quote . }}
    {{- end }}
    {{- with .s3.preSignedEndpoint }}
    pre_signed_endpoint: {{ quote . }}
    {{- end }}
  {{- else if eq .type "gs" }}
  {{- if .gs.credentials.name }}
  gs:
    credentials_file: /etc/lakefs-gs/credentials.json
  {{- end }}
  {{- else if eq .type "azure" }}
  azure:
    storage_account: {{ quote .azure.storageAccount }}
    {{- with .azure.domain }}
    domain: {{ quote . }}
    {{- end }}
  {{- else }}
  local:
    path: /data/block
  {{- end }}
  {{- end }}
committed:
  local_cache:
    dir: /cache
    size_bytes: {{ mul 1048576 (include "lakefs.mebibytes" .Values.cache.size | int64) }}
gateways:
  s3:
    region: {{ quote .Values.s3Gateway.region }}
    {{- with .Values.s3Gateway.domainNames }}
    domain_name:
      {{- toYaml . | nindent 6 }}
    {{- end }}
stats:
  enabled: {{ .Values.telemetry.enabled }}
email_subscription:
  enabled: {{ .Values.telemetry.enabled }}
security:
  check_latest_version: {{ .Values.telemetry.enabled }}
{{- if not .Values.telemetry.enabled }}
  audit_check_url: ""
{{- end }}
{{- end }}
