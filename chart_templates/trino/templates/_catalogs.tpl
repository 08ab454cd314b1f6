{{/* Text of a file of properties; takes a map. */}}
{{- define "trino.properties" -}}
{{- range $key, $value := . }}
{{ $key }}={{ $value }}
{{- end }}
{{- end }}

{{/* Properties of an S3 store, as YAML; takes s3 (S3Connection), prefix of the properties and of the variables. */}}
{{- define "trino.s3" -}}
{{- $told := dict "region" .s3.region "path-style-access" .s3.pathStyleAccess }}
{{- with .s3.endpoint }}{{ $_ := set $told "endpoint" . }}{{ end }}
{{- if .s3.accessKey.name }}{{ $_ := set $told "aws-access-key" (printf "${ENV:%s_S3_ACCESS_KEY}" .variable) }}{{ end }}
{{- if .s3.secretKey.name }}{{ $_ := set $told "aws-secret-key" (printf "${ENV:%s_S3_SECRET_KEY}" .variable) }}{{ end }}
{{- range $key, $value := $told }}
{{ $.prefix }}{{ $key }}: {{ quote $value }}
{{- end }}
{{- end }}

{{/* URL of a PostgreSQL database for Java; takes database (PostgresqlConnection) and folder of the authority. */}}
{{- define "trino.jdbcUrl" -}}
{{- with .database -}}
jdbc:postgresql://{{ contains ":" .host | ternary (printf "[%s]" .host) .host }}:{{ int .port }}/{{ .database }}?sslmode={{ .sslMode }}
{{- if hasPrefix "verify-" .sslMode -}}
{{ .sslRootCert.name | empty | ternary "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" (printf "&sslrootcert=%s/ca.crt" $.folder) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Properties of a catalog, as YAML; takes name and catalog. */}}
{{- define "trino.catalog" -}}
{{- $variable := printf "CATALOG_%s" (upper .name) }}
{{- $folder := printf "/etc/trino-catalogs/%s" .name }}
{{- $type := .catalog.type }}
{{- $told := dict "connector.name" (hasPrefix "iceberg" $type | ternary "iceberg" (snakecase $type)) }}
{{- with index .catalog $type }}
{{- if eq $type "postgresql" }}
{{- $_ := merge $told (dict "connection-url" (include "trino.jdbcUrl" (dict "database" . "folder" $folder)) "connection-user" .username "connection-password" (printf "${ENV:%s_PASSWORD}" $variable)) }}
{{- else if eq $type "mysql" }}
{{- $_ := merge $told (dict "connection-url" (include "trino.mysqlJdbcUrl" .) "connection-user" .username "connection-password" (printf "${ENV:%s_PASSWORD}" $variable)) }}
{{- else if eq $type "kafka" }}
{{- $_ := merge $told (dict "kafka.nodes" (join "," .nodes) "kafka.table-names" (join "," .tableNames) "kafka.default-schema" .defaultSchema "kafka.hide-internal-columns" .hideInternalColumns) }}
{{- if .clientProperties.name }}{{ $_ := set $told "kafka.config.resources" (printf "%s/client.properties" $folder) }}
{{- else if ne .securityProtocol "PLAINTEXT" }}{{ $_ := set $told "kafka.config.resources" (printf "/run/kafka/%s.properties" $.name) }}{{ end }}
{{- else if eq $type "elasticsearch" }}
{{- $_ := merge $told (dict "elasticsearch.host" .host "elasticsearch.port" (int .port) "elasticsearch.default-schema-name" .schema "elasticsearch.tls.enabled" .tls) }}
{{- if .username }}{{ $_ := merge $told (dict "elasticsearch.security" "PASSWORD" "elasticsearch.auth.user" .username "elasticsearch.auth.password" (printf "${ENV:%s_PASSWORD}" $variable)) }}{{ end }}
{{- if .ca.name }}{{ $_ := set $told "elasticsearch.tls.truststore-path" (printf "%s/ca.crt" $folder) }}{{ end }}
{{- else if .s3 }}
{{- $_ := merge $told (dict "fs.native-s3.enabled" true) (include "trino.s3" (dict "s3" .s3 "prefix" "s3." "variable" $variable) | fromYaml) }}
{{- with .metastore }}{{ $_ := set $told "hive.metastore.uri" . }}{{ end }}
{{- if hasPrefix "iceberg" $type }}{{ $_ := merge $told (dict "iceberg.catalog.type" (get (dict "icebergHive" "hive_metastore" "icebergRest" "rest" "icebergJdbc" "jdbc") $type)) }}{{ end }}
{{- if eq $type "icebergRest" }}
{{- $_ := set $told "iceberg.rest-catalog.uri" .url }}
{{- with .warehouse }}{{ $_ := set $told "iceberg.rest-catalog.warehouse" . }}{{ end }}
{{- if .token.name }}{{ $_ := merge $told (dict "iceberg.rest-catalog.security" "OAUTH2" "iceberg.rest-catalog.oauth2.token" (printf "${ENV:%s_TOKEN}" $variable)) }}{{ end }}
{{- else if eq $type "icebergJdbc" }}
{{- $jdbc := dict "driver-class" "org.postgresql.Driver" "connection-url" (include "trino.jdbcUrl" (dict "database" . "folder" $folder)) "connection-user" .username "connection-password" (printf "${ENV:%s_PASSWORD}" $variable) "catalog-name" $.name "default-warehouse-dir" .warehouse }}
{{- range $key, $value := $jdbc }}{{ $_ := set $told (print "iceberg.jdbc-catalog." $key) $value }}{{ end }}
{{- end }}
{{- else if has $type (list "tpch" "tpcds") }}
{{- $_ := set $told (printf "%s.splits-per-node" $type) (int .splitsPerNode) }}
{{- else if eq $type "memory" }}
{{- $_ := set $told "memory.max-data-per-node" .maxDataPerNode }}
{{- end }}
{{- end }}
{{- merge $told .catalog.properties | toYaml }}
{{- end }}

{{/* Files of all catalogs. */}}
{{- define "trino.catalogFiles" -}}
{{- $files := dict }}
{{- range $name, $catalog := .Values.catalogs }}
{{- $properties := include "trino.catalog" (dict "name" $name "catalog" $catalog) | fromYaml }}
{{- $_ := set $files (printf "%s.properties" $name) (printf "%s\n" (include "trino.properties" $properties | trim)) }}
{{- end }}
{{- toYaml $files }}
{{- end }}

{{/* Secrets of catalogs, exchange and spooling, as YAML: variables, and what they refer to. */}}
{{- define "trino.secrets" -}}
{{- $found := dict "TRINO_SHARED_SECRET" .Values.sharedSecret }}
{{- $stores := dict }}
{{- range $name, $catalog := .Values.catalogs }}
{{- $variable := printf "CATALOG_%s" (upper $name) }}
{{- $own := index $catalog $catalog.type }}
{{- $_ := set $found (print $variable "_PASSWORD") $own.password }}
{{- $_ := set $found (print $variable "_TOKEN") $own.token }}
{{- $_ := set $stores $variable $own.s3 }}
{{- end }}
{{- range $part := list "exchange" "spooling" }}
{{- with index $.Values $part }}
{{- if .enabled }}
{{- $_ := set $stores (upper $part) .s3 }}
{{- $_ := set $found "TRINO_SPOOLING_KEY" (.sharedSecretKey | default (index $found "TRINO_SPOOLING_KEY")) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $variable, $s3 := $stores }}
{{- with $s3 }}
{{- $_ := merge $found (dict (print $variable "_S3_ACCESS_KEY") .accessKey (print $variable "_S3_SECRET_KEY") .secretKey) }}
{{- end }}
{{- end }}
{{- toYaml $found }}
{{- end }}

{{/* Files of catalogs from Secrets, as YAML: a map of catalogs to file and ref. */}}
{{- define "trino.catalogSecretFiles" -}}
{{- $found := dict }}
{{- range $name, $catalog := .Values.catalogs }}
{{- $own := index $catalog $catalog.type }}
{{- $authority := coalesce $own.sslRootCert $own.ca (eq $catalog.type "kafka" | ternary $own.authority nil) (dict "name" "") }}
{{- if $authority.name }}{{ $_ := set $found $name (dict "file" "ca.crt" "ref" $authority) }}{{ end }}
{{- if ($own.clientProperties | default dict).name }}{{ $_ := set $found $name (dict "file" "client.properties" "ref" $own.clientProperties) }}{{ end }}
{{- end }}
{{- toYaml $found }}
{{- end }}

{{/* Port of a URL, or of a host with a port. */}}
{{- define "trino.port" -}}
{{- regexFind ":[0-9]+" (regexReplaceAll "^[a-z0-9]+://" . "") | trimPrefix ":" | default (hasPrefix "http://" . | ternary "80" "443") }}
{{- end }}

{{/* Ports of everything that catalogs, exchange and spooling talk to, one a line. */}}
{{- define "trino.remotePorts" -}}
{{- $ports := list }}
{{- range $name, $catalog := .Values.catalogs }}
{{- $own := index $catalog $catalog.type }}
{{- with $own.port }}{{ $ports = append $ports (int . | toString) }}{{ end }}
{{- range concat ($own.nodes | default list) (compact (list $own.metastore $own.url)) }}{{ $ports = append $ports (include "trino.port" .) }}{{ end }}
{{- with $own.s3 }}{{ $ports = append $ports (include "trino.port" .endpoint) }}{{ end }}
{{- end }}
{{- range list .Values.exchange .Values.spooling }}
{{- if .enabled }}{{ $ports = append $ports (include "trino.port" .s3.endpoint) }}{{ end }}
{{- end }}
{{- $ports | uniq | sortAlpha | join "\n" }}
{{- end }}

{{/* Who signed what the JVM itself is shown, as YAML: a map of catalogs to authorities. */}}
{{- define "trino.authorities" -}}
{{- range $name, $catalog := .Values.catalogs }}
{{- if and (eq $catalog.type "mysql") $catalog.mysql.authority.name }}
{{ $name | replace "_" "-" }}: {{ toJson $catalog.mysql.authority }}
{{- end }}
{{- end }}
{{- end }}

{{- define "trino.trust" -}}
{{- with include "trino.authorities" . | fromYaml }}
{{- include "trino.javaTrust" (dict "root" $ "image" $.Values.image "resources" $.Values.tests.resources "authorities" .) }}
{{- end }}
{{- end }}

{{/* Files of Kafka's clients, as YAML: a map of catalogs that log in or have TLS. */}}
{{- define "trino.kafkaCatalogs" -}}
{{- range $name, $catalog := .Values.catalogs }}
{{- if and (eq $catalog.type "kafka") (ne $catalog.kafka.securityProtocol "PLAINTEXT") (not $catalog.kafka.clientProperties.name) }}
{{ $name }}: {{ toJson $catalog.kafka }}
{{- end }}
{{- end }}
{{- end }}

{{/* Trino reads no variable in a file of Kafka's properties: they are written before it starts. */}}
{{- define "trino.kafkaFiles" -}}
{{- with include "trino.kafkaCatalogs" . | fromYaml }}
{{- "" -}}
- {{ include "trino.container" (dict "root" $ "name" "kafka" "image" $.Values.image "resources" $.Values.tests.resources) | indent 2 | trim }}
  command: [/bin/bash, -euc]
  args:
    - |
      umask 077
      {{- range $name, $kafka := . }}
      {{- if eq $kafka.securityProtocol "SASL_SSL" }}
      case "$CATALOG_{{ upper $name }}_PASSWORD" in *[\"\\]*|*$'\n'*) echo 'the password of the catalog {{ $name }} has a double quote, a backslash or a line break, which its file cannot hold: take another' >&2; exit 1 ;; esac
      {{- end }}
      {
        echo 'security.protocol={{ $kafka.securityProtocol }}'
        {{- if $kafka.authority.name }}
        echo 'ssl.truststore.type=PEM'
        echo 'ssl.truststore.location=/etc/trino-catalogs/{{ $name }}/ca.crt'
        {{- end }}
        {{- if eq $kafka.securityProtocol "SASL_SSL" }}
        echo 'sasl.mechanism=SCRAM-SHA-512'
        echo "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"{{ $kafka.username }}\" password=\"$CATALOG_{{ upper $name }}_PASSWORD\";"
        {{- end }}
      } > /run/kafka/{{ $name }}.properties
      {{- end }}
  env:
    {{- range $name, $kafka := . }}
    {{- include "trino.secretVariable" (dict "name" (printf "CATALOG_%s_PASSWORD" (upper $name)) "ref" $kafka.password) | nindent 4 }}
    {{- end }}
  volumeMounts:
    - name: kafka
      mountPath: /run/kafka
{{- end }}
{{- end }}

{{- define "trino.init" -}}
{{ include "trino.trust" . }}
{{ include "trino.kafkaFiles" . }}
{{- end }}

{{- define "trino.coordinatorInit" -}}
{{ include "trino.keystore" . }}
{{ include "trino.init" . }}
{{- end }}
