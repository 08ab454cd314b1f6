{{/* Keys that are derived from the memory limit, as YAML. */}}
{{- define "postgresql.tuning" -}}
{{- $memory := coalesce (.Values.resources.limits | default dict).memory (.Values.resources.requests | default dict).memory "1Gi" }}
{{- $mebibytes := include "postgresql.mebibytes" $memory | int }}
{{- $connections := .Values.configuration.maxConnections | default (max 25 (min 500 (div $mebibytes 10))) | int -}}
maxConnections: {{ $connections }}
sharedBuffers: {{ max 1 (div $mebibytes 4) }}MB
effectiveCacheSize: {{ max 1 (div (mul $mebibytes 3) 4) }}MB
workMem: {{ max 1 (div $mebibytes (mul 4 $connections)) }}MB
maintenanceWorkMem: {{ max 1 (min 2048 (div $mebibytes 16)) }}MB
{{- end }}

{{- define "postgresql.config" -}}
listen_addresses = '*'
port = 5432
unix_socket_directories = '/var/run/postgresql'
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
{{- if ne .Values.tls.type "none" }}
ssl = on
ssl_cert_file = '/etc/postgresql-tls/tls.crt'
ssl_key_file = '/etc/postgresql-tls/tls.key'
ssl_ca_file = '/etc/postgresql-tls/ca.crt'
ssl_min_protocol_version = 'TLSv1.2'
{{- end }}
{{- $tuned := include "postgresql.tuning" . | fromYaml }}
{{- range $key, $value := merge (dict) (omit .Values.configuration "sharedPreloadLibraries") $tuned }}
{{- $value = empty $value | ternary (index $tuned $key | default $value) $value }}
{{- if kindIs "bool" $value }}
{{ snakecase $key }} = {{ $value | ternary "on" "off" }}
{{- else if kindIs "string" $value }}
{{ snakecase $key }} = '{{ $value }}'
{{- else if not (kindIs "invalid" $value) }}
{{ snakecase $key }} = {{ int64 $value }}
{{- end }}
{{- end }}
{{- with .Values.configuration.sharedPreloadLibraries }}
shared_preload_libraries = '{{ join "," . }}'
{{- end }}
{{- end }}

{{/* Names for pg_hba.conf: in quotes, a name is no keyword. */}}
{{- define "postgresql.hbaNames" -}}
{{- $names := list }}
{{- range . }}{{ $names = append $names (eq . "all" | ternary . (quote .)) }}{{ end }}
{{- join "," $names }}
{{- end }}

{{/* The first line that fits decides; where none fits, nobody comes in. */}}
{{- define "postgresql.hba" -}}
{{- $type := eq .Values.tls.type "none" | ternary "host" "hostssl" -}}
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
{{- range .Values.access }}
{{ .type | default "hostssl" }} {{ include "postgresql.hbaNames" (.databases | default (list "all")) }} {{ include "postgresql.hbaNames" (.users | default (list "all")) }}{{ if ne (.type | default "hostssl") "local" }} {{ .address | default "all" }}{{ end }} {{ .method | default "scram-sha-256" }}
{{- end }}
{{ $type }} all postgres all scram-sha-256
{{- range $name, $database := .Values.databases }}
{{- if $database }}
{{ $type }} "{{ $name }}" {{ include "postgresql.hbaNames" (prepend (keys ($database.grants | default dict) | sortAlpha) ($database.owner.name | default $name)) }} all scram-sha-256
{{- end }}
{{- end }}
{{- end }}
