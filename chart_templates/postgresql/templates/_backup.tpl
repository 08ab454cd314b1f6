{{/* Dumps every database but the administrator's own, which holds nothing; a run is a folder. */}}
{{- define "postgresql.backupScript" -}}
{{- include "postgresql.backupRun" (dict "root" . "script" (include "postgresql.dumpScript" .)) }}
{{- end }}

{{- define "postgresql.dumpScript" -}}
pg_dumpall --roles-only --no-role-passwords --file="/backup/$run.part/roles.sql"
psql -X -A -t -c "SELECT datname FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres' ORDER BY 1" > /tmp/databases
while read -r database; do
  set --
  case "$database" in
    {{- range $name, $database := .Values.databases }}
    {{- with ($database | default dict).excludeTableData }}
    {{ $name }}) set --{{ range . }} --exclude-table-data='{{ . }}'{{ end }} ;;
    {{- end }}
    {{- end }}
    *) ;;
  esac
  pg_dump --format=custom "$@" --file="/backup/$run.part/$database.dump" "$database"
done < /tmp/databases
{{- end }}

{{/* Puts the databases of a run back, in place of those that are there: RUN, else the newest; DATABASE alone, where set. */}}
{{- define "postgresql.restoreScript" -}}
{{ include "postgresql.chosenRun" (dict "root" .) }}
if [ -n "${DATABASE:-}" ]; then ls "/backup/$run/$DATABASE.dump"; else ls "/backup/$run"/*.dump; fi > /tmp/dumps
while read -r dump; do
  database="$(basename "$dump" .dump)"
  psql -X -q -v ON_ERROR_STOP=1 -v database="$database" <<'SQL'
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS false', datname) FROM pg_catalog.pg_database WHERE datname = :'database' \gexec
SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_catalog.pg_stat_activity WHERE datname = :'database' \gset
SQL
  pg_restore --clean --if-exists --create --exit-on-error --dbname=postgres "$dump"
  echo "restored $database from /backup/$run"
done < /tmp/dumps
{{- end }}

{{- define "postgresql.backupContainer" -}}
{{- include "postgresql.client" (dict "root" . "name" "backup" "resources" .Values.backup.resources) }}
{{- end }}

{{- define "postgresql.restoreContainer" -}}
{{- include "postgresql.client" (dict "root" . "name" "restore" "resources" .Values.backup.resources) }}
{{- end }}
