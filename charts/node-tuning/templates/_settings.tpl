{{/* The settings that are wanted, one a line: file under /proc/sys, and the least value. */}}
{{- define "node-tuning.wanted" -}}
{{- with .Values.settings -}}
{{- range $file, $least := dict "fs/inotify/max_user_instances" .inotifyMaxUserInstances "fs/inotify/max_user_watches" .inotifyMaxUserWatches "vm/max_map_count" .maxMapCount }}
{{- if $least }}
{{ $file }} {{ int $least }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Raises what is too low: a node that has more keeps it. */}}
{{- define "node-tuning.raise" -}}
while read -r file least; do
  if [ "$(cat "/proc/sys/$file")" -lt "$least" ]; then
    echo "$least" > "/proc/sys/$file"
    echo "$file is now $least"
  fi
done <<'SETTINGS'
{{- include "node-tuning.wanted" . }}
SETTINGS
{{- end }}

{{/* Whether the node has what is wanted: somebody may have lowered it since. */}}
{{- define "node-tuning.check" -}}
while read -r file least; do
  if [ "$(cat "/proc/sys/$file")" -lt "$least" ]; then
    echo "$file is below $least"
    exit 1
  fi
done <<'SETTINGS'
{{- include "node-tuning.wanted" . }}
SETTINGS
{{- end }}
