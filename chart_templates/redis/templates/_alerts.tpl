{{/* Alerts of the servers, in Prometheus' own form. */}}
{{- define "redis.alerts" -}}
- alert: RedisDown
  expr: redis_up{RELEASE} == 0 or up{RELEASE} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: A server or its exporter does not answer.
- alert: RedisMemoryFull
  expr: redis_memory_used_bytes{RELEASE} / redis_memory_max_bytes{RELEASE} > 0.9 and redis_memory_max_bytes{RELEASE} > 0
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: Nine tenths of maxmemory are taken; then writes are refused, or keys go.
- alert: RedisConnectionsRefused
  expr: increase(redis_rejected_connections_total{RELEASE}[5m]) > 0
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: More clients came than maxclients admits.
{{- if .Values.persistence.enabled }}
- alert: RedisNotWritten
  expr: redis_rdb_last_bgsave_status{RELEASE} == 0 or redis_aof_last_write_status{RELEASE} == 0 or redis_aof_last_bgrewrite_status{RELEASE} == 0
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: Data do not reach the volume; writes may be refused, and a restart loses them.
{{- end }}
{{- if include "redis.hasSentinels" . }}
- alert: RedisNoMaster
  expr: absent(redis_instance_info{RELEASE,role="master"})
  for: 1m
  labels:
    severity: critical
  annotations:
    summary: No server is master; programs cannot write.
- alert: RedisTwoMasters
  expr: count by (namespace) (redis_instance_info{RELEASE,role="master"}) > 1
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: Several servers are masters; what one of them takes will be lost.
- alert: RedisReplicaCutOff
  expr: redis_master_link_up{RELEASE} == 0
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: A replica does not get the master's changes.
{{- end }}
{{ include "redis.storageAlerts" (dict "root" . "program" "Redis") }}
{{- end }}
