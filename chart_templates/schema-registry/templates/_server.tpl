{{/* What the protocol to Kafka has of its own, as YAML: sasl and tls, either of which may be missing. */}}
{{- define "schema-registry.protocol" -}}
{{- with .Values.kafka.protocol }}
{{- $known := dict "PLAINTEXT" dict "SSL" (dict "tls" .SSL) "SASL_SSL" .SASL_SSL }}
{{- index $known .type | toYaml }}
{{- end }}
{{- end }}

{{/* Every variable with this prefix is a setting; `_` stands for a dot. */}}
{{- define "schema-registry.env" -}}
{{- $protocol := include "schema-registry.protocol" . | fromYaml }}
{{- $memory := coalesce (.Values.resources.limits | default dict).memory (.Values.resources.requests | default dict).memory "1Gi" }}
{{- $heap := max 64 (div (include "schema-registry.mebibytes" $memory | int) 2) -}}
- name: SCHEMA_REGISTRY_HOST_NAME
  # Peers send writes to the pod that leads by this name.
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: SCHEMA_REGISTRY_LISTENERS
  value: http://0.0.0.0:8081
- name: SCHEMA_REGISTRY_SCHEMA_REGISTRY_GROUP_ID
  value: {{ include "schema-registry.namespace" . }}-{{ include "schema-registry.fullname" . }}
- name: SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL
  value: {{ .Values.compatibility }}
- name: SCHEMA_REGISTRY_HEAP_OPTS
  value: -Xms{{ $heap }}m -Xmx{{ $heap }}m
{{- with .Values.kafka }}
{{- $servers := list }}
{{- range .bootstrapServers }}{{ $servers = append $servers (printf "%s://%s" $.Values.kafka.protocol.type .) }}{{ end }}
- name: SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS
  value: {{ join "," $servers }}
- name: SCHEMA_REGISTRY_KAFKASTORE_SECURITY_PROTOCOL
  value: {{ .protocol.type }}
- name: SCHEMA_REGISTRY_KAFKASTORE_TOPIC
  value: {{ quote .topic }}
- name: SCHEMA_REGISTRY_KAFKASTORE_TOPIC_REPLICATION_FACTOR
  value: {{ .replicationFactor | quote }}
# With fewer brokers the topic would be made with fewer copies, and keep them.
- name: SCHEMA_REGISTRY_CUB_KAFKA_MIN_BROKERS
  value: {{ .replicationFactor | quote }}
- name: SCHEMA_REGISTRY_CUB_KAFKA_TIMEOUT
  value: {{ .timeoutSeconds | quote }}
{{- end }}
{{- with $protocol.sasl }}
- name: SCHEMA_REGISTRY_KAFKASTORE_SASL_MECHANISM
  value: {{ .mechanism }}
{{ include "schema-registry.secretVariable" (dict "name" "KAFKA_PASSWORD" "ref" .password) }}
- name: SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG
  value: org.apache.kafka.common.security.{{ eq .mechanism "PLAIN" | ternary "plain.Plain" "scram.Scram" }}LoginModule required username="{{ .username }}" password="$(KAFKA_PASSWORD)";
{{- end }}
{{- if (($protocol.tls | default dict).authority | default dict).name }}
- name: SCHEMA_REGISTRY_KAFKASTORE_SSL_TRUSTSTORE_TYPE
  value: PEM
- name: SCHEMA_REGISTRY_KAFKASTORE_SSL_TRUSTSTORE_LOCATION
  value: /etc/kafka-authority/ca.crt
{{- end }}
{{- end }}

{{/* Ready is who reads the schemas, alive who answers; takes root and probe. */}}
{{- define "schema-registry.serverProbe" -}}
httpGet:
  path: {{ eq .probe "livenessProbe" | ternary "/" "/subjects" }}
  port: http
{{- end }}

{{/* The image writes its configuration, passwords among it, at each start. */}}
{{- define "schema-registry.mounts" -}}
- name: config
  mountPath: /etc/schema-registry
{{- range $name, $path := dict "tmp" "/tmp" "logs" "/usr/logs" "confluent" "/var/log/confluent" }}
- name: scratch
  mountPath: {{ $path }}
  subPath: {{ $name }}
{{- end }}
{{- if include "schema-registry.authorityVolume" . }}
- name: kafka-authority
  mountPath: /etc/kafka-authority
  readOnly: true
{{- end }}
{{- end }}

{{- define "schema-registry.volumes" -}}
- name: config
  emptyDir:
    medium: Memory
    sizeLimit: 1Mi
- name: scratch
  emptyDir:
    sizeLimit: 256Mi
{{- with include "schema-registry.authorityVolume" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "schema-registry.authorityVolume" -}}
{{- with (include "schema-registry.protocol" . | fromYaml).tls }}
{{- include "schema-registry.secretFile" (dict "name" "kafka-authority" "file" "ca.crt" "ref" .authority) }}
{{- end }}
{{- end }}

{{/* Rule of a NetworkPolicy: the registry can be reached. */}}
{{- define "schema-registry.peerEgress" -}}
{{- $server := dict "labels" (include "schema-registry.selectorLabels" (dict "root" . "component" "server") | fromYaml) }}
{{- include "schema-registry.reach" (dict "port" 8081 "peer" $server) }}
{{- end }}

{{/* Rules of the NetworkPolicy: peers, who forward writes to the leader, and the brokers. */}}
{{- define "schema-registry.egress" -}}
{{ include "schema-registry.peerEgress" . }}
{{- $ports := list }}
{{- range .Values.kafka.bootstrapServers }}{{ $ports = append $ports (splitList ":" . | last) }}{{ end }}
{{- range uniq $ports }}
{{ include "schema-registry.reach" (dict "port" . "peer" $.Values.networkPolicy.servers.kafka) }}
{{- end }}
{{- end }}

{{- define "schema-registry.testContainer" -}}
{{- include "schema-registry.container" (dict "root" . "name" "subjects" "image" .Values.tests.image "resources" .Values.tests.resources) }}
command: [wget, -q, -T, "30", -O, "-", http://{{ include "schema-registry.fullname" . }}.{{ include "schema-registry.namespace" . }}.svc:8081/subjects]
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end }}

{{- define "schema-registry.testVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- end }}
