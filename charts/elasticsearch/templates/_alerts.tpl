{{/* Alerts of the nodes, in Prometheus' own form. */}}
{{- define "elasticsearch.alerts" -}}
{{- $namespace := include "elasticsearch.namespace" . }}
{{- $name := include "elasticsearch.fullname" . }}
{{- $volumes := printf "namespace=%q,persistentvolumeclaim=~%q" $namespace (printf "data-%s-[0-9]+" $name) -}}
- alert: ElasticsearchDown
  expr: elasticsearch_clusterinfo_up{RELEASE} == 0 or up{RELEASE} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: A node or its exporter does not answer.
- alert: ElasticsearchRed
  expr: max by (namespace, cluster) (elasticsearch_cluster_health_status{RELEASE,color="red"}) > 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: Shards have no copy that works; their documents cannot be read or written.
{{- if not (include "elasticsearch.isSingle" .) }}
- alert: ElasticsearchYellow
  expr: max by (namespace, cluster) (elasticsearch_cluster_health_status{RELEASE,color="yellow"}) > 0
  for: 30m
  labels:
    severity: warning
  annotations:
    summary: Shards miss copies; the next loss of a node may lose documents.
- alert: ElasticsearchNodesMissing
  expr: min by (namespace, cluster) (elasticsearch_cluster_health_number_of_nodes{RELEASE}) < {{ int .Values.replicaCount }}
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The cluster has fewer nodes than the release.
- alert: ElasticsearchSplit
  expr: count by (namespace) (group by (namespace, cluster_uuid) (elasticsearch_clusterinfo_version_info{RELEASE})) > 1
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: The nodes of the release are in several clusters.
{{- end }}
- alert: ElasticsearchHeap
  expr: elasticsearch_jvm_memory_used_bytes{RELEASE,area="heap"} / elasticsearch_jvm_memory_max_bytes{RELEASE,area="heap"} > 0.9
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: The heap is full; the node will refuse requests. Raise the memory limit.
- alert: ElasticsearchVolumeFull
  expr: kubelet_volume_stats_available_bytes{ {{- $volumes -}} } / kubelet_volume_stats_capacity_bytes{ {{- $volumes -}} } < 0.15
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The volume is nearly full; no shards come to the node, and at 95 % indices become read-only.
{{- if .Values.backup.enabled }}
- alert: ElasticsearchBackupFailed
  expr: kube_job_status_failed{namespace={{ quote $namespace }},job_name=~"{{ $name }}-backup-[0-9]+"} > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: A snapshot failed.
{{- end }}
{{- end }}
