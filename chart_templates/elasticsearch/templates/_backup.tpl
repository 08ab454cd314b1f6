{{/* Shell: writes this release's snapshots to a file, newest first; the repository is made known before. */}}
{{- define "elasticsearch.listSnapshots" -}}
call GET '/_cat/snapshots/backup?h=id' > /tmp/all
tr -d ' ' < /tmp/all | grep '^{{ include "elasticsearch.fullname" . }}-[0-9]*t[0-9]*z$' | sort -r > /tmp/snapshots
{{- end }}

{{/* The repository as the API takes it. */}}
{{- define "elasticsearch.repository" -}}
{{- $own := printf "%s/%s" (include "elasticsearch.namespace" .) (include "elasticsearch.fullname" .) }}
{{- with .Values.backup.repository }}
{{- $settings := dict
  "none" dict
  "fs" (dict "location" (printf "/usr/share/elasticsearch/snapshots/%s" $own))
  "s3" (dict "bucket" .s3.bucket "base_path" (.s3.basePath | default $own))
  "gcs" (dict "bucket" .gcs.bucket "base_path" (.gcs.basePath | default $own))
  "azure" (dict "container" .azure.container "base_path" (.azure.basePath | default $own)) }}
{{- dict "type" .type "settings" (index $settings .type) | toJson }}
{{- end }}
{{- end }}

{{/* Takes a snapshot of all indices, then removes the oldest beyond those that stay. */}}
{{- define "elasticsearch.backupScript" -}}
{{ include "elasticsearch.call" . }}
call PUT /_snapshot/backup --data-binary '{{ include "elasticsearch.repository" . }}' > /tmp/done
run="{{ include "elasticsearch.fullname" . }}-$(date -u +%Y%m%dt%H%M%Sz)"
call PUT "/_snapshot/backup/$run?wait_for_completion=true" > /tmp/snapshot
grep -q '"state":"SUCCESS"' /tmp/snapshot || { cat /tmp/snapshot >&2; exit 1; }
{{ include "elasticsearch.listSnapshots" . }}
tail -n +{{ add1 (int .Values.backup.retention) }} /tmp/snapshots > /tmp/old
while read -r old; do call DELETE "/_snapshot/backup/$old" > /tmp/done; done < /tmp/old
echo "took the snapshot $run"
{{- end }}

{{/* Puts indices of a snapshot back, in place of those that are there: RUN, else the newest; those that INDICES fits, where set. */}}
{{- define "elasticsearch.restoreScript" -}}
{{ include "elasticsearch.call" . }}
call PUT /_snapshot/backup --data-binary '{{ include "elasticsearch.repository" . }}' > /tmp/done
{{ include "elasticsearch.listSnapshots" . }}
run="${RUN:-$(head -n 1 /tmp/snapshots)}"
if [ -z "$run" ]; then echo "there is no snapshot of {{ include "elasticsearch.fullname" . }} in the repository" >&2; exit 1; fi
call GET "/_snapshot/backup/$run" > /tmp/snapshot
sed 's/.*"indices":\[\([^]]*\)\].*/\1/' /tmp/snapshot | tr -d '"' | tr , '\n' | awk '$0 != "" && !/^[.]/' > /tmp/indices
restored=
while read -r index; do
  case "$index" in ${INDICES:-*}) ;; *) continue ;; esac
  call POST "/$index/_close?ignore_unavailable=true" > /tmp/done
  printf '{"indices":"%s","include_global_state":false}' "$index" |
    call POST "/_snapshot/backup/$run/_restore?wait_for_completion=true" --data-binary @- > /tmp/restored
  grep -q '"failed":0' /tmp/restored || { cat /tmp/restored >&2; exit 1; }
  echo "restored $index of $run"
  restored=yes
done < /tmp/indices
if [ -z "$restored" ]; then
  echo "there is no index ${INDICES:-} in the snapshot $run, which has:" >&2
  cat /tmp/indices >&2
  exit 1
fi
{{- end }}

{{- define "elasticsearch.backupContainer" -}}
{{- include "elasticsearch.client" (dict "root" . "name" "backup" "resources" .Values.backup.resources) }}
{{- end }}

{{- define "elasticsearch.restoreContainer" -}}
{{- include "elasticsearch.client" (dict "root" . "name" "restore" "resources" .Values.backup.resources) }}
{{- end }}
