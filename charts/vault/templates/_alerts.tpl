{{/* Alerts of the server, in Prometheus' own form. */}}
{{- define "vault.alerts" -}}
- alert: VaultDown
  expr: up{RELEASE} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: A server does not answer the scrape.
- alert: VaultSealed
  expr: max by (namespace, pod) (vault_core_unsealed{RELEASE}) == 0
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: A server is sealed.
- alert: VaultSlowRequests
  expr: vault_core_handle_request{RELEASE,quantile="0.99"} > 1000
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Requests take longer than a second.
- alert: VaultAuditFailure
  expr: increase(vault_audit_log_request_failure{RELEASE}[5m]) + increase(vault_audit_log_response_failure{RELEASE}[5m]) > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: The audit device fails; without one, all requests stop.
- alert: VaultLeaseGrowth
  expr: vault_expire_num_leases{RELEASE} > 100000
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Clients do not give leases back.
- alert: VaultIrrevocableLeases
  expr: vault_expire_num_irrevocable_leases{RELEASE} > 0
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Leases cannot be revoked.
- alert: VaultRootToken
  expr: increase(vault_token_create_root{RELEASE}[5m]) > 0
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: A root token was made.
{{- if include "vault.isHa" . }}
- alert: VaultNoActive
  expr: sum by (namespace) (max by (namespace, pod) (vault_core_active{RELEASE})) < 1
  for: 1m
  labels:
    severity: critical
  annotations:
    summary: No server is active.
- alert: VaultTwoActive
  expr: sum by (namespace) (max by (namespace, pod) (vault_core_active{RELEASE})) > 1
  for: 30s
  labels:
    severity: critical
  annotations:
    summary: Two servers are active on one storage.
- alert: VaultLeadershipFlap
  expr: increase(vault_core_leadership_lost_count{RELEASE}[1h]) > 3
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: The active server changes again and again.
{{- end }}
{{- if eq .Values.storage.type "postgresql" }}
- alert: VaultSlowStorage
  expr: vault_postgres_put{RELEASE,quantile="0.99"} > 500
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Writes to the database take longer than half a second.
{{- else if eq .Values.storage.type "raft" }}
- alert: VaultSlowStorage
  expr: vault_raft_commitTime{RELEASE,quantile="0.99"} > 500
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Raft commits take longer than half a second.
- alert: VaultRaftUnhealthy
  expr: vault_autopilot_healthy{RELEASE} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: Raft's autopilot finds an unhealthy server.
{{- if gt (int .Values.replicaCount) 1 }}
- alert: VaultRaftNoTolerance
  expr: vault_autopilot_failure_tolerance{RELEASE} < 1
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: The next server that fails takes the quorum away.
{{- end }}
{{- end }}
{{- end }}
