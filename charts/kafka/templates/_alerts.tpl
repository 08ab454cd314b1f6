{{/* Alerts of the nodes, in Prometheus' own form. */}}
{{- define "kafka.alerts" -}}
- alert: KafkaDown
  expr: up{RELEASE} == 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: A node does not answer the scrape.
- alert: KafkaNoController
  expr: sum by (namespace) (kafka_controller_kafkacontroller_activecontrollercount{RELEASE}) != 1
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: Not exactly one controller is active.
- alert: KafkaOfflinePartitions
  expr: max by (namespace) (kafka_controller_kafkacontroller_offlinepartitionscount{RELEASE}) > 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: Partitions have no leader and serve nobody.
- alert: KafkaUnderMinIsr
  expr: kafka_server_replicamanager_underminisrpartitioncount{RELEASE} > 0
  for: 2m
  labels:
    severity: critical
  annotations:
    summary: Partitions have too few replicas in sync and refuse writes.
- alert: KafkaUnderReplicated
  expr: kafka_server_replicamanager_underreplicatedpartitions{RELEASE} > 0
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: Replicas are missing or behind.
- alert: KafkaOfflineLogDirectory
  expr: kafka_log_logmanager_offlinelogdirectorycount{RELEASE} > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: A broker cannot use its volume.
- alert: KafkaFencedBrokers
  expr: max by (namespace) (kafka_controller_kafkacontroller_fencedbrokercount{RELEASE}) > 0
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: A broker is registered, but not in service.
- alert: KafkaUncleanElection
  expr: increase(kafka_controller_controllerstats_uncleanleaderelections_total{RELEASE}[5m]) > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: A replica that was behind became leader, and records are lost.
{{- end }}
