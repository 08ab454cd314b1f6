{{/* Alerts of the servers and of Alertmanager, in Prometheus' own form. */}}
{{- define "prometheus.alerts" -}}
{{- $namespace := include "prometheus.namespace" . }}
{{- $claims := printf "data-%s-(alertmanager-)?[0-9]+" (include "prometheus.fullname" .) -}}
- alert: PrometheusTargetDown
  expr: count by (namespace, job) (up == 0) / count by (namespace, job) (up) > 0.1
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: More than a tenth of a job's targets do not answer.
- alert: PrometheusConfigurationRefused
  expr: prometheus_config_last_reload_successful{RELEASE} == 0
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The server does not take its new configuration and runs with the old one.
- alert: PrometheusRuleFails
  expr: increase(prometheus_rule_evaluation_failures_total{RELEASE}[5m]) > 0
  for: 15m
  labels:
    severity: critical
  annotations:
    summary: Rules cannot be evaluated; their alerts will not fire.
- alert: PrometheusCannotSendAlerts
  expr: rate(prometheus_notifications_errors_total{RELEASE}[5m]) / rate(prometheus_notifications_sent_total{RELEASE}[5m]) > 0.03
  for: 15m
  labels:
    severity: critical
  annotations:
    summary: Alerts do not reach Alertmanager.
- alert: PrometheusNotIngesting
  expr: sum without (type) (rate(prometheus_tsdb_head_samples_appended_total{RELEASE}[5m])) <= 0
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The server stores no samples.
- alert: PrometheusVolumeFull
  expr: kubelet_volume_stats_available_bytes{namespace={{ quote $namespace }},persistentvolumeclaim=~{{ quote $claims }}} / kubelet_volume_stats_capacity_bytes{namespace={{ quote $namespace }},persistentvolumeclaim=~{{ quote $claims }}} < 0.05
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The volume is nearly full; no more samples are stored when it is.
- alert: AlertmanagerCannotTell
  expr: rate(alertmanager_notifications_failed_total{RELEASE}[5m]) / rate(alertmanager_notifications_total{RELEASE}[5m]) > 0.01
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: A receiver is not told of alerts.
{{- end }}
