{{/* Alerts of the servers, in Prometheus' own form. */}}
{{- define "dolphinscheduler.alerts" -}}
- alert: DolphinschedulerDown
  expr: up{RELEASE} == 0
  for: 3m
  labels:
    severity: critical
  annotations:
    summary: A server does not answer the scrape.
- alert: DolphinschedulerWorkflowsFail
  expr: sum by (namespace) (increase(ds_workflow_instance_count_total{RELEASE,state=~"FAILURE|fail"}[15m])) > 0
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: A workflow failed.
- alert: DolphinschedulerOverload
  expr: sum by (namespace) (rate(ds_worker_overload_count_total{RELEASE}[10m])) > 0 or sum by (namespace) (rate(ds_master_overload_count_total{RELEASE}[10m])) > 0
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Servers refuse work, as they find themselves overloaded.
- alert: DolphinschedulerDatabaseConnections
  expr: max by (namespace, pod) (hikaricp_connections_pending{RELEASE}) > 0
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: Threads wait for a connection to the database.
- alert: DolphinschedulerHeap
  expr: sum by (namespace, pod) (jvm_memory_used_bytes{RELEASE,area="heap"}) / sum by (namespace, pod) (jvm_memory_max_bytes{RELEASE,area="heap"}) > 0.95
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: The heap is nearly full.
- alert: DolphinschedulerSchemaFailed
  expr: kube_job_status_failed{namespace={{ quote (include "dolphinscheduler.namespace" .) }},job_name=~"{{ include "dolphinscheduler.fullname" . }}-schema-.+"} > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: The Job of the schema failed; new servers wait for it.
{{- end }}
