{{/* Alerts of all parts, in Prometheus' own form. */}}
{{- define "datahub.alerts" -}}
{{- $namespace := quote (include "datahub.namespace" .) }}
{{- $name := include "datahub.fullname" . -}}
- alert: DatahubDown
  expr: up{RELEASE} == 0
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: A part does not answer the scrape.
- alert: DatahubGmsUnavailable
  expr: kube_deployment_status_replicas_ready{namespace={{ $namespace }},deployment="{{ $name }}-gms"} == 0
  for: 15m
  labels:
    severity: critical
  annotations:
    summary: GMS is not ready; after an upgrade it waits for the Job of its version.
- alert: DatahubUpdateFailed
  expr: kube_job_status_failed{namespace={{ $namespace }},job_name=~"{{ $name }}-(system|later)-update-.+"} > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: A Job of the upgrade failed; GMS of the new version waits for it.
- alert: DatahubConsumerLag
  expr: max by (consumergroup, topic) (kafka_consumergroup_lag{consumergroup=~"generic-mae-consumer-job-client|generic-mce-consumer-job-client"}) > 10000
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: Changes wait in Kafka; the search shows what was.
{{- end }}
