{{/* Takes root and probe. Ready is who says that he has started, which his status code does not tell. */}}
{{- define "trino.answers" -}}
{{- if eq .probe "livenessProbe" -}}
httpGet:
  path: /v1/info
  port: http
{{- else -}}
exec:
  command: [/usr/lib/trino/bin/health-check]
{{- end }}
{{- end }}

{{/* A worker leaves before it ends: it takes no more tasks, waits for its own, and stops; only then comes SIGTERM. */}}
{{- define "trino.workerCommand" -}}
lifecycle:
  preStop:
    exec:
      command:
        - /bin/bash
        - -c
        - |
          curl --silent --fail --request PUT --data '"SHUTTING_DOWN"' --header 'Content-Type: application/json' --header 'X-Trino-User: hmco-charts' http://localhost:8080/v1/info/state
          while curl --silent --output /dev/null http://localhost:8080/v1/info; do sleep 1; done
{{- end }}

{{- define "trino.env" -}}
{{- $found := list }}
{{- range $variable, $ref := include "trino.secrets" . | fromYaml }}
{{- with $ref }}{{ $found = append $found (include "trino.secretVariable" (dict "name" $variable "ref" .)) }}{{ end }}
{{- end }}
{{- compact $found | join "\n" }}
{{- end }}

{{- define "trino.mounts" -}}
- name: config
  mountPath: /etc/trino
  readOnly: true
- name: catalogs
  mountPath: /etc/trino/catalog
  readOnly: true
- name: data
  mountPath: /data/trino
- name: tmp
  mountPath: /tmp
{{- range $name, $file := include "trino.catalogSecretFiles" . | fromYaml }}
- name: catalog-{{ $name | replace "_" "-" }}
  mountPath: /etc/trino-catalogs/{{ $name }}
  readOnly: true
{{- end }}
{{- if include "trino.authorities" . | fromYaml }}
- name: java-trust
  mountPath: /java-trust
  readOnly: true
{{- end }}
{{- if include "trino.kafkaCatalogs" . | fromYaml }}
- name: kafka
  mountPath: /run/kafka
  readOnly: true
{{- end }}
{{- end }}

{{- define "trino.coordinatorMounts" -}}
{{ include "trino.mounts" . }}
{{- if ne .Values.tls.type "none" }}
- name: keystore
  mountPath: /etc/trino-tls
  readOnly: true
{{- end }}
{{- if eq .Values.authentication.type "password" }}
- name: passwords
  mountPath: /etc/trino-auth
  readOnly: true
{{- end }}
{{- end }}

{{/* Volumes of a node; takes root and part. */}}
{{- define "trino.volumes" -}}
{{- $fullname := include "trino.fullname" .root -}}
- name: config
  configMap:
    name: {{ $fullname }}-{{ .part }}-config
- name: catalogs
  configMap:
    name: {{ $fullname }}-catalogs
- name: data
  emptyDir: {}
- name: tmp
  emptyDir: {}
{{- range $name, $file := include "trino.catalogSecretFiles" .root | fromYaml }}
{{ include "trino.secretFile" (merge (dict "name" (printf "catalog-%s" ($name | replace "_" "-"))) $file) }}
{{- end }}
{{- with include "trino.authorities" .root | fromYaml }}
{{ include "trino.javaTrustVolumes" (dict "authorities" .) }}
{{- end }}
{{- if include "trino.kafkaCatalogs" .root | fromYaml }}
- name: kafka
  emptyDir:
    medium: Memory
    sizeLimit: 1Mi
{{- end }}
{{- end }}

{{- define "trino.coordinatorVolumes" -}}
{{ include "trino.volumes" (dict "root" . "part" "coordinator") }}
{{- if ne .Values.tls.type "none" }}
{{ include "trino.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key")) }}
- name: keystore
  emptyDir:
    medium: Memory
    sizeLimit: 1Mi
{{- end }}
{{- if eq .Values.authentication.type "password" }}
{{ include "trino.secretFile" (dict "name" "passwords" "file" "password.db" "ref" .Values.authentication.password.file) }}
{{- end }}
{{- end }}

{{- define "trino.workerVolumes" -}}
{{ include "trino.volumes" (dict "root" . "part" "worker") }}
{{- end }}

{{/* Trino wants key and certificate in one file. */}}
{{- define "trino.keystore" -}}
{{- if ne .Values.tls.type "none" -}}
- {{ include "trino.container" (dict "root" . "name" "keystore" "image" .Values.image "resources" .Values.tests.resources) | indent 2 | trim }}
  command: [/bin/bash, -euc, "umask 077; cat /run/tls/tls.key /run/tls/tls.crt > /etc/trino-tls/server.pem"]
  volumeMounts:
    - name: tls
      mountPath: /run/tls
      readOnly: true
    - name: keystore
      mountPath: /etc/trino-tls
{{- end }}
{{- end }}

{{- define "trino.coordinatorPorts" -}}
- name: http
  containerPort: 8080
{{- if ne .Values.tls.type "none" }}
- name: https
  containerPort: 8443
{{- end }}
{{- end }}

{{- define "trino.servicePorts" -}}
- name: http
  port: 8080
  targetPort: http
{{- if ne .Values.tls.type "none" }}
- name: https
  port: 8443
  targetPort: https
{{- end }}
{{- end }}

{{- define "trino.coordinatorService" -}}
{{ include "trino.fullname" . }}-coordinator
{{- end }}

{{- define "trino.coordinatorPort" -}}
{{ eq .Values.tls.type "none" | ternary "http" "https" }}
{{- end }}

{{/* Who reads metrics: his name alone, where nobody asks for a password; takes root and password. */}}
{{- define "trino.basicAuth" -}}
{{- with .root.Values.metrics.serviceMonitor.basicAuth -}}
path: /metrics
basicAuth:
  username:
    name: {{ .name }}
    key: {{ .usernameKey }}
  {{- if $.password }}
  password:
    name: {{ .name }}
    key: {{ .passwordKey }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "trino.workerScrape" -}}
port: http
{{ include "trino.basicAuth" (dict "root" .) }}
{{- end }}

{{- define "trino.coordinatorScrape" -}}
{{- if eq .Values.authentication.type "none" -}}
{{ include "trino.workerScrape" . }}
{{- else -}}
port: https
scheme: https
tlsConfig:
  ca:
    secret:
      name: {{ include "trino.tlsSecret" . }}
      key: {{ index (include "trino.tlsKeys" . | fromYaml) "ca.crt" }}
  serverName: {{ include "trino.coordinatorService" . }}.{{ include "trino.namespace" . }}.svc
{{ include "trino.basicAuth" (dict "root" . "password" true) }}
{{- end }}
{{- end }}

{{/* Nodes talk to each other, and to what the catalogs name. */}}
{{- define "trino.egress" -}}
{{- $peer := dict "labels" (omit (include "trino.selectorLabels" (dict "root" . "component" "any") | fromYaml) "app.kubernetes.io/component") }}
{{- include "trino.reach" (dict "port" 8080 "peer" $peer) }}
{{- range include "trino.remotePorts" . | splitList "\n" | compact }}
{{ include "trino.reach" (dict "port" .) }}
{{- end }}
{{- end }}

{{- define "trino.testEgress" -}}
{{- include "trino.reach" (dict "port" 8080 "peer" (dict "labels" (include "trino.selectorLabels" (dict "root" . "component" "coordinator") | fromYaml))) }}
{{- end }}

{{/* A query, where no password is asked for; else whether the coordinator has started. */}}
{{- define "trino.testContainer" -}}
{{- $url := printf "http://%s:8080" (include "trino.coordinatorService" .) -}}
{{- include "trino.container" (dict "root" . "name" "query" "image" .Values.image "resources" .Values.tests.resources) }}
env:
  - name: HOME
    value: /tmp
{{- if eq .Values.authentication.type "none" }}
command: [trino, --server, {{ $url }}, --user, test, --execute, SELECT node_id FROM system.runtime.nodes WHERE state = 'active']
{{- else }}
command: [/bin/bash, -euc, "curl --fail --silent {{ $url }}/v1/info | grep '\"starting\": *false'"]
{{- end }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end }}

{{- define "trino.testVolumes" -}}
- name: tmp
  emptyDir: {}
{{- end }}
