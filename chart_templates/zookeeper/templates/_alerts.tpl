{{/* Alerts of the servers, in Prometheus' own form. */}}
{{- define "zookeeper.alerts" -}}
- alert: ZookeeperDown
  expr: up{RELEASE} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: A server does not answer the scrape.
- alert: ZookeeperSlowRequests
  expr: avg_latency{RELEASE} > 100
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Requests take longer than a tenth of a second.
- alert: ZookeeperOutstandingRequests
  expr: outstanding_requests{RELEASE} > 50
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: "Requests wait: the server is overloaded."
- alert: ZookeeperSlowDisk
  expr: rate(fsynctime_sum{RELEASE}[5m]) / rate(fsynctime_count{RELEASE}[5m]) > 100
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: Writes to the log of transactions take longer than a tenth of a second.
- alert: ZookeeperConnectionsRejected
  expr: increase(connection_rejected{RELEASE}[5m]) > 0
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: "Clients are turned away: an address has more than maxClientCnxns."
- alert: ZookeeperUnrecoverableError
  expr: increase(unrecoverable_error_count{RELEASE}[5m]) > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: A server met an error that it cannot recover from.
- alert: ZookeeperFileDescriptors
  expr: open_file_descriptor_count{RELEASE} / max_file_descriptor_count{RELEASE} > 0.85
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: File descriptors run out.
{{- if gt (int .Values.replicaCount) 1 }}
- alert: ZookeeperNoLeader
  expr: count by (namespace) (up{RELEASE} == 1) unless on (namespace) count by (namespace) (synced_followers{RELEASE})
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: "The servers have no leader: nobody is served."
- alert: ZookeeperFollowersMissing
  expr: max by (namespace) (synced_followers{RELEASE}) < {{ sub (int .Values.replicaCount) 1 }}
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: "Followers are missing or behind: the next loss may take the quorum away."
- alert: ZookeeperElections
  expr: increase(looking_count{RELEASE}[1h]) > 3
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: The leader changes again and again.
{{- end }}
{{- end }}
