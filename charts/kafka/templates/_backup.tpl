{{/* Options of the tools that ask brokers. */}}
{{- define "kafka.admin" -}}
--bootstrap-server {{ include "kafka.bootstrap" . }} --command-config /etc/kafka/server/client.properties
{{- end }}

{{/* Shell: records as lines of key, tab and value; older names of the options put a warning among the records. */}}
{{- define "kafka.records" -}}
{{- $client := printf "--bootstrap-server %s" (include "kafka.bootstrap" .) -}}
tab="$(printf '\t')"
read_records() { kafka-console-consumer.sh {{ $client }} --command-config /etc/kafka/server/client.properties --topic "$1" --from-beginning --timeout-ms 20000 --formatter-property print.key=true --formatter-property key.separator="$tab" --formatter-property null.literal=__null__; }
write_records() { kafka-console-producer.sh {{ $client }} --command-config /etc/kafka/server/client.properties --topic "$1" --reader-property parse.key=true --reader-property key.separator="$tab" --reader-property null.marker=__null__; }
{{- end }}

{{/* A run is a folder: topics.tsv (name, partitions, replicas, settings), offsets.tsv (group, topic, partition, offset), and a file of each topic's records. */}}
{{- define "kafka.backupScript" -}}
export PATH="/opt/kafka/bin:$PATH"
{{ include "kafka.records" . }}
{{ include "kafka.backupRun" (dict "root" . "script" (include "kafka.exportScript" .)) }}
{{- end }}

{{- define "kafka.exportScript" -}}
kafka-topics.sh {{ include "kafka.admin" . }} --describe --exclude-internal > /tmp/topics
awk -F '\t' '/PartitionCount:/ { for (i = 1; i <= NF; i++) { at = index($i, ": "); told[substr($i, 1, at - 1)] = substr($i, at + 2) } printf "%s\t%s\t%s\t%s\n", told["Topic"], told["PartitionCount"], told["ReplicationFactor"], told["Configs"] }' /tmp/topics > "/backup/$run.part/topics.tsv"
kafka-consumer-groups.sh {{ include "kafka.admin" . }} --describe --all-groups --offsets > /tmp/groups
awk '$1 != "GROUP" && $4 ~ /^[0-9]+$/ { printf "%s\t%s\t%s\t%s\n", $1, $2, $3, $4 }' /tmp/groups > "/backup/$run.part/offsets.tsv"
{{- range .Values.backup.records }}
read_records '{{ . }}' > "/backup/$run.part/{{ . }}.records"
{{- end }}
{{- end }}

{{/* Makes the topics of a run that are missing, and writes the records of those that it made: RUN, else the newest. GROUP names a group, without members, whose offsets are put back. */}}
{{- define "kafka.restoreScript" -}}
export PATH="/opt/kafka/bin:$PATH"
{{ include "kafka.records" . }}
{{ include "kafka.chosenRun" (dict "root" .) }}
kafka-topics.sh {{ include "kafka.admin" . }} --list > /tmp/there
while IFS="$tab" read -r topic partitions factor settings; do
  if grep -qxF "$topic" /tmp/there; then continue; fi
  # A comma is also part of a value, such as compact,delete.
  printf %s "$settings" | awk -v RS=, '{ sub(/\n$/, ""); if (NR > 1) printf "%s", index($0, "=") ? "\n" : ","; printf "%s", $0 }' > /tmp/settings
  set --
  while IFS= read -r setting || [ -n "$setting" ]; do set -- "$@" --config "$setting"; done < /tmp/settings
  kafka-topics.sh {{ include "kafka.admin" . }} --create --topic "$topic" --partitions "$partitions" --replication-factor "$factor" "$@" < /dev/null
  if [ -f "/backup/$run/$topic.records" ]; then write_records "$topic" < "/backup/$run/$topic.records"; fi
  echo "restored $topic of $run"
done < "/backup/$run/topics.tsv"
if [ -n "${GROUP:-}" ]; then
  awk -F '\t' -v OFS=, -v group="$GROUP" '$1 == group { print $2, $3, $4 }' "/backup/$run/offsets.tsv" > /tmp/offsets.csv
  kafka-consumer-groups.sh {{ include "kafka.admin" . }} --group "$GROUP" --reset-offsets --from-file /tmp/offsets.csv --execute
fi
{{- end }}

{{/* A container of the tools; takes root and name. */}}
{{- define "kafka.backupClient" -}}
{{- include "kafka.container" (dict "root" .root "name" .name "image" .root.Values.image "resources" .root.Values.backup.resources) }}
env:
  {{- include "kafka.toolVariables" .root | nindent 2 }}
{{- end }}

{{- define "kafka.backupContainer" -}}
{{- include "kafka.backupClient" (dict "root" . "name" "backup") }}
{{- end }}

{{- define "kafka.restoreContainer" -}}
{{- include "kafka.backupClient" (dict "root" . "name" "restore") }}
{{- end }}
