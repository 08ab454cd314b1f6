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

{{- define "datahub.actionsMounts" -}}
- name: tmp
  mountPath: /tmp
{{- end }}

{{- define "datahub.actionsVolumes" -}}
- name: tmp
  emptyDir: {}
{{- end }}

{{- define "datahub.mounts" -}}
{{ include "datahub.actionsMounts" . }}
{{- if include "datahub.databaseVolume" . }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- end }}

{{- define "datahub.volumes" -}}
{{ include "datahub.actionsVolumes" . }}
{{- with include "datahub.databaseVolume" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "datahub.frontendMounts" -}}
{{ include "datahub.actionsMounts" . }}
- name: users
  mountPath: /datahub-frontend/conf/user.props
  subPath: user.props
  readOnly: true
{{- end }}

{{- define "datahub.frontendVolumes" -}}
{{ include "datahub.actionsVolumes" . }}
{{ include "datahub.secretFile" (dict "name" "users" "file" "user.props" "ref" .Values.auth.users) }}
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

{{/* Pod of a Job of the upgrade; takes root, component, what it waits for, and update, what it does. */}}
{{- define "datahub.updatePod" -}}
{{- $image := include "datahub.programImage" (dict "root" .root "part" "upgrade") | fromYaml -}}
metadata:
  {{- include "datahub.podMetadata" (dict "root" .root "component" .component) | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "datahub.pod" (dict "root" .root "images" (list $image .root.Values.database.postgresql.client.image) "serviceAccount" (include "datahub.serviceAccountName" .root)) | nindent 2 }}
  {{- with .wait }}
  initContainers:
    {{- . | nindent 4 }}
  {{- end }}
  containers:
    - {{ include "datahub.container" (dict "root" .root "name" .component "image" $image "resources" .root.Values.systemUpdate.resources) | indent 6 | trim }}
      args: [-u, {{ .update }}]
      env:
        {{- include "datahub.updateEnv" .root | nindent 8 }}
      volumeMounts:
        {{- include "datahub.mounts" .root | nindent 8 }}
  volumes:
    {{- include "datahub.volumes" .root | nindent 4 }}
{{- end }}

{{- define "datahub.blockingPod" -}}
{{ include "datahub.updatePod" (dict "root" . "component" "system-update" "update" "SystemUpdateBlocking" "wait" (include "datahub.waitForDatabase" .)) }}
{{- end }}

{{- define "datahub.nonBlockingPod" -}}
{{ include "datahub.updatePod" (dict "root" . "component" "later-update" "update" "SystemUpdateNonBlocking" "wait" (include "datahub.waitForGms" .)) }}
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
