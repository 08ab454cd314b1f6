{{/* Labels of the pods of each component, by upstream's chart. */}}
{{- define "cert-manager-wrapper.controller" -}}
app.kubernetes.io/name: cert-manager
app.kubernetes.io/component: controller
{{- end }}

{{- define "cert-manager-wrapper.webhook" -}}
app.kubernetes.io/name: webhook
app.kubernetes.io/component: webhook
{{- end }}

{{- define "cert-manager-wrapper.cainjector" -}}
app.kubernetes.io/name: cainjector
app.kubernetes.io/component: cainjector
{{- end }}

{{/* Pods of each component. */}}
{{- define "cert-manager-wrapper.replicas" -}}
{{- $upstream := index .Values "cert-manager" -}}
controller: {{ int $upstream.replicaCount }}
webhook: {{ int $upstream.webhook.replicaCount }}
cainjector: {{ $upstream.cainjector.enabled | ternary (int $upstream.cainjector.replicaCount) 0 }}
{{- end }}

{{- define "cert-manager-wrapper.metricsPorts" -}}
- name: http-metrics
  port: 9402
  targetPort: http-metrics
{{- end }}

{{- define "cert-manager-wrapper.scrape" -}}
port: http-metrics
{{- end }}

{{/* The API server calls the webhook from addresses that no label names. */}}
{{- define "cert-manager-wrapper.webhookIngress" -}}
- ports:
    - port: {{ int (index .Values "cert-manager").webhook.securePort }}
{{- end }}

{{/* The API server; authorities of ACME and DNS providers by HTTPS; each challenge as the authority will see it; Vault. */}}
{{- define "cert-manager-wrapper.controllerEgress" -}}
{{- include "cert-manager-wrapper.apiServerEgress" . }}
{{- $ports := list }}
{{- range .Values.issuers }}
{{- if eq .type "acme" }}{{ $ports = concat $ports (list 80 443 (include "cert-manager-wrapper.urlPort" .acme.server | int)) }}{{ end }}
{{- if eq .type "vault" }}{{ $ports = append $ports (include "cert-manager-wrapper.urlPort" .vault.server | int) }}{{ end }}
{{- end }}
{{- range $ports | uniq }}
{{ include "cert-manager-wrapper.reach" (dict "port" .) }}
{{- end }}
{{- end }}

{{/* Port of a URL; takes the URL. */}}
{{- define "cert-manager-wrapper.urlPort" -}}
{{- with urlParse . }}
{{- regexFind ":[0-9]+$" .host | trimPrefix ":" | default (eq .scheme "http" | ternary "80" "443") }}
{{- end }}
{{- end }}
