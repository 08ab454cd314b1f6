{{/* Alerts of the server, in Prometheus' own form. */}}
{{- define "neo4j.alerts" -}}
{{- $namespace := include "neo4j.namespace" . }}
{{- $name := include "neo4j.fullname" . }}
{{- $set := printf "namespace=%q,statefulset=%q" $namespace $name }}
{{- $volume := printf "namespace=%q,persistentvolumeclaim=%q" $namespace (.Values.persistence.existingClaim | default (printf "data-%s-0" $name)) -}}
- alert: Neo4jDown
  expr: kube_statefulset_status_replicas_ready{ {{- $set -}} } < kube_statefulset_replicas{ {{- $set -}} }
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The server does not answer.
- alert: Neo4jRestarts
  expr: increase(kube_pod_container_status_restarts_total{RELEASE,container="server"}[1h]) > 2
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: The server stops again and again; look at its last log, and at its memory.
- alert: Neo4jVolumeFull
  expr: kubelet_volume_stats_available_bytes{ {{- $volume -}} } / kubelet_volume_stats_capacity_bytes{ {{- $volume -}} } < 0.15
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The volume is nearly full; the server stops when it is.
{{- if .Values.backup.enabled }}
- alert: Neo4jBackupFailed
  expr: kube_job_status_failed{namespace={{ quote $namespace }},job_name=~"{{ $name }}-backup-[0-9]+"} > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: A dump failed.
{{- end }}
{{- end }}
