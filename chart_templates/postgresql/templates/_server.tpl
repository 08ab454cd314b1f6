{{/* The image's entrypoint makes the database on an empty volume; then it becomes the server. */}}
{{- define "postgresql.command" -}}
args:
  - postgres
  - -c
  - config_file=/etc/postgresql/postgresql.conf
  - -c
  - hba_file=/etc/postgresql/pg_hba.conf
{{- end }}

{{/* By TCP: while the image makes the database, a server of its own answers on the socket. Takes root and probe. */}}
{{- define "postgresql.serverProbe" -}}
exec:
  command: [pg_isready, -q, -h, 127.0.0.1, -U, postgres, -d, postgres]
{{- end }}

{{- define "postgresql.env" -}}
- name: PGDATA
  value: /data/pgdata
- name: POSTGRES_PASSWORD_FILE
  value: /run/secrets/admin/password
- name: POSTGRES_INITDB_ARGS
  value: --auth-local=scram-sha-256 --auth-host=scram-sha-256 --encoding=UTF8 --locale={{ .Values.initdb.locale }}{{ if .Values.initdb.dataChecksums }} --data-checksums{{ end }}
{{- end }}

{{- define "postgresql.mounts" -}}
- name: config
  mountPath: /etc/postgresql
  readOnly: true
- name: admin
  mountPath: /run/secrets/admin
  readOnly: true
- name: data
  mountPath: /data
- name: tmp
  mountPath: /tmp
- name: socket
  mountPath: /var/run/postgresql
- name: shm
  mountPath: /dev/shm
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: /etc/postgresql-tls
  readOnly: true
{{- end }}
{{- end }}

{{- define "postgresql.volumes" -}}
- name: config
  configMap:
    name: {{ include "postgresql.fullname" . }}-config
{{ include "postgresql.secretFile" (dict "name" "admin" "file" "password" "ref" .Values.admin.password) }}
- name: tmp
  emptyDir:
    sizeLimit: 1Gi
- name: socket
  emptyDir:
    sizeLimit: 1Mi
- name: shm
  emptyDir:
    medium: Memory
    sizeLimit: {{ .Values.sharedMemory.sizeLimit }}
{{- with include "postgresql.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key" "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}

{{- define "postgresql.claims" -}}
{{- dict "data" .Values.persistence | toYaml }}
{{- end }}

{{- define "postgresql.ports" -}}
- name: postgresql
  port: 5432
  targetPort: postgresql
{{- end }}

{{/* Ports of the pod itself: the exporter's too. */}}
{{- define "postgresql.podPorts" -}}
{{ include "postgresql.ports" . }}
{{- if .Values.metrics.enabled }}
- name: metrics
  port: 9187
  targetPort: metrics
{{- end }}
{{- end }}

{{/* The exporter, which asks the server on the loopback. */}}
{{- define "postgresql.exporter" -}}
{{- if .Values.metrics.enabled }}
{{- with .Values.metrics.exporter -}}
- {{ include "postgresql.container" (dict "root" $ "name" "exporter" "image" .image "resources" .resources) | indent 2 | trim }}
  args: [--collector.database_wraparound]
  env:
    - name: DATA_SOURCE_URI
      value: 127.0.0.1:5432/postgres?sslmode=disable
    - name: DATA_SOURCE_USER
      value: {{ .username }}
    # Read by the driver: the exporter stops at a blank in DATA_SOURCE_PASS, and then prints it.
    {{- include "postgresql.secretVariable" (dict "name" "PGPASSWORD" "ref" .password) | nindent 4 }}
  ports:
    - name: metrics
      containerPort: 9187
{{- end }}
{{- end }}
{{- end }}

{{/* Where Prometheus finds the metrics. */}}
{{- define "postgresql.scrape" -}}
port: metrics
{{- end }}

{{/* Names of the Services, for the certificate. */}}
{{- define "postgresql.certificateNames" -}}
{{- $name := include "postgresql.fullname" . }}
{{- list $name (printf "*.%s-headless" $name) | join "\n" }}
{{- end }}

{{/* The server as a client sees it, by the administrator's role: the form of a PostgresqlConnection, as YAML. */}}
{{- define "postgresql.connection" -}}
host: {{ include "postgresql.fullname" . }}.{{ include "postgresql.namespace" . }}.svc
port: 5432
database: postgres
username: postgres
password:
  {{- toYaml .Values.admin.password | nindent 2 }}
{{- if eq .Values.tls.type "none" }}
sslMode: disable
sslRootCert: {name: ""}
{{- else }}
sslMode: verify-full
sslRootCert:
  name: {{ include "postgresql.tlsSecret" . }}
  key: {{ index (include "postgresql.tlsKeys" . | fromYaml) "ca.crt" }}
{{- end }}
{{- end }}

{{/* A container of a client with the administrator's role; takes root, name and resources. */}}
{{- define "postgresql.client" -}}
{{- include "postgresql.container" (merge (dict "image" .root.Values.image) .) }}
env:
  {{- include "postgresql.libpq" (dict "database" (include "postgresql.connection" .root | fromYaml)) | nindent 2 }}
{{- end }}

{{- define "postgresql.clientMounts" -}}
{{- include "postgresql.postgresqlMounts" (include "postgresql.connection" . | fromYaml) }}
{{- end }}

{{- define "postgresql.clientVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- with include "postgresql.postgresqlVolume" (include "postgresql.connection" . | fromYaml) }}
{{ . }}
{{- end }}
{{- end }}

{{/* Rule of the jobs' NetworkPolicy. */}}
{{- define "postgresql.jobsEgress" -}}
{{- $server := dict "labels" (include "postgresql.selectorLabels" (dict "root" . "component" "server") | fromYaml) }}
{{- include "postgresql.reach" (dict "port" 5432 "peer" $server) }}
{{- end }}

{{- define "postgresql.testContainer" -}}
{{- include "postgresql.client" (dict "root" . "name" "query" "resources" .Values.tests.resources) }}
command: [psql, -X, -c, "SELECT datname, pg_get_userbyid(datdba) AS owner FROM pg_catalog.pg_database"]
volumeMounts:
  {{- include "postgresql.clientMounts" . | nindent 2 }}
{{- end }}
