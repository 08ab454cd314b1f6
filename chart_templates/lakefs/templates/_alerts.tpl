{{/* Alerts of the server, in Prometheus' own form. */}}
{{- define "lakefs.alerts" -}}
- alert: LakefsDown
  expr: up{RELEASE} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: A server does not answer the scrape.
- alert: LakefsErrors
  expr: sum by (namespace) (rate(api_requests_total{RELEASE,code=~"5.."}[5m])) / sum by (namespace) (rate(api_requests_total{RELEASE}[5m])) > 0.05
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: One request of the API in twenty fails.
- alert: LakefsDatabaseErrors
  expr: sum by (namespace) (rate(kv_request_failures_total{RELEASE}[5m])) > 0
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: Requests to the database fail; the probes do not tell it.
- alert: LakefsSlowDatabase
  expr: histogram_quantile(0.99, sum by (namespace, le) (rate(kv_request_duration_seconds_bucket{RELEASE}[5m]))) > 1
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: One request to the database in a hundred takes longer than a second.
{{- if eq .Values.database.type "postgres" }}
- alert: LakefsConnections
  expr: pgxpool_acquired_conns{RELEASE} / pgxpool_max_conns{RELEASE} > 0.9
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: Nearly all connections to the database are in use; raise database.postgres.maxOpenConnections.
{{- end }}
- alert: LakefsSlowGateway
  expr: histogram_quantile(0.99, sum by (namespace, le) (rate(gateway_request_duration_seconds_bucket{RELEASE}[5m]))) > 5
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: One S3 request in a hundred takes longer than five seconds.
{{- end }}
