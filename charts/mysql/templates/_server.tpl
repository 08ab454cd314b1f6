{{/* The image's entrypoint makes the database on an empty volume; then it becomes the server. */}}
{{- define "mysql.command" -}}
args: [mysqld]
{{- end }}

{{/* By TCP: while the image makes the database, a server of its own answers on the socket. An answer is enough, also that the access is denied; but a login counts no failure. Takes root and probe. */}}
{{- define "mysql.probeAction" -}}
exec:
  command: [/bin/sh, -c, 'MYSQL_PWD="$(cat /run/secrets/admin/password)" mysqladmin --no-defaults --host=127.0.0.1 --port=3306 --user=root --connect-timeout=3 ping']
{{- end }}

{{- define "mysql.env" -}}
- name: MYSQL_ROOT_PASSWORD_FILE
  value: /run/secrets/admin/password
- name: MYSQL_INITDB_SKIP_TZINFO
  value: {{ .Values.initialization.timeZones | ternary "" "true" | quote }}
{{- end }}

{{- define "mysql.mounts" -}}
- name: config
  mountPath: /etc/mysql/conf.d
  readOnly: true
- name: admin
  mountPath: /run/secrets/admin
  readOnly: true
- name: data
  mountPath: /data
- name: tmp
  mountPath: /tmp
- name: socket
  mountPath: /var/run/mysqld
- name: files
  mountPath: /var/lib/mysql-files
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: /etc/mysql-tls
  readOnly: true
{{- end }}
{{- end }}

{{- define "mysql.volumes" -}}
- name: config
  configMap:
    name: {{ include "mysql.fullname" . }}-config
    items:
      - key: server.cnf
        path: server.cnf
- name: exporter
  configMap:
    name: {{ include "mysql.fullname" . }}-config
    items:
      - key: exporter.cnf
        path: exporter.cnf
{{ include "mysql.secretFile" (dict "name" "admin" "file" "password" "ref" .Values.admin.password) }}
- name: tmp
  emptyDir:
    sizeLimit: 1Gi
- name: socket
  emptyDir:
    sizeLimit: 1Mi
- name: files
  emptyDir:
    sizeLimit: 1Mi
{{- with include "mysql.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key" "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}

{{- define "mysql.claims" -}}
{{- dict "data" .Values.persistence | toYaml }}
{{- end }}

{{- define "mysql.ports" -}}
- name: mysql
  port: 3306
  targetPort: mysql
{{- end }}

{{/* Ports of the pod itself: the exporter's too. */}}
{{- define "mysql.podPorts" -}}
{{ include "mysql.ports" . }}
{{- if .Values.metrics.enabled }}
- name: metrics
  port: 9104
  targetPort: metrics
{{- end }}
{{- end }}

{{- define "mysql.exporter" -}}
{{- if .Values.metrics.enabled }}
{{- with .Values.metrics.exporter -}}
- {{ include "mysql.container" (dict "root" $ "name" "exporter" "image" .image "resources" .resources) | indent 2 | trim }}
  args: [--config.my-cnf=/etc/mysql-exporter/exporter.cnf]
  env:
    {{- include "mysql.secretVariable" (dict "name" "MYSQLD_EXPORTER_PASSWORD" "ref" .password) | nindent 4 }}
  ports:
    - name: metrics
      containerPort: 9104
  volumeMounts:
    - name: exporter
      mountPath: /etc/mysql-exporter
      readOnly: true
    - name: socket
      mountPath: /var/run/mysqld
{{- end }}
{{- end }}
{{- end }}

{{/* Where Prometheus finds the metrics. */}}
{{- define "mysql.scrape" -}}
port: metrics
{{- end }}

{{/* Names of the Services, for the certificate. */}}
{{- define "mysql.certificateNames" -}}
{{- $name := include "mysql.fullname" . }}
{{- list $name (printf "*.%s-headless" $name) | join "\n" }}
{{- end }}

{{/* A container of a client; takes root, name and resources. */}}
{{- define "mysql.client" -}}
{{- include "mysql.container" (merge (dict "image" .root.Values.image) .) }}
env:
  - name: SERVICE
    value: {{ include "mysql.fullname" .root }}.{{ include "mysql.namespace" .root }}.svc
  {{- include "mysql.secretVariable" (dict "name" "ROOT_PASSWORD" "ref" .root.Values.admin.password) | nindent 2 }}
{{- end }}

{{/* Shell: a file of options for the clients, as the password must not be among their words. */}}
{{- define "mysql.clientFile" -}}
(umask 077 && cat > /tmp/client.cnf) <<OPTIONS
[client]
host=$SERVICE
user=root
password="$(printf %s "$ROOT_PASSWORD" | sed 's/[\\"]/\\&/g')"
default-character-set=utf8mb4
{{- if ne .Values.tls.type "none" }}
ssl-ca=/etc/mysql-ca/ca.crt
ssl-mode=VERIFY_IDENTITY
{{- end }}
[mysqldump]
single-transaction
routines
events
triggers
set-gtid-purged=OFF
OPTIONS
{{- end }}

{{- define "mysql.clientMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: /etc/mysql-ca
  readOnly: true
{{- end }}
{{- end }}

{{- define "mysql.clientVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- with include "mysql.tlsVolume" (dict "root" . "files" (list "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}

{{/* Rule of the jobs' NetworkPolicy. */}}
{{- define "mysql.jobsEgress" -}}
{{- $server := dict "labels" (include "mysql.selectorLabels" (dict "root" . "component" "server") | fromYaml) }}
{{- include "mysql.reach" (dict "port" 3306 "peer" $server) }}
{{- end }}

{{- define "mysql.testContainer" -}}
{{- include "mysql.client" (dict "root" . "name" "query" "resources" .Values.tests.resources) }}
command: [/bin/sh, -euc]
args:
  - |
    {{- include "mysql.clientFile" . | nindent 4 }}
    mysql --defaults-file=/tmp/client.cnf --batch --execute='SELECT schema_name FROM information_schema.schemata'
volumeMounts:
  {{- include "mysql.clientMounts" . | nindent 2 }}
{{- end }}
