{{/* What the program is called and what it can do, from files/distributions.yaml; as YAML. */}}
{{- define "vault.distribution" -}}
{{- index (.Files.Get "files/distributions.yaml" | fromYaml) .Values.distribution.type | toYaml }}
{{- end }}

{{/* Image of the program, as YAML. */}}
{{- define "vault.programImage" -}}
{{- (index .Values.distribution .Values.distribution.type).image | toYaml }}
{{- end }}

{{/* A container of the program's image; takes root, name, resources. */}}
{{- define "vault.programContainer" -}}
{{- $program := include "vault.distribution" .root | fromYaml }}
{{- $image := include "vault.programImage" .root | fromYaml }}
{{- $context := deepCopy .root.Values.containerSecurityContext }}
{{- if has (regexFind "[0-9]+[.][0-9]+[.][0-9]+" ($image.tag | default .root.Chart.AppVersion)) $program.ipcLock }}
{{- $capabilities := $context.capabilities | default dict }}
{{- $_ := set $capabilities "add" (append ($capabilities.add | default list) "IPC_LOCK" | uniq) }}
{{- $_ := set $context "capabilities" $capabilities }}
{{- end }}
{{- include "vault.container" (merge (dict "image" $image "securityContext" $context) .) }}
{{- end }}

{{/* Whether standbys take over; the file storage cannot. */}}
{{- define "vault.isHa" -}}
{{- ne .Values.storage.type "file" | ternary "true" "" }}
{{- end }}

{{- define "vault.scheme" -}}
{{- eq .Values.tls.type "none" | ternary "http" "https" }}
{{- end }}

{{/* Service of the pod that answers. */}}
{{- define "vault.activeService" -}}
{{- include "vault.fullname" . }}{{ if include "vault.isHa" . }}-active{{ end }}
{{- end }}

{{/* Domain of the pods. */}}
{{- define "vault.peers" -}}
{{- printf "%s-internal.%s.svc" (include "vault.fullname" .) (include "vault.namespace" .) }}
{{- end }}

{{/* Variables of a client of the Service; takes root and host. */}}
{{- define "vault.clientVariables" -}}
{{- $program := include "vault.distribution" .root | fromYaml -}}
- name: HOME
  value: /tmp
- name: {{ $program.prefix }}ADDR
  value: {{ include "vault.scheme" .root }}://{{ .host }}:8200
{{- if ne .root.Values.tls.type "none" }}
- name: {{ $program.prefix }}CACERT
  value: {{ $program.home }}/tls/ca.crt
{{- end }}
{{- end }}

{{/* Name of the Secret with the server's certificate. */}}
{{- define "vault.tlsSecret" -}}
{{- eq .Values.tls.type "existingSecret" | ternary .Values.tls.existingSecret.name (printf "%s-tls" (include "vault.fullname" .)) }}
{{- end }}

{{/* Keys of that Secret, as YAML: a map of file to key. */}}
{{- define "vault.tlsKeys" -}}
{{- if eq .Values.tls.type "existingSecret" }}
{{- with .Values.tls.existingSecret }}
{{- dict "tls.crt" .certificateKey "tls.key" .privateKeyKey "ca.crt" .caKey | toYaml }}
{{- end }}
{{- else }}
{{- dict "tls.crt" "tls.crt" "tls.key" "tls.key" "ca.crt" "ca.crt" | toYaml }}
{{- end }}
{{- end }}

{{/* Volume of the certificate; takes root and files. */}}
{{- define "vault.tlsVolume" -}}
{{- if ne .root.Values.tls.type "none" -}}
- name: tls
  secret:
    secretName: {{ include "vault.tlsSecret" .root }}
    defaultMode: 0440
    items:
      {{- $keys := include "vault.tlsKeys" .root | fromYaml }}
      {{- range .files }}
      - key: {{ index $keys . }}
        path: {{ . }}
      {{- end }}
{{- end }}
{{- end }}

{{/* Where Prometheus finds the metrics. */}}
{{- define "vault.scrape" -}}
port: {{ include "vault.scheme" . }}
path: /v1/sys/metrics
params:
  format: [prometheus]
scheme: {{ include "vault.scheme" . }}
{{- if ne .Values.tls.type "none" }}
tlsConfig:
  serverName: {{ include "vault.fullname" . }}.{{ include "vault.namespace" . }}.svc
  ca:
    secret:
      name: {{ include "vault.tlsSecret" . }}
      key: {{ index (include "vault.tlsKeys" . | fromYaml) "ca.crt" }}
{{- end }}
{{- end }}

{{/* Variables of libpq for the database of the storage; takes root, user, database and password. */}}
{{- define "vault.libpq" -}}
{{- with .root.Values.storage.postgresql -}}
- name: HOME
  value: /tmp
- name: PGHOST
  value: {{ .host | quote }}
- name: PGPORT
  value: {{ .port | quote }}
- name: PGUSER
  value: {{ $.user }}
- name: PGDATABASE
  value: {{ $.database }}
- name: PGSSLMODE
  value: {{ .sslMode }}
{{- if hasPrefix "verify-" .sslMode }}
- name: PGSSLROOTCERT
  value: {{ .sslRootCert.name | empty | ternary "system" "/etc/postgresql-ca/ca.crt" }}
{{- end }}
- name: PGCONNECT_TIMEOUT
  value: "10"
{{ include "vault.secretVariable" (dict "name" "PGPASSWORD" "ref" $.password) }}
{{- end }}
{{- end }}

{{/* Volume of the database's authority. */}}
{{- define "vault.postgresqlVolume" -}}
{{- if eq .Values.storage.type "postgresql" }}
{{- include "vault.secretFile" (dict "name" "postgresql-ca" "file" "ca.crt" "ref" .Values.storage.postgresql.sslRootCert) }}
{{- end }}
{{- end }}

{{/* Mounts of `/tmp` and the database's authority in pods of the PostgreSQL client. */}}
{{- define "vault.postgresqlMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.storage.postgresql.sslRootCert.name }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- end }}

{{/* Ports of a Service. */}}
{{- define "vault.ports" -}}
- name: {{ include "vault.scheme" . }}
  port: 8200
  targetPort: {{ include "vault.scheme" . }}
  appProtocol: {{ include "vault.scheme" . }}
- name: https-internal
  port: 8201
  targetPort: https-internal
  appProtocol: https
{{- end }}
