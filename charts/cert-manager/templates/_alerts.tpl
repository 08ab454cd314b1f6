{{/* Alerts of cert-manager and its certificates. Their namespaces are those of the certificates or, without honorLabels, stand under exported_namespace. */}}
{{- define "cert-manager-wrapper.alerts" -}}
{{- $namespace := include "cert-manager-wrapper.namespace" . | quote -}}
- alert: CertManagerDown
  expr: absent(certmanager_clock_time_seconds_gauge{{ print "{" }}namespace={{ $namespace }}})
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: No controller answers; nothing is issued and nothing is renewed.
- alert: CertManagerWebhookDown
  expr: kube_deployment_status_replicas_available{{ print "{" }}namespace={{ $namespace }},deployment=~".*-webhook"} == 0
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: The webhook is down; no certificate and no issuer can be changed, and releases with some fail.
- alert: CertManagerCertificateNotReady
  expr: certmanager_certificate_ready_status{condition="True"} == 0
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: A certificate is not issued, or not as its Certificate wants it.
- alert: CertManagerRenewalOverdue
  expr: time() - (certmanager_certificate_renewal_timestamp_seconds{} > 0) > 3600
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: A certificate should have been renewed an hour ago.
- alert: CertManagerCertificateExpires
  expr: (certmanager_certificate_expiration_timestamp_seconds{} > 0) - time() < 86400 and (certmanager_certificate_renewal_timestamp_seconds{} > 0) < time()
  for: 15m
  labels:
    severity: critical
  annotations:
    summary: A certificate whose renewal fails is good for less than a day.
- alert: CertManagerIssuerNotReady
  expr: certmanager_clusterissuer_ready_status{condition="True"} == 0 or certmanager_issuer_ready_status{condition="True"} == 0
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: An issuer cannot sign; its status tells why.
- alert: CertManagerRateLimited
  expr: sum by (host) (increase(certmanager_http_acme_client_request_count{status="429"}[1h])) > 0
  for: 0m
  labels:
    severity: warning
  annotations:
    summary: An ACME authority refuses requests, as there were too many; try against its staging server.
{{- end }}
