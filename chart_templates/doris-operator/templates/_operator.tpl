{{/* Labels of the operator's pod, by upstream's chart. */}}
{{- define "doris-operator-wrapper.operatorLabels" -}}
control-plane: doris-operator
{{- end }}

{{- define "doris-operator-wrapper.metricsPorts" -}}
- name: metrics
  port: 8080
  targetPort: 8080
{{- end }}

{{- define "doris-operator-wrapper.scrape" -}}
port: metrics
{{- end }}

{{/* The API server calls the webhook from addresses that no label names. */}}
{{- define "doris-operator-wrapper.webhookIngress" -}}
{{- if (index .Values "doris-operator").dorisOperator.enableWebhook -}}
- ports:
    - port: 9443
{{- end }}
{{- end }}

{{/* The API server, and frontends, which the operator tells to let nodes go. */}}
{{- define "doris-operator-wrapper.egress" -}}
{{- include "doris-operator-wrapper.apiServerEgress" . }}
{{ include "doris-operator-wrapper.reach" (dict "port" 9030) }}
{{- end }}

{{- define "doris-operator-wrapper.alerts" -}}
{{- $pods := printf "namespace=%q,pod=~%q" (include "doris-operator-wrapper.namespace" .) "doris-operator-.+" -}}
- alert: DorisOperatorDown
  expr: absent(up{{ print "{" $pods "}" }} == 1)
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: No operator answers; clusters run on, and nobody changes or heals them.
- alert: DorisOperatorErrors
  expr: sum by (controller) (increase(controller_runtime_reconcile_errors_total{{ print "{" $pods "}" }}[30m])) > 10
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: The operator cannot make a cluster what its resource says; the operator's log tells why.
- alert: DorisOperatorRestarts
  expr: increase(kube_pod_container_status_restarts_total{{ print "{" $pods "}" }}[1h]) > 3
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: The operator starts again and again.
{{- end }}
