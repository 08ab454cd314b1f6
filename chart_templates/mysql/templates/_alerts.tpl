{{/* Alerts of the server, in Prometheus' own form. */}}
{{- define "mysql.alerts" -}}
- alert: MysqlDown
  expr: mysql_up{RELEASE} == 0 or up{RELEASE} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: The server or its exporter does not answer.
- alert: MysqlConnections
  expr: mysql_global_status_threads_connected{RELEASE} / mysql_global_variables_max_connections{RELEASE} > 0.8
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: Four fifths of the connections are taken; the next programs will be refused.
- alert: MysqlAbortedConnects
  expr: increase(mysql_global_status_aborted_connects{RELEASE}[10m]) > 20
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: Connections fail again and again; a password may be wrong.
- alert: MysqlRowLockWaits
  expr: rate(mysql_global_status_innodb_row_lock_time{RELEASE}[5m]) > 1000
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Transactions wait for each other longer than they run.
- alert: MysqlRestarted
  expr: mysql_global_status_uptime{RELEASE} < 300 and on (namespace, pod) mysql_global_status_uptime{RELEASE} offset 10m > 300
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: The server started again.
{{ include "mysql.storageAlerts" (dict "root" . "program" "Mysql") }}
{{- end }}
