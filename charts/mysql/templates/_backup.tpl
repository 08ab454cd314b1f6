{{/* Dumps every database but the server's own; a run is a folder. */}}
{{- define "mysql.backupScript" -}}
{{ include "mysql.clientFile" . }}
{{ include "mysql.backupRun" (dict "root" . "script" (include "mysql.dumpScript" .)) }}
{{- end }}

{{- define "mysql.dumpScript" -}}
mysql --defaults-file=/tmp/client.cnf --batch --skip-column-names --execute="SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema') ORDER BY 1" > /tmp/databases
while read -r database; do
  mysqldump --defaults-file=/tmp/client.cnf --add-drop-database --result-file="/backup/$run.part/$database.sql" --databases "$database"
done < /tmp/databases
{{- end }}

{{/* Puts the databases of a run back, in place of those that are there: RUN, else the newest; DATABASE alone, where set. */}}
{{- define "mysql.restoreScript" -}}
{{ include "mysql.clientFile" . }}
{{ include "mysql.chosenRun" (dict "root" .) }}
if [ -n "${DATABASE:-}" ]; then ls "/backup/$run/$DATABASE.sql"; else ls "/backup/$run"/*.sql; fi > /tmp/dumps
while read -r dump; do
  database="$(basename "$dump" .sql)"
  mysql --defaults-file=/tmp/client.cnf < "$dump"
  echo "restored $database from /backup/$run"
done < /tmp/dumps
{{- end }}

{{- define "mysql.backupContainer" -}}
{{- include "mysql.client" (dict "root" . "name" "backup" "resources" .Values.backup.resources) }}
{{- end }}

{{- define "mysql.restoreContainer" -}}
{{- include "mysql.client" (dict "root" . "name" "restore" "resources" .Values.backup.resources) }}
{{- end }}
