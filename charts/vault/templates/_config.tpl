{{/* Attributes of HCL from a map with camelCase keys, without those that are empty text or absent. */}}
{{- define "vault.attributes" -}}
{{- range $key, $value := . }}
{{- if kindIs "string" $value }}
{{- if $value }}
{{ snakecase $key }} = {{ quote $value }}
{{- end }}
{{- else if kindIs "bool" $value }}
{{ snakecase $key }} = {{ $value }}
{{- else if not (kindIs "invalid" $value) }}
{{ snakecase $key }} = {{ int64 $value }}
{{- end }}
{{- end }}
{{- end }}

{{/* The server's configuration. */}}
{{- define "vault.config" -}}
{{- $program := include "vault.distribution" . | fromYaml }}
{{- $tls := ne .Values.tls.type "none" -}}
ui = {{ .Values.ui.enabled }}
log_level = {{ quote .Values.logLevel }}
log_format = {{ quote .Values.logFormat }}
{{- if $program.disableMlock }}
disable_mlock = true
{{- end }}
{{- include "vault.attributes" .Values.extraConfig }}

listener "tcp" {
  address = "[::]:8200"
  cluster_address = "[::]:8201"
  max_request_duration = {{ quote .Values.listener.maxRequestDuration }}
  {{- if $tls }}
  tls_cert_file = "{{ $program.home }}/tls/tls.crt"
  tls_key_file = "{{ $program.home }}/tls/tls.key"
  tls_min_version = {{ quote .Values.listener.tlsMinVersion }}
  {{- else }}
  tls_disable = true
  {{- end }}
  {{- with .Values.listener.xForwardedForAuthorizedAddrs }}
  x_forwarded_for_authorized_addrs = {{ join "," . | quote }}
  {{- end }}
  {{- if .Values.metrics.enabled }}
  telemetry {
    unauthenticated_metrics_access = true
  }
  {{- end }}
}

storage "{{ .Values.storage.type }}" {
  {{- if eq .Values.storage.type "postgresql" }}
  ha_enabled = "true"
  max_parallel = {{ quote .Values.storage.postgresql.maxParallel }}
  {{- else }}
  path = "{{ $program.home }}/data"
  {{- end }}
  {{- if eq .Values.storage.type "raft" }}
  performance_multiplier = {{ quote .Values.storage.raft.performanceMultiplier }}
  {{- range $ordinal := until (int .Values.replicaCount) }}
  retry_join {
    leader_api_addr = "{{ include "vault.scheme" $ }}://{{ include "vault.fullname" $ }}-{{ $ordinal }}.{{ include "vault.peers" $ }}:8200"
    {{- if $tls }}
    leader_ca_cert_file = "{{ $program.home }}/tls/ca.crt"
    leader_tls_servername = "{{ include "vault.fullname" $ }}.{{ include "vault.namespace" $ }}.svc"
    {{- end }}
  }
  {{- end }}
  {{- end }}
}
{{- include "vault.seal" . }}
{{- if include "vault.isHa" . }}

service_registration "kubernetes" {}
{{- end }}
{{- if .Values.metrics.enabled }}

telemetry {
  prometheus_retention_time = "24h"
  disable_hostname = true
}
{{- end }}
{{- if and (eq $program.audit "configuration") (ne .Values.audit.type "none") }}

audit "file" "{{ .Values.audit.type }}" {
  options {
    file_path = "{{ eq .Values.audit.type "stdout" | ternary "stdout" (printf "%s/audit/audit.log" $program.home) }}"
  }
}
{{- end }}
{{- end }}

{{/* The stanza of the seal; credentials come from the environment or a file. */}}
{{- define "vault.seal" -}}
{{- if ne .Values.seal.type "shamir" }}
{{- $program := include "vault.distribution" . | fromYaml }}
{{- $seal := index .Values.seal .Values.seal.type }}

seal "{{ .Values.seal.type }}" {
  {{- $references := list "accessKey" "secretKey" "sessionToken" "credentials" "clientSecret" "caCert" "token" }}
  {{- range $reference := prepend $references "disabled" }}
  {{- $seal = omit $seal $reference }}
  {{- end }}
  {{- include "vault.attributes" $seal | trim | nindent 2 }}
  {{- if and (eq .Values.seal.type "transit") .Values.seal.transit.caCert.name }}
  tls_ca_cert = "{{ $program.home }}/seal/ca.crt"
  {{- end }}
  {{- if (index .Values.seal .Values.seal.type).disabled }}
  disabled = "true"
  {{- end }}
}
{{- end }}
{{- end }}
