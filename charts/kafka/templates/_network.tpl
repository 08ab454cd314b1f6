{{/* Ports of a broker, as YAML: a map of name to number. */}}
{{- define "kafka.brokerPortMap" -}}
{{- $ports := dict "client" .Values.listeners.client.port "internal" .Values.listeners.internal.port }}
{{- if not (include "kafka.isSeparate" .) }}
{{- $_ := set $ports "controller" .Values.listeners.internal.controllerPort }}
{{- end }}
{{- if ne .Values.listeners.external.type "none" }}
{{- $_ := set $ports "external" .Values.listeners.external.port }}
{{- end }}
{{- merge $ports (include "kafka.metricsPortMap" . | fromYaml) | toYaml }}
{{- end }}

{{- define "kafka.controllerPortMap" -}}
{{- merge (dict "controller" .Values.listeners.internal.controllerPort) (include "kafka.metricsPortMap" . | fromYaml) | toYaml }}
{{- end }}

{{- define "kafka.metricsPortMap" -}}
{{- .Values.metrics.enabled | ternary (dict "metrics" .Values.metrics.agent.port) dict | toYaml }}
{{- end }}

{{- define "kafka.brokerPorts" -}}
{{- include "kafka.portEntries" (dict "ports" (include "kafka.brokerPortMap" .) "key" "containerPort") }}
{{- end }}

{{- define "kafka.brokerHeadlessPorts" -}}
{{- include "kafka.portEntries" (dict "ports" (include "kafka.brokerPortMap" .) "key" "port") }}
{{- end }}

{{- define "kafka.controllerPorts" -}}
{{- include "kafka.portEntries" (dict "ports" (include "kafka.controllerPortMap" .) "key" "containerPort") }}
{{- end }}

{{- define "kafka.controllerHeadlessPorts" -}}
{{- include "kafka.portEntries" (dict "ports" (include "kafka.controllerPortMap" .) "key" "port") }}
{{- end }}

{{- define "kafka.servicePorts" -}}
{{- include "kafka.portEntries" (dict "ports" (dict "client" .Values.listeners.client.port | toYaml) "key" "port") }}
{{- end }}

{{/* Pods of the release. */}}
{{- define "kafka.peers" -}}
- podSelector:
    matchLabels:
      {{- omit (include "kafka.selectorLabels" (dict "root" . "component" "broker") | fromYaml) "app.kubernetes.io/component" | toYaml | nindent 6 }}
{{- end }}

{{/* Rules of the NetworkPolicies: the release's pods reach each other, and clients outside of the cluster the brokers. */}}
{{- define "kafka.peerIngress" -}}
- ports:
    - port: {{ int .Values.listeners.internal.port }}
    - port: {{ int .Values.listeners.internal.controllerPort }}
  from:
    {{- include "kafka.peers" . | nindent 4 }}
{{- if ne .Values.listeners.external.type "none" }}
- ports:
    - port: {{ int .Values.listeners.external.port }}
{{- end }}
{{- end }}

{{- define "kafka.peerEgress" -}}
- ports:
    - port: {{ int .Values.listeners.internal.port }}
    - port: {{ int .Values.listeners.internal.controllerPort }}
  to:
    {{- include "kafka.peers" . | nindent 4 }}
{{- end }}

{{/* Names of the Services, for the certificate. */}}
{{- define "kafka.certificateNames" -}}
{{- $name := include "kafka.fullname" . }}
{{- $names := list $name (printf "%s-headless" $name) (printf "*.%s-headless" $name) }}
{{- if include "kafka.isSeparate" . }}
{{- $names = append $names (printf "*.%s-controller-headless" $name) }}
{{- end }}
{{- join "\n" $names }}
{{- end }}

{{/* Where Prometheus finds the metrics. */}}
{{- define "kafka.scrape" -}}
port: metrics
path: /metrics
{{- end }}
