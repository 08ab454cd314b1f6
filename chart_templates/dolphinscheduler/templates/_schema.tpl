{{/* What the Job writes beside the table of the version once it is done. */}}
{{- define "dolphinscheduler.readyMark" -}}
ready for {{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Servers that start before the schema end at once, and those that start before the password is set let everybody in. */}}
{{- define "dolphinscheduler.waitForSchema" -}}
{{- $statement := printf "SELECT 1 / count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass($q$t_ds_version$q$) AND obj_description(oid) = $q$%s$q$" (include "dolphinscheduler.readyMark" .) }}
{{- with .Values.database }}
{{- include "dolphinscheduler.postgresqlWait" (dict "root" $ "database" . "client" .client "statement" $statement) }}
{{- end }}
{{- end }}

{{- define "dolphinscheduler.adminScript" -}}
psql -X -q -v ON_ERROR_STOP=1 <<'SQL'
\getenv password ADMIN_PASSWORD
BEGIN;
-- The password that the schema brings, and no other.
UPDATE t_ds_user SET user_password = md5(:'password') WHERE user_name = 'admin' AND user_password = md5('dolphinscheduler123');
COMMENT ON TABLE t_ds_version IS '{{ include "dolphinscheduler.readyMark" . }}';
COMMIT;
SQL
echo "the schema is there"
{{- end }}

{{- define "dolphinscheduler.schemaPod" -}}
{{- $image := include "dolphinscheduler.programImage" (dict "root" . "part" "tools") | fromYaml -}}
metadata:
  {{- include "dolphinscheduler.podMetadata" (dict "root" . "component" "schema") | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "dolphinscheduler.pod" (dict "root" . "images" (list $image .Values.database.client.image) "serviceAccount" (include "dolphinscheduler.serviceAccountName" .)) | nindent 2 }}
  initContainers:
    {{- include "dolphinscheduler.postgresqlWait" (dict "root" . "database" .Values.database "client" .Values.database.client "statement" "SELECT 1") | nindent 4 }}
    - {{ include "dolphinscheduler.container" (dict "root" . "name" "schema" "image" $image "resources" .Values.schema.resources) | indent 6 | trim }}
      command: [/bin/bash, tools/bin/upgrade-schema.sh]
      env:
        {{- include "dolphinscheduler.env" (dict "root" . "database" true "heap" (include "dolphinscheduler.heap" .Values.schema.resources)) | nindent 8 }}
      volumeMounts:
        {{- include "dolphinscheduler.mounts" . | nindent 8 }}
  containers:
    - {{ include "dolphinscheduler.container" (dict "root" . "name" "administrator" "image" .Values.database.client.image "resources" .Values.database.client.resources) | indent 6 | trim }}
      command: [/bin/sh, -euc]
      args:
        - |
          {{- include "dolphinscheduler.adminScript" . | nindent 10 }}
      env:
        {{- include "dolphinscheduler.libpq" (dict "database" .Values.database) | nindent 8 }}
        {{- include "dolphinscheduler.secretVariable" (dict "name" "ADMIN_PASSWORD" "ref" .Values.admin.password) | nindent 8 }}
      volumeMounts:
        {{- include "dolphinscheduler.postgresqlMounts" .Values.database | nindent 8 }}
  volumes:
    {{- include "dolphinscheduler.volumes" . | nindent 4 }}
{{- end }}
