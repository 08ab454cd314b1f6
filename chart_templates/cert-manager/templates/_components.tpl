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

{{/* The API server; authorities of ACME and DNS providers by HTTPS; each challenge as the authority will see it; Vault; name servers. */}}
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
{{- range include "cert-manager-wrapper.nameServerPorts" . | fromJsonArray }}
- ports:
    - port: {{ . }}
      protocol: UDP
    - port: {{ . }}
      protocol: TCP
{{- end }}
{{- end }}

{{/* Ports of the name servers that take updates or are asked, as JSON; 53 is open to all pods, and HTTPS for ACME. */}}
{{- define "cert-manager-wrapper.nameServerPorts" -}}
{{- $servers := splitList "," (index .Values "cert-manager").dns01RecursiveNameservers }}
{{- range .Values.issuers }}
{{- range .acme.solvers }}
{{- if eq .type "rfc2136" }}{{ $servers = append $servers .rfc2136.nameserver }}{{ end }}
{{- end }}
{{- end }}
{{- $ports := list }}
{{- range $servers }}
{{- $port := regexFind ":[0-9]+$" . | trimPrefix ":" | int }}
{{- if hasPrefix "https://" . }}{{ $port = include "cert-manager-wrapper.urlPort" . | int }}{{ end }}
{{- if not (has $port (list 0 53)) }}{{ $ports = append $ports $port }}{{ end }}
{{- end }}
{{- $ports | uniq | toJson }}
{{- end }}

{{/* Port of a URL; takes the URL. */}}
{{- define "cert-manager-wrapper.urlPort" -}}
{{- with urlParse . }}
{{- regexFind ":[0-9]+$" .host | trimPrefix ":" | default (eq .scheme "http" | ternary "80" "443") }}
{{- end }}
{{- end }}
