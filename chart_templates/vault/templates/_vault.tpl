{{/* What the program is called and what it can do, from files/distributions.yaml; as YAML. */}}
{{- define "vault.distribution" -}}
{{- index (.Files.Get "files/distributions.yaml" | fromYaml) .Values.distribution.type | toYaml }}
{{- end }}

{{/* Image of the program, as YAML. */}}
{{- define "vault.programImage" -}}
{{- (index .Values.distribution .Values.distribution.type).image | toYaml }}
{{- end }}

{{/* A container of the program's image; takes root, name, resources. */}}
{{- define "vault.programContainer" -}}
{{- $program := include "vault.distribution" .root | fromYaml }}
{{- $image := include "vault.programImage" .root | fromYaml }}
{{- $context := deepCopy .root.Values.containerSecurityContext }}
{{- if has (regexFind "[0-9]+[.][0-9]+[.][0-9]+" ($image.tag | default .root.Chart.AppVersion)) $program.ipcLock }}
{{- $capabilities := $context.capabilities | default dict }}
{{- $_ := set $capabilities "add" (append ($capabilities.add | default list) "IPC_LOCK" | uniq) }}
{{- $_ := set $context "capabilities" $capabilities }}
{{- end }}
{{- include "vault.container" (merge (dict "image" $image "securityContext" $context) .) }}
{{- end }}

{{/* Whether standbys take over; the file storage cannot. */}}
{{- define "vault.isHa" -}}
{{- ne .Values.storage.type "file" | ternary "true" "" }}
{{- end }}

{{- define "vault.scheme" -}}
{{- eq .Values.tls.type "none" | ternary "http" "https" }}
{{- end }}

{{/* Service of the pod that answers. */}}
{{- define "vault.activeService" -}}
{{- include "vault.fullname" . }}{{ if include "vault.isHa" . }}-active{{ end }}
{{- end }}

{{/* Domain of the pods. */}}
{{- define "vault.peers" -}}
{{- printf "%s-internal.%s.svc" (include "vault.fullname" .) (include "vault.namespace" .) }}
{{- end }}

{{/* Variables of a client of the Service; takes root and host. */}}
{{- define "vault.clientVariables" -}}
{{- $program := include "vault.distribution" .root | fromYaml -}}
- name: HOME
  value: /tmp
- name: {{ $program.prefix }}ADDR
  value: {{ include "vault.scheme" .root }}://{{ .host }}:8200
{{- if ne .root.Values.tls.type "none" }}
- name: {{ $program.prefix }}CACERT
  value: {{ $program.home }}/tls/ca.crt
{{- end }}
{{- end }}

{{/* Where Prometheus finds the metrics. */}}
{{- define "vault.scrape" -}}
port: {{ include "vault.scheme" . }}
path: /v1/sys/metrics
params:
  format: [prometheus]
scheme: {{ include "vault.scheme" . }}
{{- if ne .Values.tls.type "none" }}
tlsConfig:
  serverName: {{ include "vault.fullname" . }}.{{ include "vault.namespace" . }}.svc
  ca:
    secret:
      name: {{ include "vault.tlsSecret" . }}
      key: {{ index (include "vault.tlsKeys" . | fromYaml) "ca.crt" }}
{{- end }}
{{- end }}

{{/* Ports of a Service. */}}
{{- define "vault.ports" -}}
- name: {{ include "vault.scheme" . }}
  port: 8200
  targetPort: {{ include "vault.scheme" . }}
  appProtocol: {{ include "vault.scheme" . }}
- name: https-internal
  port: 8201
  targetPort: https-internal
  appProtocol: https
{{- end }}
