{{/* Whether there are users or topics to make. */}}
{{- define "kafka.isProvisioned" -}}
{{- merge (dict) .Values.topics .Values.users | empty | ternary "" "true" }}
{{- end }}

{{/* Makes users and topics. Every step may be repeated. Passwords travel in the environment and a file of the pod. */}}
{{- define "kafka.provisionScript" -}}
{{- $admin := printf "--bootstrap-server %s --command-config /etc/kafka/server/client.properties" (include "kafka.bootstrap" .) -}}
#!/bin/sh
set -eu
export PATH="/opt/kafka/bin:$PATH"
until topics=$(kafka-topics.sh {{ $admin }} --describe); do sleep 5; done

user() {
  (umask 077 && printf 'SCRAM-SHA-512=%s\n' "password=$(printf %s "$2" | sed 's/\\/\\\\/g')" > /tmp/user.properties)
  kafka-configs.sh {{ $admin }} --alter --entity-type users --entity-name "$1" --add-config-file /tmp/user.properties
  rm /tmp/user.properties
}

topic() {
  now=$(printf '%s\n' "$topics" | awk -v name="$1" '$2 == name && /PartitionCount:/ { sub(/.*PartitionCount: */, ""); print $1 }')
  if [ -z "$now" ]; then
    kafka-topics.sh {{ $admin }} --create --if-not-exists --topic "$1" --partitions "$2" --replication-factor "$3"
  elif [ "$now" -lt "$2" ]; then
    kafka-topics.sh {{ $admin }} --alter --topic "$1" --partitions "$2"
  fi
  kafka-configs.sh {{ $admin }} --alter --entity-type topics --entity-name "$1" --add-config "$4"
}
{{- range $index, $name := keys .Values.users | sortAlpha }}
user {{ $name }} "$PASSWORD_{{ $index }}"
{{- end }}
{{- range $name, $topic := .Values.topics }}
{{- $factor := $topic.replicationFactor | default (min 3 (int $.Values.replicaCount)) | int }}
{{- $settings := include "kafka.dotted" (omit $topic "partitions" "replicationFactor" "cleanupPolicy") | trim | splitList "\n" | compact }}
{{- $settings = append $settings (printf "min.insync.replicas=%d" (max 1 (sub $factor 1))) }}
{{- with $topic.cleanupPolicy }}
{{- $settings = append $settings (printf "cleanup.policy=[%s]" .) }}
{{- end }}
topic {{ $name }} {{ int ($topic.partitions | default 1) }} {{ $factor }} {{ join "," $settings | quote }}
{{- end }}
echo "users and topics are ready"
{{- end }}

{{- define "kafka.provisionPod" -}}
metadata:
  {{- include "kafka.podMetadata" (dict "root" . "component" "provision") | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "kafka.pod" (dict "root" . "images" (list .Values.image)) | nindent 2 }}
  containers:
    - {{ include "kafka.container" (dict "root" . "name" "provision" "image" .Values.image "resources" .Values.provisioning.resources) | indent 6 | trim }}
      command: [/bin/sh, /etc/kafka/provision/provision.sh]
      env:
        {{- include "kafka.toolVariables" . | nindent 8 }}
        {{- range $index, $name := keys .Values.users | sortAlpha }}
        {{- include "kafka.secretVariable" (dict "name" (printf "PASSWORD_%d" $index) "ref" (merge (dict) (index $.Values.users $name).password (dict "key" "password"))) | nindent 8 }}
        {{- end }}
      volumeMounts:
        {{- include "kafka.toolMounts" . | nindent 8 }}
        - name: script
          mountPath: /etc/kafka/provision
          readOnly: true
  volumes:
    {{- include "kafka.toolVolumes" . | nindent 4 }}
    - name: script
      configMap:
        name: {{ include "kafka.fullname" . }}-provision
{{- end }}

{{/* The container of `helm test`: the quorum has a leader, and the brokers tell their topics. */}}
{{- define "kafka.testContainer" -}}
{{- include "kafka.container" (dict "root" . "name" "client" "image" .Values.image "resources" .Values.tests.resources) }}
command: [/bin/sh, -euc]
args:
  - |
    export PATH="/opt/kafka/bin:$PATH"
    kafka-metadata-quorum.sh --bootstrap-server {{ include "kafka.bootstrap" . }} --command-config /etc/kafka/server/client.properties describe --status | grep 'LeaderId: *[0-9]'
    kafka-topics.sh --bootstrap-server {{ include "kafka.bootstrap" . }} --command-config /etc/kafka/server/client.properties --list
env:
  {{- include "kafka.toolVariables" . | nindent 2 }}
volumeMounts:
  {{- include "kafka.toolMounts" . | nindent 2 }}
{{- end }}
