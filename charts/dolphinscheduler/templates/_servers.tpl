{{/* An image of the program, as YAML; takes root and part, and optionally program, the end of its name. */}}
{{- define "dolphinscheduler.programImage" -}}
{{- $image := .root.Values.image }}
{{- $repository := printf "%s-%s" $image.repository (.program | default .part) }}
{{- merge (dict "repository" $repository "digest" (index $image.digests .part)) (omit $image "digests") | toYaml }}
{{- end }}

{{/* Variables of every program. Spring and common.properties alike take them before their files; takes root, heap and optionally database. */}}
{{- define "dolphinscheduler.env" -}}
{{- $values := .root.Values -}}
- name: HOME
  value: /tmp
- name: TZ
  value: {{ $values.timeZone }}
- name: SPRING_JACKSON_TIME_ZONE
  value: {{ $values.timeZone }}
- name: JAVA_OPTS
  # The image has the JVM ignore the container's limit.
  value: -server -Duser.timezone={{ $values.timeZone }} -Duser.home=/tmp -Duser.name=dolphinscheduler -Xms{{ .heap }}m -Xmx{{ .heap }}m -XX:+ExitOnOutOfMemoryError
- name: SUDO_ENABLE
  value: "false"
- name: MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED
  value: "true"
- name: MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE
  value: {{ $values.metrics.enabled | ternary "health,prometheus" "health" }}
{{- with $values.zookeeper }}
{{- $servers := list }}
{{- range .servers }}{{ $servers = append $servers (printf "%s:%d" . (int $values.zookeeper.port)) }}{{ end }}
- name: REGISTRY_TYPE
  value: zookeeper
- name: REGISTRY_ZOOKEEPER_CONNECT_STRING
  value: {{ join "," $servers }}
- name: REGISTRY_ZOOKEEPER_NAMESPACE
  value: {{ quote .namespace }}
- name: REGISTRY_ZOOKEEPER_BLOCK_UNTIL_CONNECTED
  # Longer than the start of ZooKeeper: then the program ends.
  value: 300s
- name: REGISTRY_ZOOKEEPER_SESSION_TIMEOUT
  value: 60s
{{- if .tls }}
- name: JAVA_TOOL_OPTIONS
  # The class of ZooKeeper that speaks TLS; the keystore holds key and chain in one file.
  value: -Dzookeeper.client.secure=true -Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty -Dzookeeper.ssl.keyStore.location=/run/zookeeper/keystore.pem -Dzookeeper.ssl.trustStore.location=/run/zookeeper/truststore.pem
{{- end }}
{{- with include "dolphinscheduler.secretVariable" (dict "name" "REGISTRY_ZOOKEEPER_DIGEST" "ref" .digest) }}
{{ . }}
{{- end }}
{{- end }}
{{- if .database }}
{{ include "dolphinscheduler.databaseEnv" .root }}
{{- end }}
{{ include "dolphinscheduler.storeEnv" $values.resourceStore }}
{{- end }}

{{- define "dolphinscheduler.databaseEnv" -}}
{{- with .Values.database -}}
- name: DATABASE
  value: postgresql
- name: SPRING_PROFILES_ACTIVE
  value: postgresql
- name: SPRING_DATASOURCE_URL
  value: {{ include "dolphinscheduler.postgresqlJdbcUrl" . }}
- name: SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE
  value: {{ .maxConnections | quote }}
- name: SPRING_DATASOURCE_USERNAME
  value: {{ .username }}
{{ include "dolphinscheduler.secretVariable" (dict "name" "SPRING_DATASOURCE_PASSWORD" "ref" .password) }}
{{- end }}
{{- end }}

{{/* Takes the resource store's values. */}}
{{- define "dolphinscheduler.storeEnv" -}}
- name: RESOURCE_STORAGE_TYPE
  value: {{ get (dict "s3" "S3" "hdfs" "HDFS" "volume" "LOCAL") .type }}
- name: RESOURCE_STORAGE_UPLOAD_BASE_PATH
  value: {{ quote .basePath }}
{{- if eq .type "s3" }}
- name: AWS_S3_CREDENTIALS_PROVIDER_TYPE
  value: {{ .s3.accessKeyId.name | empty | ternary "InstanceProfileCredentialsProvider" "AWSStaticCredentialsProvider" }}
- name: AWS_S3_BUCKET_NAME
  value: {{ quote .s3.bucket }}
- name: AWS_S3_REGION
  value: {{ quote .s3.region }}
- name: AWS_S3_ENDPOINT
  value: {{ .s3.endpoint | default (printf "https://s3.%s.amazonaws.com" .s3.region) }}
{{- range $name, $ref := dict "ID" .s3.accessKeyId "SECRET" .s3.secretAccessKey }}
{{- with include "dolphinscheduler.secretVariable" (dict "name" (print "AWS_S3_ACCESS_KEY_" $name) "ref" $ref) }}
{{ . }}
{{- end }}
{{- end }}
{{- else if eq .type "hdfs" }}
- name: RESOURCE_HDFS_FS_DEFAULTFS
  value: {{ quote .hdfs.defaultFS }}
- name: RESOURCE_HDFS_ROOT_USER
  value: {{ quote .hdfs.rootUser }}
{{- end }}
{{- end }}

{{/* The heap of a server that does nothing else, in MiB: what its limit leaves after the JVM's own 512; takes resources. */}}
{{- define "dolphinscheduler.heap" -}}
{{- $limit := dig "limits" "memory" "2Gi" . }}
{{- max 256 (sub (include "dolphinscheduler.mebibytes" $limit | int) 512) }}
{{- end }}

{{- define "dolphinscheduler.apiEnv" -}}
{{ include "dolphinscheduler.env" (dict "root" . "database" true "heap" (include "dolphinscheduler.heap" .Values.api.resources)) }}
- name: API_PYTHON_GATEWAY_ENABLED
  # Its token is a constant that everybody knows.
  value: "false"
{{- end }}

{{- define "dolphinscheduler.masterEnv" -}}
{{ include "dolphinscheduler.env" (dict "root" . "database" true "heap" (include "dolphinscheduler.heap" .Values.master.resources)) }}
- name: MASTER_SERVER_LOAD_PROTECTION_ENABLED
  # It would measure the node, not the pod.
  value: "false"
{{- end }}

{{/* Tasks can read it, so it has no password of the database. */}}
{{- define "dolphinscheduler.workerEnv" -}}
{{ include "dolphinscheduler.env" (dict "root" . "heap" (int .Values.worker.heap)) }}
- name: WORKER_SERVER_LOAD_PROTECTION_ENABLED
  value: "false"
- name: WORKER_TENANT_CONFIG_DEFAULT_TENANT_ENABLED
  # Without sudo there is one user, whom all tenants are.
  value: "true"
{{- end }}

{{- define "dolphinscheduler.alertEnv" -}}
{{ include "dolphinscheduler.env" (dict "root" . "database" true "heap" (include "dolphinscheduler.heap" .Values.alert.resources)) }}
{{- end }}

{{/* ZooKeeper's client reads key and chain from one file, and tells a PEM file by its name. */}}
{{- define "dolphinscheduler.keystore" -}}
{{- if .Values.zookeeper.tls }}
{{- with .Values.database.client -}}
- {{ include "dolphinscheduler.container" (dict "root" $ "name" "keystore" "image" .image "resources" .resources) | indent 2 | trim }}
  command: [/bin/sh, -euc]
  args:
    - |
      umask 077
      cat /tls/tls.key /tls/tls.crt > /run/zookeeper/keystore.pem
      cat /tls/ca.crt > /run/zookeeper/truststore.pem
  volumeMounts:
    - name: tls
      mountPath: /tls
      readOnly: true
    - name: keystore
      mountPath: /run/zookeeper
{{- end }}
{{- end }}
{{- end }}

{{/* Of a server that uses the database. */}}
{{- define "dolphinscheduler.init" -}}
{{ include "dolphinscheduler.waitForSchema" . }}
{{ include "dolphinscheduler.keystore" . }}
{{- end }}

{{/* Mounts of every server. */}}
{{- define "dolphinscheduler.ownMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.zookeeper.tls }}
- name: keystore
  mountPath: /run/zookeeper
  readOnly: true
{{- end }}
- name: logs
  mountPath: /opt/dolphinscheduler/logs
{{- if eq .Values.resourceStore.type "volume" }}
- name: resources
  mountPath: {{ quote .Values.resourceStore.basePath }}
{{- end }}
{{- end }}

{{/* Mounts of a server that uses the database. */}}
{{- define "dolphinscheduler.mounts" -}}
{{ include "dolphinscheduler.ownMounts" . }}
{{- if .Values.database.sslRootCert.name }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- end }}

{{/* Volumes of a server whose logs are on a claim. */}}
{{- define "dolphinscheduler.ownVolumes" -}}
- name: tmp
  emptyDir: {}
{{- if .Values.zookeeper.tls }}
{{ include "dolphinscheduler.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key" "ca.crt")) }}
- name: keystore
  emptyDir:
    medium: Memory
    sizeLimit: 1Mi
{{- end }}
{{- with .Values.resourceStore }}
{{- if eq .type "volume" }}
- name: resources
  persistentVolumeClaim:
    claimName: {{ .volume.existingClaim | default (printf "%s-resources" (include "dolphinscheduler.fullname" $)) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "dolphinscheduler.masterVolumes" -}}
{{ include "dolphinscheduler.ownVolumes" . }}
{{- with include "dolphinscheduler.postgresqlVolume" .Values.database }}
{{ . }}
{{- end }}
{{- end }}

{{- define "dolphinscheduler.volumes" -}}
{{ include "dolphinscheduler.masterVolumes" . }}
- name: logs
  emptyDir: {}
{{- end }}

{{- define "dolphinscheduler.masterClaims" -}}
{{- dict "logs" .Values.master.persistence | toYaml }}
{{- end }}

{{- define "dolphinscheduler.workerClaims" -}}
{{- dict "logs" .Values.worker.persistence | toYaml }}
{{- end }}

{{/* On the port of the actuator: what comes to a port of the RPC is no HTTP, or `illegal packet [magic]69`. Takes probe. */}}
{{- define "dolphinscheduler.actuatorProbe" -}}
httpGet:
  path: /actuator/health/{{ eq .probe "readinessProbe" | ternary "readiness" "liveness" }}
  port: actuator
{{- end }}

{{- define "dolphinscheduler.apiProbe" -}}
httpGet:
  path: /dolphinscheduler/actuator/health/{{ eq .probe "readinessProbe" | ternary "readiness" "liveness" }}
  port: http
{{- end }}

{{- define "dolphinscheduler.apiName" -}}
{{ include "dolphinscheduler.fullname" . }}-api
{{- end }}

{{- define "dolphinscheduler.http" -}}
http
{{- end }}

{{- define "dolphinscheduler.apiScrape" -}}
port: http
path: /dolphinscheduler/actuator/prometheus
{{- end }}

{{- define "dolphinscheduler.scrape" -}}
port: actuator
path: /actuator/prometheus
{{- end }}

{{- define "dolphinscheduler.testVolumes" -}}
[]
{{- end }}

{{- define "dolphinscheduler.testContainer" -}}
{{- include "dolphinscheduler.container" (dict "root" . "name" "health" "image" .Values.database.client.image "resources" .Values.tests.resources) }}
command: [/bin/sh, -euc]
args:
  - |
    wget -q -O - http://{{ include "dolphinscheduler.apiName" . }}.{{ include "dolphinscheduler.namespace" . }}.svc:12345/dolphinscheduler/actuator/health | grep '"status":"UP"'
{{- end }}
