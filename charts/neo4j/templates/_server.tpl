{{/* Heap and page cache in MiB: two fifths and a quarter of the memory limit, as YAML; the rest is the JVM's own. */}}
{{- define "neo4j.memory" -}}
{{- $memory := coalesce (.Values.resources.limits | default dict).memory (.Values.resources.requests | default dict).memory "2Gi" }}
{{- $mebibytes := include "neo4j.mebibytes" $memory | int -}}
heap: {{ max 128 (div (mul $mebibytes 2) 5) }}
pagecache: {{ max 32 (div $mebibytes 4) }}
{{- end }}

{{/* No blank beside `=`: the image's start script looks for its defaults so. */}}
{{- define "neo4j.config" -}}
{{- $memory := include "neo4j.memory" . | fromYaml }}
{{- $tls := ne .Values.tls.type "none" -}}
server.default_listen_address=0.0.0.0
server.default_advertised_address={{ include "neo4j.fullname" . }}.{{ include "neo4j.namespace" . }}.svc
server.directories.run=/var/lib/neo4j/run
server.memory.heap.initial_size={{ .Values.configuration.heapSize | default (printf "%vm" $memory.heap) }}
server.memory.heap.max_size={{ .Values.configuration.heapSize | default (printf "%vm" $memory.heap) }}
server.memory.pagecache.size={{ .Values.configuration.pagecacheSize | default (printf "%vm" $memory.pagecache) }}
server.jvm.additional=-XX:+ExitOnOutOfMemoryError
initial.dbms.default_database={{ .Values.configuration.defaultDatabase }}
dbms.security.auth_enabled=true
dbms.usage_report.enabled={{ .Values.configuration.usageReport }}
{{- with .Values.configuration.transactionTimeout }}
db.transaction.timeout={{ . }}
{{- end }}
{{- with .Values.configuration.transactionLogRetention }}
db.tx_log.rotation.retention_policy={{ . }}
{{- end }}
{{- with .Values.configuration.unrestrictedProcedures }}
dbms.security.procedures.unrestricted={{ join "," . }}
{{- end }}
server.bolt.enabled=true
server.bolt.listen_address=:7687
server.bolt.tls_level={{ $tls | ternary "REQUIRED" "DISABLED" }}
server.http.enabled={{ not $tls }}
server.http.listen_address=:7474
server.https.enabled={{ $tls }}
server.https.listen_address=:7473
{{- if $tls }}
{{- range list "bolt" "https" }}
dbms.ssl.policy.{{ . }}.enabled=true
dbms.ssl.policy.{{ . }}.base_directory=/var/lib/neo4j/certificates
dbms.ssl.policy.{{ . }}.private_key=tls.key
dbms.ssl.policy.{{ . }}.public_certificate=tls.crt
dbms.ssl.policy.{{ . }}.client_auth=NONE
{{- end }}
{{- end }}
{{- end }}

{{/* Every other variable with this prefix would be a setting, and an unknown one stops the server. */}}
{{- define "neo4j.env" -}}
{{ include "neo4j.secretVariable" (dict "name" "AUTH_PASSWORD" "ref" .Values.auth.password) }}
- name: NEO4J_AUTH
  value: neo4j/$(AUTH_PASSWORD)
{{- if .Values.apoc }}
- name: NEO4J_PLUGINS
  value: '["apoc"]'
{{- end }}
{{- end }}

{{/* Takes root and probe. */}}
{{- define "neo4j.serverProbe" -}}
tcpSocket:
  port: bolt
{{- end }}

{{- define "neo4j.ports" -}}
- name: bolt
  containerPort: 7687
- name: {{ eq .Values.tls.type "none" | ternary "http" "https" }}
  containerPort: {{ eq .Values.tls.type "none" | ternary 7474 7473 }}
{{- end }}

{{- define "neo4j.servicePorts" -}}
{{- range include "neo4j.ports" . | fromYamlArray }}
- name: {{ .name }}
  port: {{ .containerPort }}
  targetPort: {{ .name }}
{{- end }}
{{- end }}

{{/* The image copies `/conf` to the folder of the configuration, which it writes to. */}}
{{- define "neo4j.mounts" -}}
- name: config
  mountPath: /conf
  readOnly: true
- name: data
  mountPath: /data
{{- range list "conf" "plugins" "run" "import" "logs" "tmp" }}
- name: scratch
  mountPath: {{ has . (list "logs" "tmp") | ternary (printf "/%s" .) (printf "/var/lib/neo4j/%s" .) }}
  subPath: {{ . }}
{{- end }}
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: /var/lib/neo4j/certificates
  readOnly: true
{{- end }}
{{- end }}

{{- define "neo4j.volumes" -}}
- name: config
  configMap:
    name: {{ include "neo4j.fullname" . }}-config
- name: scratch
  emptyDir:
    sizeLimit: 1Gi
{{- if .Values.backup.enabled }}
{{ include "neo4j.backupVolume" . }}
{{- end }}
{{- with include "neo4j.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key")) }}
{{ . }}
{{- end }}
{{- end }}

{{- define "neo4j.claims" -}}
{{- dict "data" .Values.persistence | toYaml }}
{{- end }}

{{/* Names of the Services, for the certificate. */}}
{{- define "neo4j.certificateNames" -}}
{{- $name := include "neo4j.fullname" . }}
{{- list $name (printf "*.%s-headless" $name) | join "\n" }}
{{- end }}

{{/* Rules of the jobs' NetworkPolicy: the server for tests, the API for backups. */}}
{{- define "neo4j.jobsEgress" -}}
{{- $server := dict "labels" (include "neo4j.selectorLabels" (dict "root" . "component" "server") | fromYaml) }}
{{- include "neo4j.reach" (dict "port" 7687 "peer" $server) }}
{{- if .Values.backup.enabled }}
{{ include "neo4j.apiServerEgress" . }}
{{- end }}
{{- end }}

{{/* cypher-shell takes the password from the environment; its names are no settings here, as no server starts. */}}
{{- define "neo4j.testContainer" -}}
{{- $scheme := eq .Values.tls.type "none" | ternary "bolt" "bolt+ssc" }}
{{- include "neo4j.container" (dict "root" . "name" "query" "image" .Values.image "resources" .Values.tests.resources) }}
command: [cypher-shell, --non-interactive, --address, {{ $scheme }}://{{ include "neo4j.fullname" . }}.{{ include "neo4j.namespace" . }}.svc:7687, "RETURN 1;"]
env:
  - name: HOME
    value: /tmp
  - name: NEO4J_USERNAME
    value: neo4j
  {{- include "neo4j.secretVariable" (dict "name" "NEO4J_PASSWORD" "ref" .Values.auth.password) | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end }}

{{- define "neo4j.testVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- end }}
