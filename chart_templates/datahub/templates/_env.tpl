{{/* An image of the program, as YAML; takes root and part, and optionally program, the end of its name. */}}
{{- define "datahub.programImage" -}}
{{- $image := .root.Values.image }}
{{- $repository := printf "%s-%s" $image.repository (.program | default .part) }}
{{- merge (dict "repository" $repository "digest" (index $image.digests .part)) (omit $image "digests") | toYaml }}
{{- end }}

{{- define "datahub.gmsName" -}}
{{ include "datahub.fullname" . }}-gms
{{- end }}

{{- define "datahub.kafkaServers" -}}
{{- $servers := list }}
{{- range .Values.kafka.servers }}{{ $servers = append $servers (printf "%s:%d" . (int $.Values.kafka.port)) }}{{ end }}
{{- join "," $servers }}
{{- end }}

{{/* A variable from the Secret that all parts share; takes root, name and key, the name of its key in the values. */}}
{{- define "datahub.shared" -}}
{{- $ref := dict "name" .root.Values.auth.existingSecret "key" (index .root.Values.auth.secretKeys .key) }}
{{- include "datahub.secretVariable" (dict "name" .name "ref" $ref) }}
{{- end }}

{{/* What every part has: who it is to the others, and Kafka. Takes root and prefix, with which it reads properties of Kafka, and python. */}}
{{- define "datahub.commonEnv" -}}
- name: HOME
  value: /tmp
- name: METADATA_SERVICE_AUTH_ENABLED
  value: "true"
- name: DATAHUB_SYSTEM_CLIENT_ID
  value: __datahub_system
{{ include "datahub.shared" (dict "root" .root "name" "DATAHUB_SYSTEM_CLIENT_SECRET" "key" "systemClient") }}
- name: DATAHUB_GMS_HOST
  value: {{ include "datahub.gmsName" .root }}
- name: DATAHUB_GMS_PORT
  value: "8080"
- name: DATAHUB_GMS_PROTOCOL
  value: http
- name: ENABLE_PROMETHEUS
  value: {{ .root.Values.metrics.enabled | quote }}
- name: KAFKA_BOOTSTRAP_SERVER
  value: {{ include "datahub.kafkaServers" .root }}
{{- with .root.Values.kafka }}
{{- if ne .securityProtocol "PLAINTEXT" }}
- name: {{ $.prefix }}_SECURITY_PROTOCOL
  value: {{ .securityProtocol }}
{{- if .authority.name }}
{{- if $.python }}
- name: {{ $.prefix }}_SSL_CA_LOCATION
  value: /etc/kafka-authority/ca.crt
{{- else }}
- name: {{ $.prefix }}_SSL_TRUSTSTORE_TYPE
  value: PEM
- name: {{ $.prefix }}_SSL_TRUSTSTORE_LOCATION
  value: /etc/kafka-authority/ca.crt
{{- end }}
{{- end }}
{{- if hasPrefix "SASL" .securityProtocol }}
- name: {{ $.prefix }}_SASL_MECHANISM
  value: {{ .sasl.mechanism }}
{{- if $.python }}
- name: {{ $.prefix }}_SASL_USERNAME
  value: {{ quote .sasl.username }}
{{ include "datahub.secretVariable" (dict "name" (print $.prefix "_SASL_PASSWORD") "ref" .sasl.password) }}
{{- else }}
{{ include "datahub.secretVariable" (dict "name" "KAFKA_SASL_PASSWORD" "ref" .sasl.password) }}
- name: {{ $.prefix }}_SASL_JAAS_CONFIG
  {{- $module := eq .sasl.mechanism "PLAIN" | ternary "plain.PlainLoginModule" "scram.ScramLoginModule" }}
  value: org.apache.kafka.common.security.{{ $module }} required username="{{ .sasl.username }}" password="$(KAFKA_SASL_PASSWORD)";
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "datahub.registryUrl" -}}
{{- eq .Values.schemaRegistry.type "internal" | ternary (printf "http://%s:8080/schema-registry/api/" (include "datahub.gmsName" .)) .Values.schemaRegistry.confluent.url }}
{{- end }}

{{/* Of a part in a JVM. */}}
{{- define "datahub.javaEnv" -}}
{{- if include "datahub.authorities" . | fromYaml }}
- name: JAVA_TOOL_OPTIONS
  value: -Djavax.net.ssl.trustStore=/java-trust/cacerts
{{- end }}
{{- end }}

{{/* What GMS and the Jobs have. */}}
{{- define "datahub.serviceEnv" -}}
{{ include "datahub.commonEnv" (dict "root" . "prefix" "SPRING_KAFKA_PROPERTIES") }}
{{- include "datahub.javaEnv" . }}
- name: DATAHUB_REVISION
  # GMS waits until the Job of this revision is done.
  value: {{ .Release.Revision | quote }}
- name: ENTITY_REGISTRY_CONFIG_PATH
  value: /datahub/datahub-gms/resources/entity-registry.yml
{{- with .Values.database }}
- name: EBEAN_MAX_CONNECTIONS
  value: {{ .maxConnections | quote }}
{{- if eq .type "postgresql" }}
- name: EBEAN_DATASOURCE_URL
  value: {{ include "datahub.postgresqlJdbcUrl" .postgresql }}
- name: EBEAN_DATASOURCE_DRIVER
  value: org.postgresql.Driver
{{- else }}
- name: EBEAN_DATASOURCE_URL
  value: {{ include "datahub.mysqlJdbcUrl" .mysql }}
- name: EBEAN_DATASOURCE_DRIVER
  value: com.mysql.cj.jdbc.Driver
{{- end }}
{{- with index . .type }}
- name: EBEAN_DATASOURCE_HOST
  value: {{ .host }}:{{ int .port }}
- name: EBEAN_DATASOURCE_USERNAME
  value: {{ .username }}
{{ include "datahub.secretVariable" (dict "name" "EBEAN_DATASOURCE_PASSWORD" "ref" .password) }}
{{- end }}
{{- end }}
- name: SCHEMA_REGISTRY_TYPE
  value: {{ eq .Values.schemaRegistry.type "internal" | ternary "INTERNAL" "KAFKA" }}
{{- with .Values.elasticsearch }}
- name: ELASTICSEARCH_HOST
  value: {{ .host }}
- name: ELASTICSEARCH_PORT
  value: {{ .port | quote }}
- name: ELASTICSEARCH_USE_SSL
  value: {{ .tls | quote }}
- name: ELASTICSEARCH_SHIM_ENGINE_TYPE
  value: AUTO_DETECT
- name: ELASTICSEARCH_SHIM_AUTO_DETECT
  value: "true"
{{- if .password.name }}
- name: ELASTICSEARCH_USERNAME
  value: {{ quote .username }}
{{ include "datahub.secretVariable" (dict "name" "ELASTICSEARCH_PASSWORD" "ref" .password) }}
{{- end }}
{{- with .indexPrefix }}
- name: INDEX_PREFIX
  value: {{ quote . }}
{{- end }}
{{- end }}
- name: GRAPH_SERVICE_IMPL
  value: {{ .Values.graph.type }}
{{- if eq .Values.graph.type "neo4j" }}
{{- with .Values.graph.neo4j }}
- name: NEO4J_URI
  value: {{ .tls | ternary "bolt+s" "bolt" }}://{{ .host }}:{{ int .port }}
- name: NEO4J_DATABASE
  value: {{ quote .database }}
- name: NEO4J_USERNAME
  value: {{ quote .username }}
{{ include "datahub.secretVariable" (dict "name" "NEO4J_PASSWORD" "ref" .password) }}
# It would ask the port for HTTP, which is closed.
- name: SKIP_NEO4J_CHECK
  value: "true"
{{- end }}
{{- end }}
{{ include "datahub.shared" (dict "root" . "name" "DATAHUB_TOKEN_SERVICE_SIGNING_KEY" "key" "tokenSigning") }}
{{ include "datahub.shared" (dict "root" . "name" "DATAHUB_TOKEN_SERVICE_SALT" "key" "tokenSalt") }}
{{ include "datahub.shared" (dict "root" . "name" "SECRET_SERVICE_ENCRYPTION_KEY" "key" "encryption") }}
{{- end }}

{{- define "datahub.gmsEnv" -}}
{{- $heap := div (mul 60 (include "datahub.mebibytes" (dig "limits" "memory" "3Gi" .Values.gms.resources) | int64)) 100 -}}
{{ include "datahub.serviceEnv" . }}
- name: JAVA_OPTS
  value: -Xms{{ $heap }}m -Xmx{{ $heap }}m
- name: KAFKA_SCHEMAREGISTRY_URL
  value: {{ eq .Values.schemaRegistry.type "internal" | ternary "http://localhost:8080/schema-registry/api/" (include "datahub.registryUrl" .) }}
{{- range $consumer := list "MCE" "MAE" "PE" }}
- name: {{ $consumer }}_CONSUMER_ENABLED
  value: "true"
{{- end }}
{{- end }}

{{- define "datahub.frontendEnv" -}}
{{ include "datahub.commonEnv" (dict "root" . "prefix" "KAFKA_PROPERTIES") }}
{{- include "datahub.javaEnv" . }}
{{ include "datahub.shared" (dict "root" . "name" "DATAHUB_SECRET" "key" "session") }}
- name: DATAHUB_APP_VERSION
  value: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
- name: DATAHUB_PLAY_MEM_BUFFER_SIZE
  value: 10MB
- name: DATAHUB_TRACKING_TOPIC
  value: DataHubUsageEvent_v1
{{- with .Values.elasticsearch }}
- name: ELASTIC_CLIENT_HOST
  value: {{ .host }}
- name: ELASTIC_CLIENT_PORT
  value: {{ .port | quote }}
- name: ELASTIC_CLIENT_USE_SSL
  value: {{ .tls | quote }}
{{- if .password.name }}
- name: ELASTIC_CLIENT_USERNAME
  value: {{ quote .username }}
{{ include "datahub.secretVariable" (dict "name" "ELASTIC_CLIENT_PASSWORD" "ref" .password) }}
{{- end }}
{{- with .indexPrefix }}
- name: ELASTIC_INDEX_PREFIX
  value: {{ quote . }}
{{- end }}
{{- end }}
{{- end }}

{{- define "datahub.actionsEnv" -}}
{{ include "datahub.commonEnv" (dict "root" . "prefix" "KAFKA_PROPERTIES" "python" true) }}
- name: SCHEMA_REGISTRY_URL
  value: {{ include "datahub.registryUrl" . }}
- name: KAFKA_AUTO_OFFSET_POLICY
  value: latest
{{- end }}

{{/* What the Jobs have beside: they make tables, indices and topics. */}}
{{- define "datahub.updateEnv" -}}
{{ include "datahub.serviceEnv" . }}
- name: KAFKA_SCHEMAREGISTRY_URL
  value: {{ include "datahub.registryUrl" . }}
- name: USE_CONFLUENT_SCHEMA_REGISTRY
  value: {{ eq .Values.schemaRegistry.type "confluent" | quote }}
{{- if eq .Values.schemaRegistry.type "internal" }}
{{- range $name := list "SCHEMA_REGISTRY_SYSTEM_UPDATE" "SPRING_KAFKA_PROPERTIES_AUTO_REGISTER_SCHEMAS" "SPRING_KAFKA_PROPERTIES_USE_LATEST_VERSION" }}
- name: {{ $name }}
  value: "true"
{{- end }}
{{- end }}
{{- range $name, $value := dict "DATAHUB_SQL_SETUP_ENABLED" "true" "CREATE_TABLES" "true" "CREATE_DB" "false" "DATAHUB_PRECREATE_TOPICS" "true" }}
- name: {{ $name }}
  value: {{ quote $value }}
{{- end }}
- name: PARTITIONS
  value: {{ .Values.kafka.topics.partitions | quote }}
- name: REPLICATION_FACTOR
  value: {{ .Values.kafka.topics.replicationFactor | quote }}
{{- end }}
