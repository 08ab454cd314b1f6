{{/* Alerts of the cluster, in Prometheus' own form; the metrics are Trino's MBeans. */}}
{{- define "trino.alerts" -}}
- alert: TrinoCoordinatorDown
  expr: up{{ print "{" }}namespace={{ include "trino.namespace" . | quote }},pod=~"{{ include "trino.fullname" . }}-coordinator-.+"} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: The coordinator does not answer; there is no other.
{{- if gt (include "trino.workers" . | int) 0 }}
- alert: TrinoWorkersMissing
  expr: trino_metadata_name_DiscoveryNodeManager_ActiveNodeCount{RELEASE} < 1 + {{ .Values.worker.autoscaling.enabled | ternary .Values.worker.autoscaling.minReplicas .Values.worker.replicaCount | int }}
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: The coordinator knows fewer workers than are wanted.
{{- end }}
- alert: TrinoInternalFailures
  expr: increase(trino_execution_name_QueryManager_InternalFailures{RELEASE}[10m]) > 5
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: Queries fail by a fault of Trino, not of their users.
- alert: TrinoQueriesKilledForMemory
  expr: increase(trino_memory_name_ClusterMemoryManager_QueriesKilledDueToOutOfMemory{RELEASE}[10m]) > 0
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: The cluster was out of memory and killed a query.
- alert: TrinoMemoryBlocked
  expr: trino_memory_type_ClusterMemoryPool_name_general_BlockedNodes{RELEASE} > 0
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Nodes wait for memory for ten minutes, and so do their queries.
- alert: TrinoQueriesQueued
  expr: trino_execution_name_QueryManager_QueuedQueries{RELEASE} > 10
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: Queries wait for a quarter of an hour to be executed.
{{- end }}
