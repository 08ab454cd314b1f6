{{/* Alerts of the server, in Prometheus' own form. */}}
{{- define "postgresql.alerts" -}}
- alert: PostgresqlDown
  expr: pg_up{RELEASE} == 0 or up{RELEASE} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: The server or its exporter does not answer.
- alert: PostgresqlConnections
  expr: sum by (namespace, pod) (pg_stat_activity_count{RELEASE}) / on (namespace, pod) pg_settings_max_connections{RELEASE} > 0.8
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: Four fifths of the connections are taken; the next programs will be refused.
- alert: PostgresqlDeadlocks
  expr: increase(pg_stat_database_deadlocks{RELEASE}[10m]) > 0
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: Transactions wait for each other, and one is rolled back.
- alert: PostgresqlLongTransaction
  expr: max by (namespace, pod, datname) (pg_stat_activity_max_tx_duration{RELEASE}) > 3600
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: A transaction is open for an hour; dead rows stay until it ends.
- alert: PostgresqlWraparound
  expr: max by (namespace, pod) (pg_database_wraparound_age_datfrozenxid_seconds{RELEASE}) > 1500000000
  for: 15m
  labels:
    severity: critical
  annotations:
    summary: Transaction ids run out; the server will refuse writes until a vacuum is done.
{{ include "postgresql.storageAlerts" (dict "root" . "program" "Postgresql") }}
{{- end }}
