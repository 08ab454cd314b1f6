{{/* Whether there are several servers, and so Sentinels: `true`, or nothing. */}}
{{- define "redis.hasSentinels" -}}
{{- if gt (int .Values.replicaCount) 1 }}true{{ end }}
{{- end }}

{{/* Memory of the data. A fork, for a snapshot, a rewrite or a new replica, may copy all of them. */}}
{{- define "redis.maxmemory" -}}
{{- $limits := .Values.resources.limits | default dict }}
{{- $memory := $limits.memory | default (.Values.resources.requests | default dict).memory | default "256Mi" }}
{{- $forks := or (include "redis.hasSentinels" .) .Values.persistence.enabled }}
{{- $mebibytes := include "redis.mebibytes" $memory | int }}
{{- max 1 (ternary (div $mebibytes 2) (div (mul $mebibytes 3) 4) (not (empty $forks))) }}mb
{{- end }}

{{/* Port lines of a server or a Sentinel; takes root and port. */}}
{{- define "redis.listen" -}}
bind * -::*
{{- if ne .root.Values.tls.type "none" }}
port 0
tls-port {{ .port }}
tls-cert-file /etc/redis-tls/tls.crt
tls-key-file /etc/redis-tls/tls.key
tls-ca-cert-file /etc/redis-tls/ca.crt
tls-auth-clients no
tls-replication yes
{{- else }}
port {{ .port }}
{{- end }}
{{- end }}

{{- define "redis.config" -}}
{{ include "redis.listen" (dict "root" . "port" 6379) }}
dir /data
aclfile /run/redis/users.acl
maxmemory {{ .Values.configuration.maxmemory | default (include "redis.maxmemory" .) }}
{{- $alone := not (include "redis.hasSentinels" .) }}
{{- range $key, $value := omit .Values.configuration "maxmemory" (ternary "minReplicasToWrite" "" $alone) (ternary "minReplicasMaxLag" "" $alone) }}
{{- if kindIs "bool" $value }}
{{ kebabcase $key }} {{ $value | ternary "yes" "no" }}
{{- else if kindIs "string" $value }}
{{- with $value }}
{{ kebabcase $key }} {{ . }}
{{- end }}
{{- else if not (kindIs "invalid" $value) }}
{{ kebabcase $key }} {{ int64 $value }}
{{- end }}
{{- end }}
{{- if .Values.persistence.enabled }}
{{- with .Values.durability }}
appendonly {{ .appendOnly | ternary "yes" "no" }}
appendfsync {{ .appendFsync }}
{{- range .snapshots }}
save {{ int64 .seconds }} {{ int64 .changes }}
{{- else }}
save ""
{{- end }}
{{- end }}
{{- else }}
appendonly no
save ""
{{- end }}
{{- end }}

{{/* Users of programs: name, then rules. Their passwords are in the environment, for `access.sh`. */}}
{{- define "redis.users" -}}
{{- $lines := list }}
{{- range $name, $user := .Values.users }}
{{- if $user }}
{{- $rules := list $name }}
{{- range $user.keys | default (list "*") }}{{ $rules = append $rules (print "~" .) }}{{ end }}
{{- range $user.channels | default (list "*") }}{{ $rules = append $rules (print "&" .) }}{{ end }}
{{- $lines = append $lines (concat $rules ($user.commands | default (list "+@all" "-@dangerous" "+info")) | join " ") }}
{{- end }}
{{- end }}
{{- if .Values.metrics.enabled }}
{{- $lines = append $lines "_exporter -@all +@connection -@admin +info +slowlog|get +slowlog|len +latency|latest +latency|histogram" }}
{{- end }}
{{- join "\n" $lines }}
{{- end }}
