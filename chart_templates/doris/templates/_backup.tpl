{{/* Address of the store. */}}
{{- define "doris.storeEndpoint" -}}
{{- with .Values.backup.store }}{{ .endpoint | default (printf "https://s3.%s.amazonaws.com" .region) }}{{ end }}
{{- end }}

{{/* Rule of the NetworkPolicy: the servers write snapshots to the store themselves. */}}
{{- define "doris.storeEgress" -}}
{{- if .Values.backup.enabled }}
{{- $url := urlParse (include "doris.storeEndpoint" .) }}
{{- include "doris.reach" (dict "port" (regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (eq $url.scheme "http" | ternary "80" "443"))) }}
{{- end }}
{{- end }}

{{/* Shell: the repository is made known, and a job is waited for; its keys are in no word of a command. */}}
{{- define "doris.repository" -}}
{{ include "doris.sql" . }}
if [ -z "$(sql --skip-column-names -e 'SHOW REPOSITORIES' | awk -F '\t' '$2 == "backup"')" ]; then
  sql > /tmp/made 2>&1 <<SQL || { awk '/^ERROR/ && (ENVIRON["S3_SECRET_KEY"] == "" || !index($0, ENVIRON["S3_SECRET_KEY"]))' /tmp/made >&2; exit 1; }
CREATE REPOSITORY backup WITH S3 ON LOCATION "{{ .Values.backup.store.directory | trimSuffix "/" }}" PROPERTIES ("s3.endpoint" = "{{ include "doris.storeEndpoint" . }}", "s3.region" = "{{ .Values.backup.store.region }}", "s3.access_key" = "$S3_ACCESS_KEY", "s3.secret_key" = "$S3_SECRET_KEY", "use_path_style" = "{{ .Values.backup.store.pathStyleAccess }}");
SQL
fi
# Waits for the job of a snapshot: BACKUP or RESTORE, database, the column with its name, name.
finished() {
  while true; do
    sql --vertical -e "SHOW $1 FROM \`$2\`" > /tmp/jobs
    case "$(awk -v column="$3:" -v name="$4" '$1 == column { found = $2 } $1 == "State:" && found == name { state = $2 } END { print state }' /tmp/jobs)" in
      FINISHED) return ;;
      CANCELLED) grep ' Status:' /tmp/jobs | tail -n 1 >&2; exit 1 ;;
    esac
    sleep 5
  done
}
{{- end }}

{{/* A snapshot of each database that has tables, named by database and time. */}}
{{- define "doris.backupScript" -}}
{{ include "doris.repository" . }}
run="$(date -u +%Y%m%dT%H%M%SZ)"
sql --skip-column-names -e 'SHOW DATABASES' | sed -E '/^(information_schema|mysql|__internal_schema)$/d' > /tmp/databases
while read -r database; do
  if [ -z "$(sql --skip-column-names -e "SHOW TABLES FROM \`$database\`" < /dev/null)" ]; then continue; fi
  if refused "BACKUP SNAPSHOT \`$database\`.\`${database}_$run\` TO backup" < /dev/null; then exit 1; fi
  finished BACKUP "$database" SnapshotName "${database}_$run" < /dev/null
  echo "took the snapshot ${database}_$run"
done < /tmp/databases
{{- end }}

{{/* Puts the databases of a run back, in place of tables of the same name: RUN, else the newest; DATABASE alone, where set. */}}
{{- define "doris.restoreScript" -}}
{{ include "doris.repository" . }}
sql --skip-column-names -e 'SHOW SNAPSHOT ON backup' | sed -nE '/^.+_[0-9]{8}T[0-9]{6}Z\t/p' > /tmp/snapshots
run="${RUN:-$(cut -f 1 /tmp/snapshots | sed 's/.*_//' | sort -r | head -n 1)}"
restored=
while IFS="$(printf '\t')" read -r snapshot stamp more; do
  database="${snapshot%_"$run"}"
  if [ "$database" = "$snapshot" ] || [ "${DATABASE:-$database}" != "$database" ]; then continue; fi
  sql -e "CREATE DATABASE IF NOT EXISTS \`$database\`" < /dev/null
  if refused "RESTORE SNAPSHOT \`$database\`.\`$snapshot\` FROM backup PROPERTIES (\"backup_timestamp\" = \"$stamp\", \"reserve_replica\" = \"true\")" < /dev/null; then exit 1; fi
  finished RESTORE "$database" Label "$snapshot" < /dev/null
  echo "restored $database of $run"
  restored=yes
done < /tmp/snapshots
if [ -z "$restored" ]; then
  echo "there is no snapshot ${DATABASE:-*}_${run:-*} in {{ .Values.backup.store.directory }}, which has:" >&2
  cut -f 1 /tmp/snapshots >&2
  exit 1
fi
{{- end }}

{{/* A container of the client; takes root and name. */}}
{{- define "doris.backupClient" -}}
{{- include "doris.container" (dict "root" .root "name" .name "image" (include "doris.partImage" (dict "root" .root "part" "fe") | fromYaml) "resources" .root.Values.backup.resources) }}
env:
  {{- include "doris.clientEnv" .root | nindent 2 }}
  {{- with .root.Values.backup.store }}
  {{- include "doris.secretVariable" (dict "name" "S3_ACCESS_KEY" "ref" .accessKey) | nindent 2 }}
  {{- include "doris.secretVariable" (dict "name" "S3_SECRET_KEY" "ref" .secretKey) | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "doris.backupContainer" -}}
{{- include "doris.backupClient" (dict "root" . "name" "backup") }}
{{- end }}

{{- define "doris.restoreContainer" -}}
{{- include "doris.backupClient" (dict "root" . "name" "restore") }}
{{- end }}

{{- define "doris.backupMounts" -}}
- name: tmp
  mountPath: /tmp
{{- end }}

{{- define "doris.backupVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- end }}
