{{- define "lakefs.scheme" -}}
{{- eq .Values.tls.type "none" | ternary "http" "https" }}
{{- end }}

{{/* Whether a volume holds something. */}}
{{- define "lakefs.isLocal" -}}
{{- or (eq .Values.database.type "local") (eq .Values.blockstore.type "local") | ternary "true" "" }}
{{- end }}

{{- define "lakefs.command" -}}
args: [--config, /etc/lakefs/config.yaml, run]
{{- end }}

{{/* It does not ask the database: a dead one would restart every pod. Takes root and probe. */}}
{{- define "lakefs.serverProbe" -}}
httpGet:
  path: /_health
  port: {{ include "lakefs.scheme" .root }}
  scheme: {{ include "lakefs.scheme" .root | upper }}
{{- end }}

{{/* A variable wins over the file, so what is secret stands in no file. */}}
{{- define "lakefs.env" -}}
- name: HOME
  value: /tmp
{{ include "lakefs.secretVariable" (dict "name" "LAKEFS_AUTH_ENCRYPT_SECRET_KEY" "ref" .Values.encryptionKey) }}
{{ include "lakefs.secretVariable" (dict "name" "LAKEFS_BLOCKSTORE_SIGNING_SECRET_KEY" "ref" .Values.signingKey) }}
{{- if eq .Values.database.type "postgres" }}
{{- with .Values.database.postgres }}
{{- if .connectionString.name }}
{{ include "lakefs.secretVariable" (dict "name" "LAKEFS_DATABASE_POSTGRES_CONNECTION_STRING" "ref" .connectionString) }}
{{- else }}
- name: LAKEFS_DATABASE_POSTGRES_CONNECTION_STRING
  # Without the password, which the driver reads from PGPASSWORD.
  value: {{ include "lakefs.postgresqlUrl" . }}
{{ include "lakefs.secretVariable" (dict "name" "PGPASSWORD" "ref" .password) }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.blockstore }}
{{- if eq .type "s3" }}
{{- range $name, $ref := dict "ACCESS_KEY_ID" .s3.accessKeyId "SECRET_ACCESS_KEY" .s3.secretAccessKey }}
{{- with include "lakefs.secretVariable" (dict "name" (print "LAKEFS_BLOCKSTORE_S3_CREDENTIALS_" $name) "ref" $ref) }}
{{ . }}
{{- end }}
{{- end }}
{{- else if eq .type "azure" }}
{{- range $name, $value := dict "AZURE_CLIENT_ID" .azure.clientId "AZURE_TENANT_ID" .azure.tenantId }}
{{- if $value }}
- name: {{ $name }}
  value: {{ quote $value }}
{{- end }}
{{- end }}
{{- with include "lakefs.secretVariable" (dict "name" "AZURE_CLIENT_SECRET" "ref" .azure.clientSecret) }}
{{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "lakefs.mounts" -}}
- name: config
  mountPath: /etc/lakefs
  readOnly: true
- name: cache
  mountPath: /cache
- name: tmp
  mountPath: /tmp
{{- if include "lakefs.isLocal" . }}
- name: data
  mountPath: /data
{{- end }}
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: /etc/lakefs-tls
  readOnly: true
{{- end }}
{{- if include "lakefs.databaseVolume" . }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- if include "lakefs.gsVolume" . }}
- name: gs
  mountPath: /etc/lakefs-gs
  readOnly: true
{{- end }}
{{- end }}

{{- define "lakefs.volumes" -}}
- name: config
  configMap:
    name: {{ include "lakefs.fullname" . }}-config
- name: cache
  emptyDir:
    sizeLimit: {{ div (mul 5 (include "lakefs.mebibytes" .Values.cache.size | int64)) 4 }}Mi
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- if include "lakefs.isLocal" . }}
{{- $claim := .Values.persistence.existingClaim | default (include "lakefs.fullname" .) }}
- name: data
  {{- if .Values.persistence.enabled }}
  persistentVolumeClaim:
    claimName: {{ $claim }}
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- end }}
{{- $tls := include "lakefs.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key")) }}
{{- range compact (list $tls (include "lakefs.databaseVolume" .) (include "lakefs.gsVolume" .)) }}
{{ . }}
{{- end }}
{{- end }}

{{- define "lakefs.databaseVolume" -}}
{{- if eq .Values.database.type "postgres" }}
{{- include "lakefs.postgresqlVolume" .Values.database.postgres }}
{{- end }}
{{- end }}

{{- define "lakefs.gsVolume" -}}
{{- if eq .Values.blockstore.type "gs" }}
{{- include "lakefs.secretFile" (dict "name" "gs" "file" "credentials.json" "ref" .Values.blockstore.gs.credentials) }}
{{- end }}
{{- end }}

{{/* The server stops at once where the database is not there. */}}
{{- define "lakefs.init" -}}
{{- if eq .Values.database.type "postgres" }}
{{- with .Values.database.postgres }}
{{- if not .connectionString.name }}
{{- include "lakefs.postgresqlWait" (dict "root" $ "database" . "client" .client "statement" "SELECT 1") }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "lakefs.ports" -}}
- name: {{ include "lakefs.scheme" . }}
  port: 8000
  targetPort: {{ include "lakefs.scheme" . }}
  appProtocol: {{ include "lakefs.scheme" . }}
{{- end }}

{{- define "lakefs.containerPorts" -}}
- name: {{ include "lakefs.scheme" . }}
  containerPort: 8000
{{- end }}

{{- define "lakefs.scrape" -}}
port: {{ include "lakefs.scheme" . }}
scheme: {{ include "lakefs.scheme" . }}
{{- if ne .Values.tls.type "none" }}
tlsConfig:
  serverName: {{ include "lakefs.fullname" . }}.{{ include "lakefs.namespace" . }}.svc
  ca:
    secret:
      name: {{ include "lakefs.tlsSecret" . }}
      key: {{ index (include "lakefs.tlsKeys" . | fromYaml) "ca.crt" }}
{{- end }}
{{- end }}

{{/* Rules of the server's NetworkPolicy: database and object store. */}}
{{- define "lakefs.egress" -}}
{{- $servers := .Values.networkPolicy.servers }}
{{- $rules := list }}
{{- if eq .Values.database.type "postgres" }}
{{- $rules = append $rules (include "lakefs.reach" (dict "port" .Values.database.postgres.port "peer" $servers.postgresql)) }}
{{- end }}
{{- if ne .Values.blockstore.type "local" }}
{{- $rules = append $rules (include "lakefs.reach" (dict "port" (include "lakefs.storePort" . | int) "peer" $servers.objectStore)) }}
{{- end }}
{{- join "\n" $rules }}
{{- end }}

{{- define "lakefs.storePort" -}}
{{- $endpoint := eq .Values.blockstore.type "s3" | ternary .Values.blockstore.s3.endpoint "" | default "https://" | urlParse }}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $endpoint.host) | default (eq $endpoint.scheme "http" | ternary "80" "443") }}
{{- end }}

{{/* Rules of the jobs' NetworkPolicy: what the server reaches, and the server. */}}
{{- define "lakefs.jobsEgress" -}}
{{- $server := dict "labels" (include "lakefs.selectorLabels" (dict "root" . "component" "server") | fromYaml) }}
{{- include "lakefs.reach" (dict "port" 8000 "peer" $server) }}
{{- with include "lakefs.egress" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "lakefs.testVolumes" -}}
[]
{{- end }}

{{/* It asks for what stands in the database. */}}
{{- define "lakefs.testContainer" -}}
{{- include "lakefs.container" (dict "root" . "name" "state" "image" .Values.image "resources" .Values.tests.resources) }}
command: [/bin/sh, -euc]
args:
  - |
    wget -q -O - --no-check-certificate {{ include "lakefs.scheme" . }}://{{ include "lakefs.fullname" . }}.{{ include "lakefs.namespace" . }}.svc:8000/api/v1/setup_lakefs | grep '"state"'
{{- end }}
