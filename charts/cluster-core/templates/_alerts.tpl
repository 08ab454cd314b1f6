{{/* An alert that a program's metrics are missing; takes name, what, metric. */}}
{{- define "cluster-core.missing" -}}
- alert: {{ .name }}Missing
  expr: absent({{ .metric }}{})
  for: 15m
  labels:
    severity: critical
  annotations:
    summary: No metrics of {{ .what }} arrive; it is down, or nothing scrapes it.
{{- end }}

{{/* Alerts of the cluster, in Prometheus' own form. */}}
{{- define "cluster-core.alerts" -}}
{{- with .Values.alerts }}
{{- if .apiServer }}
{{ include "cluster-core.missing" (dict "name" "ApiServer" "what" "the API server" "metric" "apiserver_request_total") }}
- alert: ApiServerFails
  expr: sum(rate(apiserver_request_total{code=~"5.."}[5m])) / sum(rate(apiserver_request_total{}[5m])) > 0.03
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: More than three of a hundred requests to the API server fail.
- alert: ApiServerSlow
  expr: histogram_quantile(0.99, sum by (le, verb) (rate(apiserver_request_duration_seconds_bucket{verb!~"WATCH|WATCHLIST|CONNECT|PROXY",subresource!~"log|exec|portforward|attach|proxy"}[5m]))) > 4
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: The slowest requests to the API server take more than four seconds.
{{- end }}
{{- if .etcd }}
{{ include "cluster-core.missing" (dict "name" "Etcd" "what" "etcd" "metric" "etcd_server_has_leader") }}
- alert: EtcdWithoutLeader
  expr: etcd_server_has_leader{} == 0
  for: 1m
  labels:
    severity: critical
  annotations:
    summary: A member of etcd has no leader and takes no writes.
- alert: EtcdSlowDisk
  expr: histogram_quantile(0.99, sum by (instance, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket{}[5m]))) > 0.5
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: etcd's disk is slow; leaders will change and the API server wait.
- alert: EtcdDatabaseFull
  expr: etcd_mvcc_db_total_size_in_bytes{} / etcd_server_quota_backend_bytes{} > 0.9
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: etcd's database is nearly full; then it takes no writes until it is compacted.
{{- end }}
{{- if .scheduler }}
{{ include "cluster-core.missing" (dict "name" "Scheduler" "what" "the scheduler" "metric" "scheduler_schedule_attempts_total") }}
- alert: PodsUnschedulable
  expr: max(scheduler_pending_pods{queue="unschedulable"}) > 0
  for: 30m
  labels:
    severity: warning
  annotations:
    summary: Pods find no node.
{{- end }}
{{- if .controllerManager }}
{{ include "cluster-core.missing" (dict "name" "ControllerManager" "what" "the controller manager" "metric" "node_collector_zone_size") }}
- alert: NodesUnhealthy
  expr: sum(node_collector_unhealthy_nodes_in_zone{}) > 0
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: The controller manager hears nothing of a node; its pods will be started elsewhere.
{{- end }}
{{- if .coreDns }}
{{ include "cluster-core.missing" (dict "name" "CoreDns" "what" "CoreDNS" "metric" "coredns_build_info") }}
- alert: CoreDnsFails
  expr: sum(rate(coredns_dns_responses_total{rcode="SERVFAIL"}[5m])) / sum(rate(coredns_dns_responses_total{}[5m])) > 0.03
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: More than three of a hundred names are not resolved for a fault.
- alert: CoreDnsPanics
  expr: sum by (pod) (increase(coredns_panics_total{}[10m])) > 0
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: CoreDNS met a fault of its own.
{{- end }}
{{- if .certificates.enabled }}
{{- $seconds := mul (int .certificates.days) 86400 }}
- alert: ClientCertificateEnds
  expr: histogram_quantile(0.01, sum by (le) (rate(apiserver_client_certificate_expiration_seconds_bucket{}[5m]))) < {{ $seconds }} and on () sum(rate(apiserver_client_certificate_expiration_seconds_count{}[5m])) > 0
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: Somebody comes to the API server with a certificate that ends within {{ .certificates.days }} days.
- alert: KubeletCertificateEnds
  expr: min by (node, instance) (kubelet_certificate_manager_client_ttl_seconds{}) < {{ $seconds }}
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: A kubelet's certificate ends within {{ .certificates.days }} days, and was not renewed.
- alert: CertificateEnds
  expr: certmanager_certificate_expiration_timestamp_seconds{} - time() < {{ $seconds }}
  for: 1h
  labels:
    severity: warning
  annotations:
    summary: A certificate of cert-manager ends within {{ .certificates.days }} days, and was not renewed.
{{- end }}
{{- end }}
{{- end }}
