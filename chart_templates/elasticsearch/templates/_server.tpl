{{/* Whether this release is one node that needs no other. */}}
{{- define "elasticsearch.isSingle" -}}
{{- if and (le (int .Values.replicaCount) 1) (not .Values.discovery.seedHosts) }}true{{ end }}
{{- end }}

{{/* Names of the nodes that may form a new cluster: the masters, which are called as their pods, one a line. */}}
{{- define "elasticsearch.initialMasters" -}}
{{- if and .Values.discovery.bootstrap (or (not .Values.roles) (has "master" .Values.roles)) }}
{{- range until (int .Values.replicaCount) }}
- {{ include "elasticsearch.fullname" $ }}-{{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* Half of the memory limit, up to what the JVM addresses with short pointers; the rest is for files and buffers. */}}
{{- define "elasticsearch.heap" -}}
{{- $memory := coalesce (.Values.resources.limits | default dict).memory (.Values.resources.requests | default dict).memory "2Gi" }}
{{- $half := min 31744 (max 128 (div (include "elasticsearch.mebibytes" $memory | int) 2)) -}}
-Xms{{ $half }}m
-Xmx{{ $half }}m
{{- end }}

{{- define "elasticsearch.scheme" -}}
{{- eq .Values.tls.type "none" | ternary "http" "https" }}
{{- end }}

{{- define "elasticsearch.config" -}}
cluster.name: {{ .Values.clusterName | default (include "elasticsearch.fullname" .) | quote }}
node.name: ${NODE_NAME}
{{- with .Values.roles }}
node.roles: {{ toJson . }}
{{- end }}
node.store.allow_mmap: {{ .Values.configuration.allowMmap }}
network.host: 0.0.0.0
network.publish_host: ${POD_IP}
http.port: 9200
http.max_content_length: {{ .Values.configuration.maxContentLength }}
transport.port: 9300
# Open while the node is part of a cluster with a master.
readiness.port: 9399
path.data: /usr/share/elasticsearch/data
path.logs: /usr/share/elasticsearch/logs
{{- if eq .Values.backup.repository.type "fs" }}
path.repo: [/usr/share/elasticsearch/snapshots]
{{- end }}
{{- with .Values.configuration.autoCreateIndex }}
action.auto_create_index: {{ quote . }}
{{- end }}
ingest.geoip.downloader.enabled: {{ .Values.configuration.geoipDownloader }}
{{- if include "elasticsearch.isSingle" . }}
discovery.type: single-node
{{- else }}
discovery.seed_hosts: {{ prepend .Values.discovery.seedHosts (printf "%s-headless" (include "elasticsearch.fullname" .)) | toJson }}
{{- with include "elasticsearch.initialMasters" . | fromYamlArray }}
cluster.initial_master_nodes: {{ toJson . }}
{{- end }}
{{- end }}
xpack.security.enabled: true
xpack.security.enrollment.enabled: false
{{- range $layer := list "http" "transport" }}
xpack.security.{{ $layer }}.ssl.enabled: {{ ne $.Values.tls.type "none" }}
{{- if ne $.Values.tls.type "none" }}
xpack.security.{{ $layer }}.ssl.certificate: certs/tls.crt
xpack.security.{{ $layer }}.ssl.key: certs/tls.key
xpack.security.{{ $layer }}.ssl.certificate_authorities: [certs/ca.crt]
{{- end }}
{{- end }}
{{- if ne .Values.tls.type "none" }}
# Nodes meet by address: every certificate of the authority is one of theirs.
xpack.security.transport.ssl.verification_mode: certificate
{{- end }}
{{- if eq .Values.backup.repository.type "s3" }}
{{- with .Values.backup.repository.s3 }}
{{- range $key, $value := dict "endpoint" .endpoint "region" .region }}
{{- with $value }}
s3.client.default.{{ $key }}: {{ quote . }}
{{- end }}
{{- end }}
s3.client.default.path_style_access: {{ .pathStyleAccess }}
{{- end }}
{{- end }}
{{- end }}

{{/* Secure settings and the Secrets that hold them, as YAML. */}}
{{- define "elasticsearch.secureSettings" -}}
{{- $settings := merge (dict "bootstrap.password" .Values.admin.password) .Values.keystore }}
{{- with .Values.backup.repository }}
{{- $known := dict
  "none" dict
  "fs" dict
  "s3" (dict "s3.client.default.access_key" .s3.accessKey "s3.client.default.secret_key" .s3.secretKey)
  "gcs" (dict "gcs.client.default.credentials_file" .gcs.credentials)
  "azure" (dict "azure.client.default.account" .azure.account "azure.client.default.key" .azure.key) }}
{{- range $name, $ref := index $known .type }}
{{- if $ref.name }}{{ $_ := set $settings $name $ref }}{{ end }}
{{- end }}
{{- end }}
{{- toYaml $settings }}
{{- end }}

{{/* The container that makes the folder of the configuration, which must be writable, and the keystore in it. */}}
{{- define "elasticsearch.keystore" -}}
- {{ include "elasticsearch.container" (dict "root" . "name" "keystore" "image" .Values.image "resources" .Values.resources) | indent 2 | trim }}
  command: [/bin/sh, -euc]
  args:
    - |
      cp -r /usr/share/elasticsearch/config/. /config
      cp /etc/elasticsearch/elasticsearch.yml /config/elasticsearch.yml
      cp /etc/elasticsearch/heap.options /config/jvm.options.d/heap.options
      elasticsearch-keystore create
      {{- range $name, $_ := include "elasticsearch.secureSettings" . | fromYaml }}
      {{- if hasSuffix "_file" $name }}
      elasticsearch-keystore add-file {{ $name }} /run/secrets/keystore/{{ $name }}
      {{- else }}
      { cat /run/secrets/keystore/{{ $name }}; echo; } | elasticsearch-keystore add --stdin {{ $name }}
      {{- end }}
      {{- end }}
  env:
    - name: ES_PATH_CONF
      value: /config
  volumeMounts:
    - name: config
      mountPath: /config
    - name: settings
      mountPath: /etc/elasticsearch
      readOnly: true
    - name: keystore
      mountPath: /run/secrets/keystore
      readOnly: true
    - name: tmp
      mountPath: /tmp
{{- end }}

{{- define "elasticsearch.env" -}}
- name: NODE_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
{{- end }}

{{/* Without a password: it would go stale where it is changed by the API. Takes root and probe. */}}
{{- define "elasticsearch.serverProbe" -}}
tcpSocket:
  port: {{ eq .probe "readinessProbe" | ternary "readiness" "transport" }}
{{- end }}

{{- define "elasticsearch.mounts" -}}
- name: config
  mountPath: /usr/share/elasticsearch/config
- name: data
  mountPath: /usr/share/elasticsearch/data
- name: logs
  mountPath: /usr/share/elasticsearch/logs
- name: tmp
  mountPath: /tmp
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: /usr/share/elasticsearch/config/certs
  readOnly: true
{{- end }}
{{- if eq .Values.backup.repository.type "fs" }}
- name: snapshots
  mountPath: /usr/share/elasticsearch/snapshots
{{- end }}
{{- end }}

{{- define "elasticsearch.volumes" -}}
- name: config
  emptyDir:
    medium: Memory
    sizeLimit: 16Mi
- name: settings
  configMap:
    name: {{ include "elasticsearch.fullname" . }}-config
- name: keystore
  projected:
    defaultMode: 0440
    sources:
      {{- range $name, $ref := include "elasticsearch.secureSettings" . | fromYaml }}
      - secret:
          name: {{ $ref.name }}
          items:
            - key: {{ $ref.key }}
              path: {{ $name }}
      {{- end }}
- name: logs
  emptyDir:
    sizeLimit: 512Mi
- name: tmp
  emptyDir:
    sizeLimit: 512Mi
{{- if eq .Values.backup.repository.type "fs" }}
- name: snapshots
  persistentVolumeClaim:
    claimName: {{ .Values.backup.repository.fs.existingClaim }}
{{- end }}
{{- with include "elasticsearch.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key" "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}

{{- define "elasticsearch.claims" -}}
{{- dict "data" .Values.persistence | toYaml }}
{{- end }}

{{/* Ports of the pod itself: those of its peers and of the exporter too. */}}
{{- define "elasticsearch.podPorts" -}}
{{- $ports := list (dict "name" "http" "port" 9200 "targetPort" "http") (dict "name" "transport" "port" 9300 "targetPort" "transport") }}
{{- if .Values.metrics.enabled }}
{{- $ports = append $ports (dict "name" "metrics" "port" 9114 "targetPort" "metrics") }}
{{- end }}
{{- toYaml $ports }}
{{- end }}

{{/* The exporter, which asks its own node; the name of the certificate that is checked is the loopback's. */}}
{{- define "elasticsearch.exporter" -}}
{{- if .Values.metrics.enabled }}
{{- with .Values.metrics.exporter -}}
- {{ include "elasticsearch.container" (dict "root" $ "name" "exporter" "image" .image "resources" .resources) | indent 2 | trim }}
  args:
    - --es.uri={{ include "elasticsearch.scheme" $ }}://localhost:9200
    - --web.listen-address=:9114
    {{- if ne $.Values.tls.type "none" }}
    - --es.ca=/etc/elasticsearch-tls/ca.crt
    {{- end }}
  env:
    - name: ES_USERNAME
      value: {{ .username }}
    {{- include "elasticsearch.secretVariable" (dict "name" "ES_PASSWORD" "ref" .password) | nindent 4 }}
  ports:
    - name: metrics
      containerPort: 9114
  {{- if ne $.Values.tls.type "none" }}
  volumeMounts:
    - name: tls
      mountPath: /etc/elasticsearch-tls
      readOnly: true
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Where Prometheus finds the metrics. */}}
{{- define "elasticsearch.scrape" -}}
port: metrics
{{- end }}

{{/* Names of the Services, for the certificate. */}}
{{- define "elasticsearch.certificateNames" -}}
{{- $name := include "elasticsearch.fullname" . }}
{{- list $name (printf "*.%s-headless" $name) | join "\n" }}
{{- end }}

{{/* Rule of the NetworkPolicy: nodes reach each other. */}}
{{- define "elasticsearch.peerIngress" -}}
- ports:
    - port: 9300
  from:
    - podSelector:
        matchLabels:
          {{- include "elasticsearch.selectorLabels" (dict "root" . "component" "server") | nindent 10 }}
{{- end }}

{{/* Rules of the NetworkPolicy: peers, and the store of snapshots. */}}
{{- define "elasticsearch.egress" -}}
{{- $server := dict "labels" (include "elasticsearch.selectorLabels" (dict "root" . "component" "server") | fromYaml) }}
{{- include "elasticsearch.reach" (dict "port" 9300 "peer" $server) }}
{{- $repository := .Values.backup.repository }}
{{- if eq $repository.type "s3" }}
{{- $url := urlParse ($repository.s3.endpoint | default "https://s3.amazonaws.com") }}
{{ include "elasticsearch.reach" (dict "port" (regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (eq $url.scheme "http" | ternary "80" "443"))) }}
{{- else if has $repository.type (list "gcs" "azure") }}
{{ include "elasticsearch.reach" (dict "port" 443) }}
{{- end }}
{{- end }}
