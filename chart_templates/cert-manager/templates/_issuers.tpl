{{/* Kind and namespace of an issuer's metadata; takes root, name and issuer. Where cert-manager comes with this release, issuers wait until it answers. */}}
{{- define "cert-manager-wrapper.issuerMetadata" -}}
{{- $isForAll := eq .issuer.kind "ClusterIssuer" }}
{{- $namespace := $isForAll | ternary (include "cert-manager-wrapper.secretsNamespace" .root) .issuer.namespace }}
{{- $about := dict "root" .root "component" "issuer" "name" .name "cluster" (and $isForAll (not .inNamespace)) "namespace" $namespace }}
{{- if (index .root.Values "cert-manager").enabled }}
{{- $_ := set $about "annotations" (dict "helm.sh/hook" "post-install,post-upgrade" "helm.sh/hook-weight" "10" "helm.sh/hook-delete-policy" "before-hook-creation") }}
{{- end }}
{{- include "cert-manager-wrapper.metadata" $about }}
{{- end }}

{{/* Namespace of the Secrets of ClusterIssuers; takes the top-level `.`. */}}
{{- define "cert-manager-wrapper.secretsNamespace" -}}
{{- (index .Values "cert-manager").clusterResourceNamespace | default (include "cert-manager-wrapper.namespace" .) }}
{{- end }}

{{/* Spec of an issuer; takes name and issuer. */}}
{{- define "cert-manager-wrapper.issuerSpec" -}}
{{- include (printf "cert-manager-wrapper.%sIssuer" .issuer.type) . }}
{{- end }}

{{- define "cert-manager-wrapper.rootIssuer" -}}
ca:
  secretName: {{ include "cert-manager-wrapper.rootSecret" . }}
{{- end }}

{{- define "cert-manager-wrapper.caIssuer" -}}
ca:
  {{- include "cert-manager-wrapper.set" .issuer.ca | nindent 2 }}
{{- end }}

{{- define "cert-manager-wrapper.selfSignedIssuer" -}}
{{- toYaml (dict "selfSigned" (include "cert-manager-wrapper.set" .issuer.selfSigned | fromYaml)) }}
{{- end }}

{{- define "cert-manager-wrapper.acmeIssuer" -}}
{{- with .issuer.acme -}}
acme:
  {{- include "cert-manager-wrapper.set" (omit . "accountKey" "externalAccountBinding" "solvers") | nindent 2 }}
  privateKeySecretRef:
    name: {{ .accountKey | default (printf "%s-account-key" $.name) }}
  {{- if .externalAccountBinding.keyID }}
  externalAccountBinding:
    {{- include "cert-manager-wrapper.set" .externalAccountBinding | nindent 4 }}
  {{- end }}
  solvers:
    {{- range .solvers }}
    - {{ include "cert-manager-wrapper.solver" . | indent 6 | trim }}
    {{- end }}
{{- end }}
{{- end }}

{{/* A solver; takes its values. */}}
{{- define "cert-manager-wrapper.solver" -}}
{{- with include "cert-manager-wrapper.set" .selector | fromYaml }}
{{- toYaml (dict "selector" .) }}
{{ end }}
{{- $told := include "cert-manager-wrapper.set" (index . .type) | fromYaml }}
{{- $http := dict "ingress" "ingress" "gateway" "gatewayHTTPRoute" }}
{{- if hasKey $http .type }}
{{- toYaml (dict "http01" (dict (index $http .type) $told)) }}
{{- else }}
{{- toYaml (dict "dns01" (dict .type $told)) }}
{{- end }}
{{- end }}

{{- define "cert-manager-wrapper.vaultIssuer" -}}
vault:
  {{- include "cert-manager-wrapper.set" (omit .issuer.vault "auth") | nindent 2 }}
  auth:
  {{- with .issuer.vault.auth }}
  {{- if eq .type "token" }}
    tokenSecretRef:
      {{- toYaml .token | nindent 6 }}
  {{- else if eq .type "appRole" }}
    appRole:
      {{- toYaml .appRole | nindent 6 }}
  {{- else }}
    kubernetes:
      mountPath: {{ .kubernetes.mountPath }}
      role: {{ .kubernetes.role }}
      serviceAccountRef:
        name: {{ include "cert-manager-wrapper.vaultAccount" $ }}
  {{- end }}
  {{- end }}
{{- end }}

{{/* What is set of a map, as YAML: no empty texts, lists or maps, and no references without a name. */}}
{{- define "cert-manager-wrapper.set" -}}
{{- $told := dict }}
{{- range $key, $value := . }}
{{- $isUnset := and (kindIs "map" $value) (hasKey $value "name") (empty $value.name) }}
{{- if and (kindIs "map" $value) (not $isUnset) }}{{ $value = include "cert-manager-wrapper.set" $value | fromYaml }}{{ end }}
{{- if not (or $isUnset (empty $value)) }}{{ $_ := set $told $key $value }}{{ end }}
{{- end }}
{{- toYaml $told }}
{{- end }}

{{/* Name of the Secret of a root; takes name and issuer. */}}
{{- define "cert-manager-wrapper.rootSecret" -}}
{{- .issuer.root.secretName | default (printf "%s-key-pair" .name) }}
{{- end }}

{{/* Name of the ServiceAccount with which an issuer logs in at Vault; takes name and issuer. */}}
{{- define "cert-manager-wrapper.vaultAccount" -}}
{{- .issuer.vault.auth.kubernetes.serviceAccount | default (printf "%s-vault" .name) }}
{{- end }}
