{{/* Rule to GMS. */}}
{{- define "datahub.toGms" -}}
{{ include "datahub.reach" (dict "port" 8080 "peer" (dict "labels" (include "datahub.selectorLabels" (dict "root" . "component" "gms") | fromYaml))) }}
{{- end }}

{{- define "datahub.toKafka" -}}
{{ include "datahub.reach" (dict "port" .Values.kafka.port "peer" .Values.networkPolicy.servers.kafka) }}
{{- end }}

{{- define "datahub.toRegistry" -}}
{{- if eq .Values.schemaRegistry.type "confluent" }}
{{- $url := urlParse .Values.schemaRegistry.confluent.url }}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (eq $url.scheme "http" | ternary "80" "443") }}
{{- include "datahub.reach" (dict "port" $port "peer" .Values.networkPolicy.servers.schemaRegistry) }}
{{- end }}
{{- end }}

{{- define "datahub.frontendEgress" -}}
{{ include "datahub.toGms" . }}
{{ include "datahub.toKafka" . }}
{{ include "datahub.reach" (dict "port" .Values.elasticsearch.port "peer" .Values.networkPolicy.servers.elasticsearch) }}
{{- end }}

{{/* Of GMS and the Jobs. */}}
{{- define "datahub.egress" -}}
{{ include "datahub.frontendEgress" . }}
{{ include "datahub.reach" (dict "port" (index .Values.database .Values.database.type).port "peer" .Values.networkPolicy.servers.database) }}
{{- if eq .Values.graph.type "neo4j" }}
{{ include "datahub.reach" (dict "port" .Values.graph.neo4j.port "peer" .Values.networkPolicy.servers.neo4j) }}
{{- end }}
{{- with include "datahub.toRegistry" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "datahub.jobsEgress" -}}
{{ include "datahub.egress" . }}
{{ include "datahub.reach" (dict "port" 9002 "peer" (dict "labels" (include "datahub.selectorLabels" (dict "root" . "component" "frontend") | fromYaml))) }}
{{- end }}

{{- define "datahub.actionsEgress" -}}
{{ include "datahub.toGms" . }}
{{ include "datahub.toKafka" . }}
{{- with include "datahub.toRegistry" . }}
{{ . }}
{{- end }}
{{- with .Values.networkPolicy.ingestionEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}
