{{- define "datahub.gmsProbe" -}}
httpGet:
  path: /health
  port: http
{{- end }}

{{- define "datahub.frontendProbe" -}}
httpGet:
  path: /admin
  port: http
{{- end }}

{{- define "datahub.actionsProbe" -}}
tcpSocket:
  port: http
{{- end }}

{{- define "datahub.databaseVolume" -}}
{{- if eq .Values.database.type "postgresql" }}
{{- include "datahub.postgresqlVolume" .Values.database.postgresql }}
{{- end }}
{{- end }}

{{/* Who signed what the JVMs are shown, as YAML: a map of servers to authorities. */}}
{{- define "datahub.authorities" -}}
{{- $found := dict "elasticsearch" .Values.elasticsearch.authority }}
{{- if eq .Values.database.type "mysql" }}{{ $_ := set $found "mysql" .Values.database.mysql.authority }}{{ end }}
{{- if eq .Values.graph.type "neo4j" }}{{ $_ := set $found "neo4j" .Values.graph.neo4j.authority }}{{ end }}
{{- range $server, $authority := $found }}
{{- if $authority.name }}
{{ $server }}: {{ toJson $authority }}
{{- end }}
{{- end }}
{{- end }}

{{/* An init container that makes the trust of a part's JVM, and nothing where it needs none; takes root and part. */}}
{{- define "datahub.trust" -}}
{{- with include "datahub.authorities" .root | fromYaml }}
{{- $image := include "datahub.programImage" (dict "root" $.root "part" $.part "program" $.program) | fromYaml }}
{{- include "datahub.javaTrust" (dict "root" $.root "image" $image "resources" $.root.Values.database.postgresql.client.resources "authorities" .) }}
{{- end }}
{{- end }}

{{- define "datahub.actionsMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.kafka.authority.name }}
- name: kafka-authority
  mountPath: /etc/kafka-authority
  readOnly: true
{{- end }}
{{- end }}

{{- define "datahub.actionsVolumes" -}}
- name: tmp
  emptyDir: {}
{{- with include "datahub.secretFile" (dict "name" "kafka-authority" "file" "ca.crt" "ref" .Values.kafka.authority) }}
{{ . }}
{{- end }}
{{- end }}

{{/* Mounts of a part in a JVM. */}}
{{- define "datahub.javaMounts" -}}
{{ include "datahub.actionsMounts" . }}
{{- if include "datahub.authorities" . | fromYaml }}
- name: java-trust
  mountPath: /java-trust
  readOnly: true
{{- end }}
{{- end }}

{{- define "datahub.javaVolumes" -}}
{{ include "datahub.actionsVolumes" . }}
{{- with include "datahub.authorities" . | fromYaml }}
{{ include "datahub.javaTrustVolumes" (dict "authorities" .) }}
{{- end }}
{{- end }}

{{- define "datahub.mounts" -}}
{{ include "datahub.javaMounts" . }}
{{- if include "datahub.databaseVolume" . }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- end }}

{{- define "datahub.volumes" -}}
{{ include "datahub.javaVolumes" . }}
{{- with include "datahub.databaseVolume" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "datahub.frontendMounts" -}}
{{ include "datahub.javaMounts" . }}
- name: users
  mountPath: /datahub-frontend/conf/user.props
  subPath: user.props
  readOnly: true
{{- end }}

{{- define "datahub.frontendVolumes" -}}
{{ include "datahub.javaVolumes" . }}
{{ include "datahub.secretFile" (dict "name" "users" "file" "user.props" "ref" .Values.auth.users) | default "- name: users\n  emptyDir:\n    medium: Memory\n    sizeLimit: 1Mi" }}
{{- end }}

{{/* Where no file of users is named, it is written of the one user's password. */}}
{{- define "datahub.frontendInit" -}}
{{ include "datahub.trust" (dict "root" . "part" "frontend" "program" "frontend-react") }}
{{- if not .Values.auth.users.name }}
{{- with .Values.database.postgresql.client }}
- {{ include "datahub.container" (dict "root" $ "name" "users" "image" .image "resources" .resources) | indent 2 | trim }}
  command: [/bin/sh, -euc]
  args:
    - |
      umask 0227
      rm -f /users/user.props
      printf '%s:%s\n' "$ADMIN_NAME" "$ADMIN_PASSWORD" > /users/user.props
  env:
    - name: ADMIN_NAME
      value: {{ quote $.Values.auth.admin.username }}
    {{- include "datahub.secretVariable" (dict "name" "ADMIN_PASSWORD" "ref" $.Values.auth.admin.password) | nindent 4 }}
  volumeMounts:
    - name: users
      mountPath: /users
{{- end }}
{{- end }}
{{- end }}

{{- define "datahub.gmsInit" -}}
{{ include "datahub.waitForDatabase" . }}
{{ include "datahub.trust" (dict "root" . "part" "gms") }}
{{- end }}

{{- define "datahub.frontendName" -}}
{{ include "datahub.fullname" . }}-frontend
{{- end }}

{{- define "datahub.http" -}}
http
{{- end }}

{{- define "datahub.scrape" -}}
port: metrics
path: /metrics
{{- end }}

{{/* Waits for the database, where it is a PostgreSQL: its client is at hand. */}}
{{- define "datahub.waitForDatabase" -}}
{{- if eq .Values.database.type "postgresql" }}
{{- with .Values.database.postgresql }}
{{- include "datahub.postgresqlWait" (dict "root" $ "database" . "client" .client "statement" "SELECT 1") }}
{{- end }}
{{- end }}
{{- end }}

{{/* Waits for GMS, which waits for the first Job. */}}
{{- define "datahub.waitForGms" -}}
{{- with .Values.database.postgresql.client -}}
- {{ include "datahub.container" (dict "root" $ "name" "wait-for-gms" "image" .image "resources" .resources) | indent 2 | trim }}
  command: [/bin/sh, -euc]
  args:
    - |
      until wget -q -O /dev/null http://{{ include "datahub.gmsName" $ }}:8080/health; do sleep 5; done
{{- end }}
{{- end }}

{{/* Pod of a Job of the upgrade's image; takes root, component, what it waits for, args and resources. */}}
{{- define "datahub.updatePod" -}}
{{- $image := include "datahub.programImage" (dict "root" .root "part" "upgrade") | fromYaml -}}
metadata:
  {{- include "datahub.podMetadata" (dict "root" .root "component" .component) | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "datahub.pod" (dict "root" .root "images" (list $image .root.Values.database.postgresql.client.image) "serviceAccount" (include "datahub.serviceAccountName" .root)) | nindent 2 }}
  {{- with printf "%s\n%s" .wait (include "datahub.trust" (dict "root" .root "part" "upgrade")) | trim }}
  initContainers:
    {{- . | nindent 4 }}
  {{- end }}
  containers:
    - {{ include "datahub.container" (dict "root" .root "name" .component "image" $image "resources" .resources) | indent 6 | trim }}
      args:
        {{- toYaml .args | nindent 8 }}
      env:
        {{- include "datahub.updateEnv" .root | nindent 8 }}
      volumeMounts:
        {{- include "datahub.mounts" .root | nindent 8 }}
  volumes:
    {{- include "datahub.volumes" .root | nindent 4 }}
{{- end }}

{{- define "datahub.blockingPod" -}}
{{ include "datahub.updatePod" (dict "root" . "component" "system-update" "args" (list "-u" "SystemUpdateBlocking") "resources" .Values.systemUpdate.resources "wait" (include "datahub.waitForDatabase" .)) }}
{{- end }}

{{- define "datahub.nonBlockingPod" -}}
{{ include "datahub.updatePod" (dict "root" . "component" "later-update" "args" (list "-u" "SystemUpdateNonBlocking") "resources" .Values.systemUpdate.resources "wait" (include "datahub.waitForGms" .)) }}
{{- end }}

{{- define "datahub.indexRestorePod" -}}
{{- $args := list "-u" "RestoreIndices" "-a" (printf "batchSize=%d" (int .Values.indexRestore.batchSize)) }}
{{- include "datahub.updatePod" (dict "root" . "component" "restore-indices" "args" $args "resources" .Values.indexRestore.resources "wait" (include "datahub.waitForDatabase" .)) }}
{{- end }}

{{- define "datahub.testVolumes" -}}
[]
{{- end }}

{{- define "datahub.testContainer" -}}
{{- include "datahub.container" (dict "root" . "name" "health" "image" .Values.database.postgresql.client.image "resources" .Values.tests.resources) }}
command: [/bin/sh, -euc]
args:
  - |
    wget -q -O /dev/null http://{{ include "datahub.gmsName" . }}:8080/health
    wget -q -O /dev/null http://{{ include "datahub.frontendName" . }}:9002/admin
    echo "GMS and the frontend answer"
{{- end }}
