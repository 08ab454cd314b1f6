{{/* The parts' own protocol: from the parts alone; takes root and port. */}}
{{- define "dolphinscheduler.fromParts" -}}
- ports:
    - port: {{ .port }}
  from:
    - podSelector:
        matchLabels:
          {{- omit (include "dolphinscheduler.selectorLabels" (dict "root" .root "component" "api") | fromYaml) "app.kubernetes.io/component" | toYaml | nindent 10 }}
{{- end }}

{{- define "dolphinscheduler.masterIngress" -}}
{{ include "dolphinscheduler.fromParts" (dict "root" . "port" 5678) }}
{{- end }}

{{- define "dolphinscheduler.workerIngress" -}}
{{ include "dolphinscheduler.fromParts" (dict "root" . "port" 1234) }}
{{- end }}

{{- define "dolphinscheduler.alertIngress" -}}
{{ include "dolphinscheduler.fromParts" (dict "root" . "port" 50052) }}
{{- end }}

{{- define "dolphinscheduler.storePort" -}}
{{- $url := urlParse (eq .type "hdfs" | ternary .hdfs.defaultFS (.s3.endpoint | default "https://")) }}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (get (dict "http" "80" "hdfs" "8020") $url.scheme | default "443") }}
{{- end }}

{{/* Whom every server reaches: the parts, ZooKeeper, the store. */}}
{{- define "dolphinscheduler.ownEgress" -}}
{{- $servers := .Values.networkPolicy.servers }}
{{- range $component, $port := dict "master" 5678 "worker" 1234 "alert" 50052 }}
{{ include "dolphinscheduler.reach" (dict "port" $port "peer" (dict "labels" (include "dolphinscheduler.selectorLabels" (dict "root" $ "component" $component) | fromYaml))) }}
{{- end }}
{{ include "dolphinscheduler.reach" (dict "port" .Values.zookeeper.port "peer" $servers.zookeeper) }}
{{- with .Values.resourceStore }}
{{- if ne .type "volume" }}
{{ include "dolphinscheduler.reach" (dict "port" (include "dolphinscheduler.storePort" .) "peer" $servers.resourceStore) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "dolphinscheduler.databaseEgress" -}}
{{- include "dolphinscheduler.reach" (dict "port" .Values.database.port "peer" .Values.networkPolicy.servers.postgresql) }}
{{- end }}

{{- define "dolphinscheduler.masterEgress" -}}
{{ include "dolphinscheduler.ownEgress" . }}
{{ include "dolphinscheduler.databaseEgress" . }}
{{- end }}

{{- define "dolphinscheduler.workerEgress" -}}
{{ include "dolphinscheduler.ownEgress" . }}
{{- with .Values.networkPolicy.taskEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "dolphinscheduler.egress" -}}
{{ include "dolphinscheduler.workerEgress" . }}
{{ include "dolphinscheduler.databaseEgress" . }}
{{- end }}

{{- define "dolphinscheduler.jobsEgress" -}}
{{ include "dolphinscheduler.databaseEgress" . }}
{{ include "dolphinscheduler.reach" (dict "port" 12345 "peer" (dict "labels" (include "dolphinscheduler.selectorLabels" (dict "root" . "component" "api") | fromYaml))) }}
{{- end }}
