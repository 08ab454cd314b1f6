{{/* Alerts of the cluster, in Prometheus' own form. */}}
{{- define "seatunnel.alerts" -}}
- alert: FlinkJobManagerDown
  expr: absent(flink_jobmanager_numRunningJobs{RELEASE})
  for: 3m
  labels:
    severity: critical
  annotations:
    summary: No job manager gives metrics.
- alert: FlinkTaskManagersMissing
  expr: max(flink_jobmanager_numRegisteredTaskManagers{RELEASE}) < {{ .Values.taskManager.autoscaling.enabled | ternary .Values.taskManager.autoscaling.minReplicas .Values.taskManager.replicaCount | int }}
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: The job manager knows fewer task managers than are wanted.
- alert: FlinkJobRestarts
  expr: increase(flink_jobmanager_job_numRestarts{RELEASE}[15m]) > 3
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: A job starts again and again.
- alert: FlinkCheckpointsFail
  expr: increase(flink_jobmanager_job_numberOfFailedCheckpoints{RELEASE}[30m]) > 2
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: Checkpoints of a job fail; after the next restart it begins far behind.
- alert: FlinkHeapFull
  expr: flink_taskmanager_Status_JVM_Memory_Heap_Used{RELEASE} / flink_taskmanager_Status_JVM_Memory_Heap_Max{RELEASE} > 0.95
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: The heap of a task manager is full.
{{- end }}
