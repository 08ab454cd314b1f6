{{/* The server's environment; what a later entry expands with $( ) stands before it. */}}
{{- define "vault.serverVariables" -}}
{{- $program := include "vault.distribution" . | fromYaml }}
{{- $scheme := include "vault.scheme" . }}
{{- $pod := printf "$(%sK8S_POD_NAME).%s" $program.prefix (include "vault.peers" .) }}
- name: {{ $program.prefix }}K8S_POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: {{ $program.prefix }}K8S_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
{{- include "vault.clientVariables" (dict "root" . "host" "127.0.0.1") | nindent 0 }}
- name: {{ $program.prefix }}API_ADDR
  value: {{ $scheme }}://{{ $pod }}:8200
- name: {{ $program.prefix }}CLUSTER_ADDR
  value: https://{{ $pod }}:8201
{{- range $name, $value := $program.environment }}
- name: {{ $name }}
  value: {{ quote $value }}
{{- end }}
{{- if eq .Values.storage.type "raft" }}
- name: {{ $program.prefix }}RAFT_NODE_ID
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- else if eq .Values.storage.type "postgresql" }}
{{- with .Values.storage.postgresql }}
{{- if .connectionUrl.name }}
{{- include "vault.secretVariable" (dict "name" (print $program.prefix "PG_CONNECTION_URL") "ref" .connectionUrl) }}
{{- else }}
- name: {{ $program.prefix }}PG_CONNECTION_URL
  # Without the password, which the driver reads from PGPASSWORD (pgx, pgconn/config.go: parseEnvSettings).
  value: postgres://{{ .username }}@{{ contains ":" .host | ternary (printf "[%s]" .host) .host }}:{{ int .port }}/{{ .database }}?sslmode={{ .sslMode }}{{ if .sslRootCert.name }}&sslrootcert=/etc/postgresql-ca/ca.crt{{ end }}
{{- include "vault.secretVariable" (dict "name" "PGPASSWORD" "ref" .password) }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.seal }}
{{- if eq .type "awskms" }}
{{- include "vault.secretVariable" (dict "name" "AWS_ACCESS_KEY_ID" "ref" .awskms.accessKey) }}
{{- include "vault.secretVariable" (dict "name" "AWS_SECRET_ACCESS_KEY" "ref" .awskms.secretKey) }}
{{- include "vault.secretVariable" (dict "name" "AWS_SESSION_TOKEN" "ref" .awskms.sessionToken) }}
{{- else if eq .type "azurekeyvault" }}
{{- include "vault.secretVariable" (dict "name" "AZURE_CLIENT_SECRET" "ref" .azurekeyvault.clientSecret) }}
{{- else if eq .type "transit" }}
{{- include "vault.secretVariable" (dict "name" (print $program.prefix "TOKEN") "ref" .transit.token) }}
{{- else if and (eq .type "gcpckms") .gcpckms.credentials.name }}
- name: GOOGLE_APPLICATION_CREDENTIALS
  value: {{ $program.home }}/seal/credentials.json
{{- end }}
{{- end }}
{{- end }}

{{/* Volume of the seal's files, where it has some. */}}
{{- define "vault.sealVolume" -}}
{{- if eq .Values.seal.type "gcpckms" }}
{{- include "vault.secretFile" (dict "name" "seal" "file" "credentials.json" "ref" .Values.seal.gcpckms.credentials) }}
{{- else if eq .Values.seal.type "transit" }}
{{- include "vault.secretFile" (dict "name" "seal" "file" "ca.crt" "ref" .Values.seal.transit.caCert) }}
{{- end }}
{{- end }}

{{/* The container that waits until the bootstrap Job is done; it says in its log what is missing. */}}
{{- define "vault.waitForDatabase" -}}
{{- $program := include "vault.distribution" . | fromYaml }}
{{- $storage := .Values.storage.postgresql }}
{{- include "vault.container" (dict "root" . "name" "wait-for-database" "image" $storage.client.image "resources" $storage.client.resources) }}
env:
  {{- include "vault.libpq" (dict "root" . "user" $storage.username "database" $storage.database "password" $storage.password) | nindent 2 }}
command: [/bin/sh, -euc]
args:
  - |
    until psql -X -q -c 'SELECT{{ if not $program.createsTables }} FROM {{ $program.tables.keyValue }}, {{ $program.tables.locks }} LIMIT 0{{ end }}'; do sleep 3; done
volumeMounts:
  {{- include "vault.postgresqlMounts" . | nindent 2 }}
{{- end }}

{{/* Port of the key service, where there is one. */}}
{{- define "vault.sealPort" -}}
{{- if eq .Values.seal.type "transit" }}
{{- $url := urlParse .Values.seal.transit.address }}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (eq $url.scheme "http" | ternary "80" "443") }}
{{- else if ne .Values.seal.type "shamir" -}}
443
{{- end }}
{{- end }}
