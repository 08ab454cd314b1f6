{{/* Alerts of the registry, in Prometheus' own form. */}}
{{- define "schema-registry.alerts" -}}
{{- $deployment := printf "namespace=%q,deployment=%q" (include "schema-registry.namespace" .) (include "schema-registry.fullname" .) -}}
- alert: SchemaRegistryDown
  expr: kube_deployment_status_replicas_ready{ {{- $deployment -}} } == 0 and kube_deployment_spec_replicas{ {{- $deployment -}} } > 0
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: No registry answers; programs cannot read or write with schemas that they have not seen.
- alert: SchemaRegistryPodsMissing
  expr: kube_deployment_status_replicas_ready{ {{- $deployment -}} } < kube_deployment_spec_replicas{ {{- $deployment -}} }
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: Fewer registries answer than are wanted.
- alert: SchemaRegistryRestarts
  expr: increase(kube_pod_container_status_restarts_total{RELEASE,container="server"}[1h]) > 2
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: A registry stops again and again; it does where it does not reach Kafka in time.
{{- end }}
