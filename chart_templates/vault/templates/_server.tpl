{{/* The server's environment; what a later entry expands with $( ) stands before it. */}}
{{- define "vault.serverVariables" -}}
{{- $program := include "vault.distribution" . | fromYaml }}
{{- $scheme := include "vault.scheme" . }}
{{- $pod := printf "$(%sK8S_POD_NAME).%s" $program.prefix (include "vault.peers" .) -}}
- name: {{ $program.prefix }}K8S_POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: {{ $program.prefix }}K8S_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
{{- if ne .Values.seal.type "transit" }}
{{ include "vault.clientVariables" (dict "root" . "host" "127.0.0.1") }}
{{- else }}
# No address and no authority of a client: the seal would take them for its own.
- name: HOME
  value: /tmp
{{- end }}
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
{{ include "vault.secretVariable" (dict "name" (print $program.prefix "PG_CONNECTION_URL") "ref" .connectionUrl) }}
{{- else }}
- name: {{ $program.prefix }}PG_CONNECTION_URL
  # Without the password, which the driver reads from PGPASSWORD (pgx, pgconn/config.go: parseEnvSettings).
  value: {{ include "vault.postgresqlUrl" . }}
{{ include "vault.secretVariable" (dict "name" "PGPASSWORD" "ref" .password) }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.seal }}
{{- $secrets := dict
  "shamir" dict
  "awskms" (dict "AWS_ACCESS_KEY_ID" .awskms.accessKey "AWS_SECRET_ACCESS_KEY" .awskms.secretKey "AWS_SESSION_TOKEN" .awskms.sessionToken)
  "gcpckms" dict
  "azurekeyvault" (dict "AZURE_CLIENT_SECRET" .azurekeyvault.clientSecret)
  "transit" (dict "VAULT_TOKEN" .transit.token) }}
{{- range $name, $ref := index $secrets .type }}
{{- with include "vault.secretVariable" (dict "name" $name "ref" $ref) }}
{{ . }}
{{- end }}
{{- end }}
{{- if and (eq .type "gcpckms") .gcpckms.credentials.name }}
- name: GOOGLE_APPLICATION_CREDENTIALS
  value: {{ $program.home }}/seal/credentials.json
{{- end }}
{{- end }}
{{- end }}

{{/* Volumes of a server that outlive it, by name, as YAML. */}}
{{- define "vault.persistence" -}}
{{- $volumes := dict }}
{{- if ne .Values.storage.type "postgresql" }}
{{- $_ := set $volumes "data" (index .Values.storage .Values.storage.type).persistence }}
{{- end }}
{{- if eq .Values.audit.type "file" }}
{{- $_ := set $volumes "audit" .Values.audit.file.persistence }}
{{- end }}
{{- toYaml $volumes }}
{{- end }}

{{/* Volume of the seal's files, where it has some. */}}
{{- define "vault.sealVolume" -}}
{{- if eq .Values.seal.type "gcpckms" }}
{{- include "vault.secretFile" (dict "name" "seal" "file" "credentials.json" "ref" .Values.seal.gcpckms.credentials) }}
{{- else if eq .Values.seal.type "transit" }}
{{- include "vault.secretFile" (dict "name" "seal" "file" "ca.crt" "ref" .Values.seal.transit.caCert) }}
{{- end }}
{{- end }}

{{/* What runs: not through the image's entrypoint, which would load the folder of the file a second time. */}}
{{- define "vault.serverCommand" -}}
{{- $program := include "vault.distribution" . | fromYaml -}}
command: [{{ $program.binary }}]
args: [server, -config={{ $program.home }}/config/server.hcl]
{{- end }}

{{/* What a probe asks: a pod that is sealed or not initialised is alive, but not ready; takes root and probe. */}}
{{- define "vault.serverProbe" -}}
{{- $unready := eq .probe "readinessProbe" | ternary "" "&sealedcode=204&uninitcode=204" -}}
httpGet:
  path: {{ printf "/v1/sys/health?standbyok=true&perfstandbyok=true%s" $unready | quote }}
  port: {{ include "vault.scheme" .root }}
  scheme: {{ include "vault.scheme" .root | upper }}
{{- end }}

{{/* Ports of the server's container. */}}
{{- define "vault.serverPorts" -}}
- name: {{ include "vault.scheme" . }}
  containerPort: 8200
- name: https-internal
  containerPort: 8201
{{- end }}

{{/* Mounts of the server. */}}
{{- define "vault.serverMounts" -}}
{{- $program := include "vault.distribution" . | fromYaml -}}
- name: config
  mountPath: {{ $program.home }}/config
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: {{ $program.home }}/tls
  readOnly: true
{{- end }}
{{- if include "vault.databaseVolume" . }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- range $name, $persistence := include "vault.persistence" . | fromYaml }}
- name: {{ $name }}
  mountPath: {{ $program.home }}/{{ $name }}
{{- end }}
{{- if include "vault.sealVolume" . }}
- name: seal
  mountPath: {{ $program.home }}/seal
  readOnly: true
{{- end }}
{{- end }}

{{/* Volumes of the server but those of claims. */}}
{{- define "vault.serverVolumes" -}}
- name: config
  configMap:
    name: {{ include "vault.fullname" . }}-config
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- $tls := include "vault.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key" "ca.crt")) }}
{{- range compact (list $tls (include "vault.databaseVolume" .) (include "vault.sealVolume" .)) }}
{{ . }}
{{- end }}
{{- end }}

{{/* Volume of the authority of the storage's database. */}}
{{- define "vault.databaseVolume" -}}
{{- if eq .Values.storage.type "postgresql" }}
{{- include "vault.postgresqlVolume" .Values.storage.postgresql }}
{{- end }}
{{- end }}

{{/* Whether a Job prepares the database, and pods wait for it. */}}
{{- define "vault.isBootstrapped" -}}
{{- and (eq .Values.storage.type "postgresql") .Values.storage.postgresql.bootstrap.enabled | ternary "true" "" }}
{{- end }}

{{/* The container that waits until the bootstrap Job is done, where there is one; it says in its log what is missing. */}}
{{- define "vault.waitForDatabase" -}}
{{- if include "vault.isBootstrapped" . }}
{{- $program := include "vault.distribution" . | fromYaml }}
{{- $statement := $program.createsTables | ternary "SELECT" (printf "SELECT FROM %s, %s LIMIT 0" $program.tables.keyValue $program.tables.locks) }}
{{- with .Values.storage.postgresql }}
{{- include "vault.postgresqlWait" (dict "root" $ "database" . "client" .client "statement" $statement) }}
{{- end }}
{{- end }}
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

{{/* Rule of the server's NetworkPolicy: the pods talk to each other. */}}
{{- define "vault.peerIngress" -}}
- ports:
    - port: 8201
  from:
    - podSelector:
        matchLabels:
          {{- include "vault.selectorLabels" (dict "root" . "component" "server") | nindent 10 }}
{{- end }}

{{/* Rules of the server's NetworkPolicy: what its configuration needs. */}}
{{- define "vault.egress" -}}
- ports:
    - port: 8200
    - port: 8201
  to:
    - podSelector:
        matchLabels:
          {{- include "vault.selectorLabels" (dict "root" . "component" "server") | nindent 10 }}
# Service registration, and the Kubernetes auth method.
{{ include "vault.apiServerEgress" . }}
{{- if eq .Values.storage.type "postgresql" }}
{{ include "vault.reach" (dict "port" .Values.storage.postgresql.port "peer" .Values.networkPolicy.servers.postgresql) }}
{{- end }}
{{- with include "vault.sealPort" . }}
- ports:
    - port: {{ . }}
{{- end }}
{{- end }}

{{/* Rules of the jobs' NetworkPolicy. */}}
{{- define "vault.jobsEgress" -}}
- ports:
    - port: 8200
  to:
    - podSelector:
        matchLabels:
          {{- include "vault.selectorLabels" (dict "root" . "component" "server") | nindent 10 }}
{{- if eq .Values.storage.type "postgresql" }}
{{ include "vault.reach" (dict "port" .Values.storage.postgresql.port "peer" .Values.networkPolicy.servers.postgresql) }}
{{- end }}
{{- end }}

{{/* Names of the Services, for the certificate. */}}
{{- define "vault.certificateNames" -}}
{{- $name := include "vault.fullname" . }}
{{- list $name (printf "%s-active" $name) (printf "%s-standby" $name) (printf "*.%s-internal" $name) | join "\n" }}
{{- end }}

{{/* The container of `helm test`: it ends with 0 where the server is initialised and unsealed, with 2 where it is sealed. */}}
{{- define "vault.testContainer" -}}
{{- $program := include "vault.distribution" . | fromYaml }}
{{- include "vault.programContainer" (dict "root" . "name" "health" "resources" .Values.tests.resources) }}
command: [{{ $program.binary }}, status]
env:
  {{- include "vault.clientVariables" (dict "root" . "host" (printf "%s.%s.svc" (include "vault.activeService" .) (include "vault.namespace" .))) | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- if ne .Values.tls.type "none" }}
  - name: tls
    mountPath: {{ $program.home }}/tls
    readOnly: true
  {{- end }}
{{- end }}

{{/* Volumes of `helm test`. */}}
{{- define "vault.testVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- with include "vault.tlsVolume" (dict "root" . "files" (list "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}
