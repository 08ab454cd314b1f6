{{/* Settings that follow from the memory limit, as YAML. A connection takes up to some ten MiB. */}}
{{- define "mysql.tuning" -}}
{{- $limits := .Values.resources.limits | default dict }}
{{- $memory := $limits.memory | default (.Values.resources.requests | default dict).memory | default "1Gi" }}
{{- $mebibytes := include "mysql.mebibytes" $memory | int -}}
maxConnections: {{ max 25 (min 500 (div $mebibytes 10)) }}
innodbBufferPoolSize: {{ max 5 (div $mebibytes 2) }}M
performanceSchema: {{ ge $mebibytes 1024 }}
{{- end }}

{{- define "mysql.config" -}}
[mysqld]
datadir = /data/mysql
pid-file = /var/run/mysqld/mysqld.pid
socket = /var/run/mysqld/mysqld.sock
port = 3306
bind-address = *
loose-mysqlx = 0
skip-name-resolve
server-id = 1
default-time-zone = +00:00
{{- if ne .Values.tls.type "none" }}
require-secure-transport = ON
ssl-cert = /etc/mysql-tls/tls.crt
ssl-key = /etc/mysql-tls/tls.key
ssl-ca = /etc/mysql-tls/ca.crt
tls-version = TLSv1.2,TLSv1.3
{{- end }}
{{- if .Values.binaryLog.enabled }}
log-bin = binlog
binlog-expire-logs-seconds = {{ int64 .Values.binaryLog.expireLogsSeconds }}
{{- else }}
skip-log-bin
{{- end }}
lower-case-table-names = {{ .Values.initialization.lowerCaseTableNames }}
{{- $tuned := include "mysql.tuning" . | fromYaml }}
{{- $told := .Values.configuration }}
{{- range $key := concat (keys $told) (keys $tuned) | uniq | sortAlpha }}
{{- $value := index $told $key }}
{{- if or (kindIs "invalid" $value) (eq (toString $value) "") }}{{ $value = index $tuned $key }}{{ end }}
{{- if kindIs "bool" $value }}
{{ kebabcase $key }} = {{ $value | ternary "ON" "OFF" }}
{{- else if kindIs "string" $value }}
{{- with $value }}
{{ kebabcase $key }} = {{ . }}
{{- end }}
{{- else if not (kindIs "invalid" $value) }}
{{ kebabcase $key }} = {{ int64 $value }}
{{- end }}
{{- end }}
{{- end }}

{{/* By the socket, which needs no TLS; its password comes from the environment. */}}
{{- define "mysql.exporterConfig" -}}
[client]
user = {{ .Values.metrics.exporter.username }}
socket = /var/run/mysqld/mysqld.sock
{{- end }}
