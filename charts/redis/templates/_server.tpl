{{/* Functions of the start scripts. Files for passwords lie in memory; those of the ACL hold hashes only. */}}
{{- define "redis.accessScript" -}}
umask 077
{{- $headless := printf "%s-headless.%s.svc.%s" (include "redis.fullname" .) (include "redis.namespace" .) .Values.clusterDomain }}
own="$POD_NAME.{{ $headless }}"
state=/data/sentinel/sentinel.conf

# user NAME PASSWORD RULES: a line of an ACL.
user() { printf 'user %s on #%s %s\n' "$1" "$(printf %s "$2" | sha256sum | cut -d ' ' -f 1)" "$3"; }

# users [RULES]: the administrator, and the programs with their own rules or these.
users() {
  grep -q '^default ' /etc/redis/users || echo 'user default off'
  user _admin "$REDISCLI_AUTH" '~* &* +@all'
  while read -r name rules; do
    [ -z "$name" ] || user "$name" "$(printenv "PASSWORD_$name")" "${1:-$rules}"
  done < /etc/redis/users
}

# quoted TEXT: as configurations take any text.
quoted() { printf '"%s"' "$(printf %s "$1" | od -A n -v -t x1 | tr -d '\n' | sed 's/ /\\x/g')"; }

# recorded: the master that the Sentinel of this pod knew last.
recorded() { sed -n 's/^sentinel monitor [^ ]* "\{0,1\}\([^ "]*\).*/\1/p' "$state" 2>/dev/null || true; }

# told: the master that a Sentinel names which runs.
told() {
  for peer in{{ range $ordinal := until (int .Values.replicaCount) }} {{ include "redis.fullname" $ }}-{{ $ordinal }}.{{ $headless }}{{ end }}; do
    answer="$(timeout 3 {{ include "redis.cli" . }} -h "$peer" -p 26379 sentinel get-master-addr-by-name {{ .Values.sentinel.masterName }} 2>/dev/null | head -n 1)"
    case "$answer" in *.{{ $headless }}) echo "$answer"; return ;; *) ;; esac
  done
}
first={{ include "redis.fullname" . }}-0.{{ $headless }}
{{- end }}

{{- define "redis.serverScript" -}}
#!/bin/sh
set -eu
. /etc/redis/access.sh
users > /run/redis/users.acl
echo 'include /etc/redis/redis.conf' > /run/redis/redis.conf
{{- if include "redis.hasSentinels" . }}
{
  echo "replica-announce-ip $own"
  echo 'masteruser _admin'
  echo "masterauth $(quoted "$REDISCLI_AUTH")"
} >> /run/redis/redis.conf
master="$(told)"
master="${master:-$(recorded)}"
master="${master:-$first}"
[ "$master" = "$own" ] || echo "replicaof $master 6379" >> /run/redis/redis.conf
{{- end }}
exec redis-server /run/redis/redis.conf
{{- end }}

{{/* A Sentinel keeps what it learned: a new one in its place would have to be told, and could be told by none. */}}
{{- define "redis.sentinelScript" -}}
{{- $name := .Values.sentinel.masterName -}}
#!/bin/sh
set -eu
. /etc/redis/access.sh
mkdir -p /data/sentinel
master="$(recorded)"
master="${master:-$(told)}"
known="$(grep -E '^sentinel (myid|current-epoch|(config-epoch|leader-epoch|known-replica|known-sentinel) {{ $name }}) ' "$state" 2>/dev/null || true)"
{
  cat <<CONFIG
{{ include "redis.listen" (dict "root" . "port" 26379) }}
dir /data/sentinel
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $own
sentinel monitor {{ $name }} ${master:-$first} 6379 {{ add1 (div (int .Values.replicaCount) 2) }}
sentinel down-after-milliseconds {{ $name }} {{ int64 .Values.sentinel.downAfterMilliseconds }}
sentinel failover-timeout {{ $name }} {{ int64 .Values.sentinel.failoverTimeout }}
sentinel parallel-syncs {{ $name }} {{ int .Values.sentinel.parallelSyncs }}
sentinel auth-user {{ $name }} _admin
sentinel auth-pass {{ $name }} $(quoted "$REDISCLI_AUTH")
sentinel sentinel-user _admin
sentinel sentinel-pass $(quoted "$REDISCLI_AUTH")
$known
CONFIG
  users '&* -@all +@connection -@admin +@pubsub -publish +info +role +sentinel|get-master-addr-by-name +sentinel|master +sentinel|masters +sentinel|replicas +sentinel|slaves +sentinel|sentinels'
} > "$state.new"
mv "$state.new" "$state"
exec redis-sentinel "$state"
{{- end }}

{{- define "redis.command" -}}
command: [/bin/sh, /etc/redis/server.sh]
{{- end }}

{{/* Shell: the client, as the administrator; host and port follow. */}}
{{- define "redis.cli" -}}
redis-cli{{ if ne .Values.tls.type "none" }} --tls --cacert /etc/redis-tls/ca.crt{{ end }} --no-auth-warning --user _admin
{{- end }}

{{/* The client exits with 0 on an error too, such as LOADING: enough to be alive, not to be ready. Takes root, probe and optionally port. */}}
{{- define "redis.probeAction" -}}
{{- $ping := printf "%s -h 127.0.0.1 -p %d ping" (include "redis.cli" .root) (int (.port | default 6379)) -}}
exec:
  {{- if eq .probe "readinessProbe" }}
  command: [/bin/sh, -c, '[ "$({{ $ping }})" = PONG ]']
  {{- else }}
  command: [/bin/sh, -c, {{ quote $ping }}]
  {{- end }}
{{- end }}

{{- define "redis.env" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{ include "redis.secretVariable" (dict "name" "REDISCLI_AUTH" "ref" .Values.admin.password) }}
{{- range $name, $user := .Values.users }}
{{- if $user }}
{{ include "redis.secretVariable" (dict "name" (printf "PASSWORD_%s" $name) "ref" (merge (dict) $user.password (dict "key" "password"))) }}
{{- end }}
{{- end }}
{{- if .Values.metrics.enabled }}
{{ include "redis.secretVariable" (dict "name" "PASSWORD__exporter" "ref" .Values.metrics.exporter.password) }}
{{- end }}
{{- end }}

{{- define "redis.mounts" -}}
- name: config
  mountPath: /etc/redis
  readOnly: true
- name: run
  mountPath: /run/redis
- name: data
  mountPath: /data
{{- include "redis.tlsMount" . }}
{{- end }}

{{- define "redis.tlsMount" -}}
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: /etc/redis-tls
  readOnly: true
{{- end }}
{{- end }}

{{- define "redis.volumes" -}}
- name: config
  configMap:
    name: {{ include "redis.fullname" . }}-config
- name: run
  emptyDir:
    medium: Memory
    sizeLimit: 1Mi
{{- with include "redis.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key" "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}

{{- define "redis.claims" -}}
{{- dict "data" .Values.persistence | toYaml }}
{{- end }}

{{- define "redis.ports" -}}
- name: redis
  port: 6379
  targetPort: redis
{{- if include "redis.hasSentinels" . }}
- name: sentinel
  port: 26379
  targetPort: sentinel
{{- end }}
{{- end }}

{{/* Ports of the pods themselves: the exporter's too. */}}
{{- define "redis.podPorts" -}}
{{ include "redis.ports" . }}
{{- if .Values.metrics.enabled }}
- name: metrics
  port: 9121
  targetPort: metrics
{{- end }}
{{- end }}

{{/* The Sentinel, and the exporter, which asks the server on the loopback. */}}
{{- define "redis.sidecars" -}}
{{- if include "redis.hasSentinels" . -}}
- {{ include "redis.container" (dict "root" . "name" "sentinel" "image" .Values.image "resources" .Values.sentinel.resources) | indent 2 | trim }}
  command: [/bin/sh, /etc/redis/sentinel.sh]
  env:
    {{- include "redis.env" . | nindent 4 }}
  ports:
    - name: sentinel
      containerPort: 26379
  {{- range $probe := list "livenessProbe" "readinessProbe" "startupProbe" }}
  {{ $probe }}:
    {{- include "redis.probeAction" (dict "root" $ "probe" $probe "port" 26379) | nindent 4 }}
    {{- include "redis.probe" (omit (index $.Values $probe) "enabled") | nindent 4 }}
  {{- end }}
  volumeMounts:
    {{- include "redis.mounts" . | nindent 4 }}
{{- end }}
{{- if .Values.metrics.enabled }}
{{- with .Values.metrics.exporter }}
- {{ include "redis.container" (dict "root" $ "name" "exporter" "image" .image "resources" .resources) | indent 2 | trim }}
  env:
    - name: REDIS_ADDR
      value: {{ eq $.Values.tls.type "none" | ternary "redis" "rediss" }}://127.0.0.1:6379
    - name: REDIS_USER
      value: _exporter
    {{- include "redis.secretVariable" (dict "name" "REDIS_PASSWORD" "ref" .password) | nindent 4 }}
    # The server's configuration tells the password of the replication.
    - name: REDIS_EXPORTER_CONFIG_COMMAND
      value: "-"
    {{- if ne $.Values.tls.type "none" }}
    - name: REDIS_EXPORTER_SKIP_TLS_VERIFICATION
      value: "true"
    {{- end }}
  ports:
    - name: metrics
      containerPort: 9121
{{- end }}
{{- end }}
{{- end }}

{{/* Where Prometheus finds the metrics. */}}
{{- define "redis.scrape" -}}
port: metrics
{{- end }}

{{/* Names of the Services, for the certificate. */}}
{{- define "redis.certificateNames" -}}
{{- $name := include "redis.fullname" . }}
{{- list $name (printf "*.%s-headless" $name) | join "\n" }}
{{- end }}

{{/* Rules of NetworkPolicies: the servers and their Sentinels can be reached. */}}
{{- define "redis.peerEgress" -}}
{{- $servers := dict "labels" (include "redis.selectorLabels" (dict "root" . "component" "server") | fromYaml) }}
{{- include "redis.reach" (dict "port" 6379 "peer" $servers) }}
{{- if include "redis.hasSentinels" . }}
{{ include "redis.reach" (dict "port" 26379 "peer" $servers) }}
{{- end }}
{{- end }}
