{{/* Labels of the operator's pods, by upstream's chart. */}}
{{- define "flink-operator.operatorLabels" -}}
app.kubernetes.io/name: flink-kubernetes-operator
{{- end }}

{{- define "flink-operator.metricsPorts" -}}
{{- $port := (index .Values "flink-kubernetes-operator").metrics.port | int -}}
- name: metrics
  port: {{ $port }}
  targetPort: {{ $port }}
{{- end }}

{{- define "flink-operator.scrape" -}}
port: metrics
{{- end }}

{{/* The API server calls the webhook from addresses that no label names. */}}
{{- define "flink-operator.webhookIngress" -}}
{{- if (index .Values "flink-kubernetes-operator").webhook.create -}}
- ports:
    - port: 9443
{{- end }}
{{- end }}

{{/* The API server, and the web interface of job managers, which the operator asks how their jobs are. */}}
{{- define "flink-operator.egress" -}}
{{- include "flink-operator.apiServerEgress" . }}
{{ include "flink-operator.reach" (dict "port" 8081) }}
{{- end }}

{{- define "flink-operator.alerts" -}}
{{- $pods := printf "namespace=%q,pod=~%q" (include "flink-operator.namespace" .) "flink-kubernetes-operator-.+" -}}
- alert: FlinkOperatorDown
  expr: absent(up{{ print "{" }}{{ $pods }}} == 1)
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: No operator answers; jobs run on, and nobody restarts, upgrades or saves them.
- alert: FlinkOperatorRestarts
  expr: increase(kube_pod_container_status_restarts_total{{ print "{" }}{{ $pods }}}[1h]) > 3
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: The operator starts again and again.
{{- end }}
