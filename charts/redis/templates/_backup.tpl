{{/* A container of a client; takes root, name and resources. */}}
{{- define "redis.client" -}}
{{- include "redis.container" (merge (dict "image" .root.Values.image) .) }}
env:
  - name: SERVICE
    value: {{ include "redis.fullname" .root }}.{{ include "redis.namespace" .root }}.svc
  {{- include "redis.secretVariable" (dict "name" "REDISCLI_AUTH" "ref" .root.Values.admin.password) | nindent 2 }}
{{- end }}

{{- define "redis.clientMounts" -}}
- name: tmp
  mountPath: /tmp
{{- include "redis.tlsMount" . }}
{{- end }}

{{- define "redis.clientVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- with include "redis.tlsVolume" (dict "root" . "files" (list "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}

{{/* The server that reads a snapshot is one with a certificate too. */}}
{{- define "redis.restoreVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- with include "redis.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key" "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}

{{- define "redis.backupContainer" -}}
{{- include "redis.client" (dict "root" . "name" "backup" "resources" .Values.backup.resources) }}
{{- end }}

{{- define "redis.restoreContainer" -}}
{{- include "redis.client" (dict "root" . "name" "restore" "resources" .Values.resources) }}
{{- end }}

{{/* A server sends a snapshot, as to a replica. */}}
{{- define "redis.backupScript" -}}
umask 077
file="/backup/{{ include "redis.fullname" . }}-$(date -u +%Y%m%dT%H%M%SZ).rdb"
{{ include "redis.cli" . }} -h "$SERVICE" -p 6379 --rdb "$file.part"
redis-check-rdb "$file.part" > /tmp/check
mv "$file.part" "$file"
rm -f /backup/*.part
{{ include "redis.keepNewest" (dict "root" . "pattern" (printf "^%s-[0-9]*T[0-9]*Z[.]rdb$" (include "redis.fullname" .))) }}
echo "wrote $file"
{{- end }}

{{/* Puts the keys of a snapshot in the place of all that are there: RUN, else the newest. A server of its own reads it and hands the keys on. */}}
{{- define "redis.restoreScript" -}}
{{ include "redis.chosenRun" (dict "root" . "end" "[.]rdb") }}
{{- if include "redis.hasSentinels" . }}
SERVICE="$({{ include "redis.cli" . }} -h "$SERVICE" -p 26379 sentinel get-master-addr-by-name {{ .Values.sentinel.masterName }} | head -n 1)"
{{- end }}
redis-server --dir /backup --dbfilename "$run" --port 0 --unixsocket /tmp/redis.sock --save '' --databases {{ .Values.configuration.databases }}{{ if ne .Values.tls.type "none" }} --tls-cluster yes --tls-ca-cert-file /etc/redis-tls/ca.crt --tls-cert-file /etc/redis-tls/tls.crt --tls-key-file /etc/redis-tls/tls.key{{ end }} > /tmp/log &
server=$!
trap 'kill "$server"' EXIT
until [ "$(env -u REDISCLI_AUTH redis-cli -s /tmp/redis.sock ping 2> /tmp/waiting)" = PONG ]; do kill -0 "$server"; sleep 1; done
cat > /tmp/restore.lua <<'LUA'
local host, port, database, password = unpack(ARGV)
local cursor, count = '0', 0
redis.call('SELECT', database)
repeat
  local found = redis.call('SCAN', cursor, 'COUNT', 500)
  cursor = found[1]
  if #found[2] > 0 then
    redis.call('MIGRATE', host, port, '', database, 60000, 'COPY', 'REPLACE', 'AUTH2', '_admin', password, 'KEYS', unpack(found[2]))
    count = count + #found[2]
  end
until cursor == '0'
return count
LUA
{{ include "redis.cli" . }} -h "$SERVICE" -p 6379 flushall > /tmp/flushed
for database in $(seq 0 {{ sub (int .Values.configuration.databases) 1 }}); do
  printf %s "$REDISCLI_AUTH" | env -u REDISCLI_AUTH redis-cli -e -x -s /tmp/redis.sock eval "$(cat /tmp/restore.lua)" 0 "$SERVICE" 6379 "$database"
done
echo "restored $run"
{{- end }}

{{- define "redis.testContainer" -}}
{{- include "redis.client" (dict "root" . "name" "ping" "resources" .Values.tests.resources) }}
command: [/bin/sh, -c, '[ "$({{ include "redis.cli" . }} -h "$SERVICE" -p 6379 ping)" = PONG ]']
volumeMounts:
  {{- include "redis.clientMounts" . | nindent 2 }}
{{- end }}
