{{/* Alerts of both parts, in Prometheus' own form. */}}
{{- define "doris.alerts" -}}
{{- $claim := printf "namespace=%q,persistentvolumeclaim=~\"meta-%s-fe-[0-9]+\"" (include "doris.namespace" .) (include "doris.fullname" .) -}}
- alert: DorisDown
  expr: up{RELEASE} == 0
  for: 3m
  labels:
    severity: critical
  annotations:
    summary: A frontend or backend does not answer the scrape.
- alert: DorisDiskFull
  expr: min by (namespace, pod, path) (doris_be_disks_avail_capacity{RELEASE} / doris_be_disks_total_capacity{RELEASE}) < 0.15
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: A backend's disk is nearly full; it will refuse loads.
- alert: DorisMetadataVolume
  expr: kubelet_volume_stats_available_bytes{ {{- $claim }}} < 6 * 1024 ^ 3
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: A frontend's volume nears 5 GiB of free space, with which it stops.
- alert: DorisJournalLag
  expr: max by (namespace) (doris_fe_max_journal_id{RELEASE}) - min by (namespace) (doris_fe_max_journal_id{RELEASE}) > 10000
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: A frontend is far behind the others with the metadata.
- alert: DorisCompaction
  expr: max by (namespace) (doris_fe_max_tablet_compaction_score{RELEASE}) > 200
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: Loads write more versions than compaction merges; queries grow slow, then loads are refused.
{{- end }}
