{{/* A text of HOCON, taken as it stands. */}}
{{- define "seatunnel.text" -}}
"""{{ . }}"""
{{- end }}

{{- define "seatunnel.schema" -}}
schema = {
  fields {
    {{- range $name, $type := . }}
    {{ $name }} = {{ include "seatunnel.text" $type }}
    {{- end }}
  }
}
{{- end }}

{{/* URL of a database; takes a JdbcConnection. The JVM's authorities count. */}}
{{- define "seatunnel.jdbcUrl" -}}
{{- $host := contains ":" .host | ternary (print "[" .host "]") .host }}
{{- if .url }}
{{- .url }}
{{- else if contains "postgresql" .driver }}
{{- printf "jdbc:postgresql://%s:%d/%s?%s" $host (int (.port | default 5432)) .database (.tls | ternary "sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" "sslmode=disable") }}
{{- else }}
{{- include "seatunnel.mysqlJdbcUrl" (dict "host" .host "port" (.port | default 3306) "database" .database "sslMode" (.tls | ternary "VERIFY_IDENTITY" "DISABLED")) }}
{{- end }}
{{- end }}

{{/* Takes jdbc and variable. */}}
{{- define "seatunnel.jdbc" -}}
url = {{ include "seatunnel.jdbcUrl" .jdbc | include "seatunnel.text" }}
driver = {{ include "seatunnel.text" .jdbc.driver }}
user = {{ include "seatunnel.text" .jdbc.username }}
password = {{ include "seatunnel.text" (printf "${%s}" .variable) }}
{{- end }}

{{/* Takes kafka and variable. */}}
{{- define "seatunnel.kafka" -}}
bootstrap.servers = {{ join "," .kafka.servers | include "seatunnel.text" }}
topic = {{ include "seatunnel.text" .kafka.topic }}
format = "json"
{{- if ne .kafka.securityProtocol "PLAINTEXT" }}
kafka.config = {
  security.protocol = {{ include "seatunnel.text" .kafka.securityProtocol }}
  {{- if eq .kafka.securityProtocol "SASL_SSL" }}
  sasl.mechanism = "SCRAM-SHA-512"
  sasl.jaas.config = {{ printf "org.apache.kafka.common.security.scram.ScramLoginModule required username=%q password=\"${%s}\";" .kafka.username .variable | include "seatunnel.text" }}
  {{- end }}
}
{{- end }}
{{- end }}

{{/* Files of the jobs with their sources and sinks by type; passwords come in when the pod starts. */}}
{{- define "seatunnel.jobFiles" -}}
{{- range $name, $job := .Values.jobs }}
{{- if eq $job.type "pipeline" }}
{{ $name }}.conf: |
  env {
    job.name = {{ include "seatunnel.text" $name }}
    job.mode = {{ $job.isStreaming | ternary "STREAMING" "BATCH" | quote }}
    parallelism = {{ int $job.parallelism }}
  }
  source {
    {{- with $job.pipeline.source }}
    {{- if eq .type "fake" }}
    FakeSource {
      row.num = {{ int .fake.rows }}
      {{- include "seatunnel.schema" .fake.fields | nindent 6 }}
    }
    {{- else if eq .type "jdbc" }}
    Jdbc {
      {{- include "seatunnel.jdbc" (dict "jdbc" .jdbc "variable" "SOURCE_PASSWORD") | nindent 6 }}
      query = {{ include "seatunnel.text" .jdbc.query }}
    }
    {{- else }}
    Kafka {
      {{- include "seatunnel.kafka" (dict "kafka" .kafka "variable" "SOURCE_PASSWORD") | nindent 6 }}
      consumer.group = {{ include "seatunnel.text" .kafka.group }}
      start_mode = "group_offsets"
      {{- include "seatunnel.schema" .kafka.fields | nindent 6 }}
    }
    {{- end }}
    {{- end }}
  }
  sink {
    {{- with $job.pipeline.sink }}
    {{- if eq .type "console" }}
    Console {}
    {{- else if eq .type "jdbc" }}
    Jdbc {
      {{- include "seatunnel.jdbc" (dict "jdbc" .jdbc "variable" "SINK_PASSWORD") | nindent 6 }}
      database = {{ include "seatunnel.text" .jdbc.database }}
      table = {{ include "seatunnel.text" .jdbc.table }}
      generate_sink_sql = true
    }
    {{- else }}
    Kafka {
      {{- include "seatunnel.kafka" (dict "kafka" .kafka "variable" "SINK_PASSWORD") | nindent 6 }}
    }
    {{- end }}
    {{- end }}
  }
{{- end }}
{{- end }}
{{- end }}

{{/* A job that runs is stopped, with its state where there is a place for it, and goes on as it is now; takes root, name and job. */}}
{{- define "seatunnel.submitScript" -}}
{{- $rest := print (include "seatunnel.rest" .root) ":8081" -}}
until running="$(/opt/flink/bin/flink list --running -m {{ $rest }})"; do sleep 5; done
id="$(printf '%s\n' "$running" | sed -n 's/^.* : \([0-9a-f]\{32\}\) : {{ .name }} (.*$/\1/p' | head -n 1)"
if [ -n "$id" ]; then
  {{- with include "seatunnel.directory" .root }}
  saved="$(/opt/flink/bin/flink savepoint -m {{ $rest }} "$id" '{{ . }}/savepoints' | sed -n 's/^Savepoint completed. Path: //p')"
  [ -z "$saved" ] || set -- --fromSavepoint "$saved"
  {{- end }}
  /opt/flink/bin/flink cancel -m {{ $rest }} "$id"
fi
exec /opt/seatunnel/bin/start-seatunnel-flink-20-connector-v2.sh --config /jobs/job.conf --name '{{ .name }}' -m {{ $rest }}{{ if .job.isStreaming }} -d{{ end }} "$@"
{{- end }}

{{/* Pod that submits a job; takes root, name and job. */}}
{{- define "seatunnel.jobPod" -}}
{{- $values := .root.Values }}
{{- $folder := dict "pipeline" "written" "file" "job" -}}
metadata:
  {{- include "seatunnel.podMetadata" (dict "root" .root "component" "job" "annotations" (dict "seatunnel/job" .name)) | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "seatunnel.pod" (dict "root" .root "images" (list $values.image $values.seatunnelImage)) | nindent 2 }}
  initContainers:
    - {{ include "seatunnel.container" (dict "root" .root "name" "seatunnel" "image" $values.seatunnelImage "resources" $values.submission.resources) | indent 6 | trim }}
      command: [/bin/sh, -euc, cp -R /opt/seatunnel/. /seatunnel/]
      volumeMounts:
        - name: seatunnel
          mountPath: /seatunnel
    {{- with include "seatunnel.trust" .root }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- if eq .job.type "pipeline" }}
    - {{ include "seatunnel.container" (dict "root" .root "name" "write" "image" $values.image "resources" $values.preparation.resources) | indent 6 | trim }}
      {{- $passwords := dict }}
      {{- $quoted := list }}
      {{- with .job.pipeline }}
      {{- range $name, $end := dict "SOURCE_PASSWORD" .source "SINK_PASSWORD" .sink }}
      {{- with (index $end $end.type).password }}
      {{- if .name }}
      {{- $_ := set $passwords $name . }}
      {{- if eq $end.type "kafka" }}{{ $quoted = append $quoted $name }}{{ end }}
      {{- end }}
      {{- end }}
      {{- end }}
      {{- end }}
      command:
        - /bin/sh
        - -euc
        - |
          umask 077
          {{- range $quoted }}
          {{ . }}="$(printf %s "${{ . }}" | sed 's/[\\"]/\\&/g')"
          {{- end }}
          envsubst '${SOURCE_PASSWORD} ${SINK_PASSWORD}' < '/run/jobs/{{ .name }}.conf' > /jobs/job.conf
      {{- with $passwords }}
      env:
        {{- range $name, $ref := . }}
        {{- include "seatunnel.secretVariable" (dict "name" $name "ref" $ref) | nindent 8 }}
        {{- end }}
      {{- end }}
      volumeMounts:
        - name: jobs
          mountPath: /run/jobs
          readOnly: true
        - name: written
          mountPath: /jobs
    {{- end }}
  containers:
    - {{ include "seatunnel.container" (dict "root" .root "name" "submit" "image" $values.image "resources" $values.submission.resources) | indent 6 | trim }}
      command:
        - /bin/bash
        - -euc
        - |
          {{- include "seatunnel.submitScript" . | nindent 10 }}
        - submit
      env:
        - {name: HOME, value: /tmp}
        - {name: FLINK_HOME, value: /opt/flink}
        - {name: FLINK_LOG_DIR, value: /tmp}
        {{- with include "seatunnel.trustEnv" .root | trim }}
        {{- . | nindent 8 }}
        {{- end }}
      volumeMounts:
        - name: seatunnel
          mountPath: /opt/seatunnel
        {{- with include "seatunnel.trustMounts" .root | trim }}
        {{- . | nindent 8 }}
        {{- end }}
        - name: {{ index $folder .job.type }}
          mountPath: /jobs
          readOnly: true
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: seatunnel
      emptyDir: {}
    {{- with include "seatunnel.trustVolumes" .root | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    - name: tmp
      emptyDir: {}
    {{- if eq .job.type "pipeline" }}
    - name: jobs
      configMap:
        name: {{ include "seatunnel.fullname" .root }}-jobs
    - name: written
      emptyDir:
        medium: Memory
        sizeLimit: 1Mi
    {{- else }}
    {{- include "seatunnel.secretFile" (dict "name" "job" "file" "job.conf" "ref" .job.file) | nindent 4 }}
    {{- end }}
{{- end }}

{{- define "seatunnel.testContainer" -}}
{{- include "seatunnel.container" (dict "root" . "name" "list" "image" .Values.image "resources" .Values.tests.resources) }}
command: [/opt/flink/bin/flink, list, -m, {{ include "seatunnel.rest" . }}:8081]
env:
  - {name: FLINK_LOG_DIR, value: /tmp}
volumeMounts:
  - name: tmp
    mountPath: /tmp
{{- end }}

{{- define "seatunnel.testVolumes" -}}
- name: tmp
  emptyDir: {}
{{- end }}

{{- define "seatunnel.jobsEgress" -}}
{{- include "seatunnel.egress" . }}
{{- end }}
