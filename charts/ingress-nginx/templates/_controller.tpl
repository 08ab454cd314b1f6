{{/* Labels of the controller's pods, by upstream's chart. */}}
{{- define "ingress-nginx-wrapper.controllerLabels" -}}
app.kubernetes.io/name: ingress-nginx
app.kubernetes.io/component: controller
{{- end }}

{{/* Name of upstream's Service, by which traffic comes in. */}}
{{- define "ingress-nginx-wrapper.upstreamService" -}}
{{- $fullname := contains "ingress-nginx" .Release.Name | ternary .Release.Name (printf "%s-ingress-nginx" .Release.Name) }}
{{- printf "%s-controller" ($fullname | trunc 63 | trimSuffix "-") | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Secret and namespace of the default certificate, of the controller's argument. */}}
{{- define "ingress-nginx-wrapper.certificateSecret" -}}
{{- index (index .Values "ingress-nginx").controller.extraArgs "default-ssl-certificate" | splitList "/" | last }}
{{- end }}

{{- define "ingress-nginx-wrapper.certificateNamespace" -}}
{{- index (index .Values "ingress-nginx").controller.extraArgs "default-ssl-certificate" | splitList "/" | first | replace "$(POD_NAMESPACE)" "" }}
{{- end }}

{{/* Traffic, and the API server with each Ingress to try, come from addresses that no label names. */}}
{{- define "ingress-nginx-wrapper.trafficIngress" -}}
{{- $controller := (index .Values "ingress-nginx").controller -}}
- ports:
    - port: 80
    - port: 443
    {{- if $controller.admissionWebhooks.enabled }}
    - port: {{ int $controller.admissionWebhooks.port }}
    {{- end }}
{{- end }}

{{- define "ingress-nginx-wrapper.metricsPorts" -}}
{{- $port := (index .Values "ingress-nginx").controller.metrics.port | int -}}
- name: metrics
  port: {{ $port }}
  targetPort: {{ $port }}
{{- end }}

{{- define "ingress-nginx-wrapper.scrape" -}}
port: metrics
{{- end }}

{{/* Hosts and namespaces that a listener of the Gateway takes; takes the Gateway's values. */}}
{{- define "ingress-nginx-wrapper.admitted" -}}
{{- with .hostname -}}
hostname: {{ . | quote }}
{{ end -}}
allowedRoutes:
  namespaces:
    {{- if .namespaces }}
    from: Selector
    selector:
      matchLabels:
        {{- toYaml .namespaces | nindent 8 }}
    {{- else }}
    from: All
    {{- end }}
{{- end }}

{{/* Alerts of the controller; its namespace is a label of its own, as `namespace` may be that of an Ingress. */}}
{{- define "ingress-nginx-wrapper.alerts" -}}
{{- $controller := printf "controller_namespace=%q" (include "ingress-nginx-wrapper.namespace" .) -}}
- alert: IngressNginxDown
  expr: absent(nginx_ingress_controller_config_last_reload_successful{{ print "{" $controller "}" }})
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: No controller answers; nothing comes in from outside.
- alert: IngressNginxConfigurationRefused
  expr: nginx_ingress_controller_config_last_reload_successful{{ print "{" $controller "}" }} == 0
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: nginx refuses its configuration; it serves the old one, and no change of an Ingress counts.
- alert: IngressNginxErrors
  expr: sum by (ingress, exported_namespace) (rate(nginx_ingress_controller_requests{{ print "{" $controller }},status=~"5.."}[5m])) / sum by (ingress, exported_namespace) (rate(nginx_ingress_controller_requests{{ print "{" $controller "}" }}[5m])) > 0.1
  for: 10m
  labels:
    severity: warning
  annotations:
    summary: More than a tenth of the requests by an Ingress fail.
- alert: IngressNginxCertificateExpires
  expr: nginx_ingress_controller_ssl_expire_time_seconds{{ print "{" }}namespace={{ include "ingress-nginx-wrapper.namespace" . | quote }}} - time() < 3 * 86400
  for: 30m
  labels:
    severity: critical
  annotations:
    summary: The certificate of a host is good for less than three days.
- alert: IngressNginxNoEndpoints
  expr: nginx_ingress_controller_orphan_ingress{{ print "{" $controller "}" }} == 1
  for: 15m
  labels:
    severity: warning
  annotations:
    summary: An Ingress leads to a Service that is not there, or has no endpoints.
{{- end }}
