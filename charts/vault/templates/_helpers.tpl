{{/* Gives each value that is null its default. Every template begins with it. */}}
{{- define "vault.values" -}}
{{- if not (hasKey . "ValuesAreComplete") }}
{{- include "vault.fill" (dict "given" .Values "defaults" (fromJson `{"affinity": {}, "audit": {"file": {"persistence": {"accessModes": ["ReadWriteOnce"], "annotations": {}, "enabled": true, "existingClaim": "", "labels": {}, "selector": {}, "size": "10Gi", "storageClass": ""}}, "type": "stdout"}, "backup": {"concurrencyPolicy": "Forbid", "enabled": false, "failedJobsHistoryLimit": 3, "persistence": {"accessModes": ["ReadWriteOnce"], "annotations": {}, "enabled": true, "existingClaim": "", "labels": {}, "selector": {}, "size": "10Gi", "storageClass": ""}, "raft": {"authPath": "kubernetes", "role": "backup"}, "resources": {"limits": {"ephemeral-storage": "256Mi", "memory": "512Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "128Mi"}}, "retention": 14, "schedule": "15 2 * * *", "startingDeadlineSeconds": 600, "successfulJobsHistoryLimit": 3, "suspend": false, "timeZone": ""}, "clusterDomain": "cluster.local", "commonAnnotations": {}, "commonLabels": {}, "containerSecurityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true, "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}, "diagnosticMode": {"args": ["infinity"], "command": ["sleep"], "enabled": false}, "distribution": {"openbao": {"image": {"digest": "", "pullPolicy": "IfNotPresent", "pullSecrets": [], "registry": "quay.io", "repository": "openbao/openbao", "tag": "2.6.2"}}, "type": "vault", "vault": {"image": {"digest": "", "pullPolicy": "IfNotPresent", "pullSecrets": [], "registry": "docker.io", "repository": "hashicorp/vault", "tag": ""}}}, "dnsConfig": {}, "dnsPolicy": "", "externalSecrets": {}, "extraConfig": {"clusterName": "", "defaultLeaseTtl": "", "logRequestsLevel": "", "maxLeaseTtl": "", "pluginDirectory": ""}, "extraEnvVars": [], "extraVolumeMounts": [], "extraVolumes": [], "fullnameOverride": "", "generatedSecrets": {}, "global": {"imagePullSecrets": [], "imageRegistry": "", "storageClass": ""}, "hostAliases": [], "httpRoute": {"annotations": {}, "enabled": false, "hostnames": [], "parentRefs": []}, "imagePullSecrets": [], "ingress": {"annotations": {}, "className": "", "enabled": false, "hosts": [], "tls": []}, "initContainers": [], "listener": {"maxRequestDuration": "90s", "tlsMinVersion": "tls12", "xForwardedForAuthorizedAddrs": []}, "livenessProbe": {"enabled": true, "failureThreshold": 6, "initialDelaySeconds": 0, "periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 5}, "logFormat": "json", "logLevel": "info", "metrics": {"enabled": true, "prometheusRule": {"enabled": false, "extraRules": [], "labels": {}, "namespace": ""}, "serviceMonitor": {"enabled": false, "honorLabels": false, "interval": "30s", "labels": {}, "metricRelabelings": [], "namespace": "", "relabelings": [], "scrapeTimeout": ""}}, "nameOverride": "", "namespaceOverride": "", "networkPolicy": {"allowExternal": true, "allowExternalEgress": false, "apiServerPorts": [443, 6443], "enabled": true, "extraEgress": [], "extraIngress": [], "ingressPeers": []}, "nodeSelector": {}, "pdb": {"create": true, "unhealthyPodEvictionPolicy": ""}, "persistentVolumeClaimRetentionPolicy": {"enabled": false, "whenDeleted": "Retain", "whenScaled": "Retain"}, "podAnnotations": {}, "podAntiAffinityPreset": "soft", "podLabels": {}, "podSecurityContext": {"fsGroup": 1000, "fsGroupChangePolicy": "OnRootMismatch", "runAsGroup": 1000, "runAsNonRoot": true, "runAsUser": 100, "seccompProfile": {"type": "RuntimeDefault"}}, "priorityClassName": "", "rbac": {"authDelegator": false, "create": true}, "readinessProbe": {"enabled": true, "failureThreshold": 3, "initialDelaySeconds": 0, "periodSeconds": 5, "successThreshold": 1, "timeoutSeconds": 5}, "replicaCount": 3, "resources": {"limits": {"ephemeral-storage": "512Mi", "memory": "1Gi"}, "requests": {"cpu": "250m", "ephemeral-storage": "64Mi", "memory": "512Mi"}}, "runtimeClassName": "", "schedulerName": "", "seal": {"awskms": {"accessKey": {"key": "AWS_ACCESS_KEY_ID", "name": ""}, "disabled": false, "endpoint": "", "kmsKeyId": "", "region": "", "secretKey": {"key": "AWS_SECRET_ACCESS_KEY", "name": ""}, "sessionToken": {"key": "AWS_SESSION_TOKEN", "name": ""}}, "azurekeyvault": {"clientId": "", "clientSecret": {"key": "AZURE_CLIENT_SECRET", "name": ""}, "disabled": false, "keyName": "", "tenantId": "", "vaultName": ""}, "gcpckms": {"credentials": {"key": "credentials.json", "name": ""}, "cryptoKey": "", "disabled": false, "keyRing": "", "project": "", "region": ""}, "transit": {"address": "", "caCert": {"key": "ca.crt", "name": ""}, "disabled": false, "keyName": "", "mountPath": "transit/", "namespace": "", "tlsServerName": "", "token": {"key": "token", "name": ""}}, "type": "shamir"}, "secretGenerator": {"image": {"digest": "", "pullPolicy": "IfNotPresent", "pullSecrets": [], "registry": "docker.io", "repository": "alpine/kubectl", "tag": "1.34.2"}, "resources": {"limits": {"ephemeral-storage": "64Mi", "memory": "128Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "64Mi"}}}, "service": {"annotations": {}, "clusterIP": "", "externalTrafficPolicy": "", "ipFamilies": [], "ipFamilyPolicy": "", "labels": {}, "loadBalancerClass": "", "loadBalancerSourceRanges": [], "sessionAffinity": "", "type": "ClusterIP"}, "serviceAccount": {"annotations": {}, "automountServiceAccountToken": false, "create": true, "name": ""}, "sidecars": [], "startupProbe": {"enabled": true, "failureThreshold": 120, "initialDelaySeconds": 0, "periodSeconds": 5, "successThreshold": 1, "timeoutSeconds": 5}, "storage": {"file": {"persistence": {"accessModes": ["ReadWriteOnce"], "annotations": {}, "enabled": true, "existingClaim": "", "labels": {}, "selector": {}, "size": "10Gi", "storageClass": ""}}, "postgresql": {"bootstrap": {"activeDeadlineSeconds": 900, "admin": {"database": "postgres", "password": {"key": "password", "name": ""}, "username": "postgres"}, "backoffLimit": 6, "enabled": false}, "client": {"image": {"digest": "", "pullPolicy": "IfNotPresent", "pullSecrets": [], "registry": "docker.io", "repository": "library/postgres", "tag": "18.1-alpine"}, "resources": {"limits": {"ephemeral-storage": "256Mi", "memory": "256Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "64Mi"}}}, "connectionUrl": {"key": "uri", "name": ""}, "database": "vault", "host": "", "maxParallel": 20, "password": {"key": "password", "name": ""}, "port": 5432, "sslMode": "verify-full", "sslRootCert": {"key": "ca.crt", "name": ""}, "username": "vault"}, "raft": {"performanceMultiplier": 1, "persistence": {"accessModes": ["ReadWriteOnce"], "annotations": {}, "enabled": true, "existingClaim": "", "labels": {}, "selector": {}, "size": "10Gi", "storageClass": ""}}, "type": "raft"}, "terminationGracePeriodSeconds": 60, "tests": {"resources": {"limits": {"ephemeral-storage": "64Mi", "memory": "128Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "64Mi"}}}, "tls": {"certManager": {"duration": "2160h", "extraDnsNames": [], "extraIpAddresses": [], "issuerRef": {"group": "cert-manager.io", "kind": "Issuer", "name": ""}, "renewBefore": "720h"}, "existingSecret": {"caKey": "ca.crt", "certificateKey": "tls.crt", "name": "vault-tls", "privateKeyKey": "tls.key"}, "type": "existingSecret"}, "tolerations": [], "topologySpreadConstraints": [], "ui": {"enabled": true, "service": {"annotations": {}, "clusterIP": "", "enabled": false, "externalTrafficPolicy": "", "ipFamilies": [], "ipFamilyPolicy": "", "labels": {}, "loadBalancerClass": "", "loadBalancerSourceRanges": [], "sessionAffinity": "", "type": "ClusterIP"}}, "updateStrategy": {"type": "OnDelete"}}`)) }}
{{- $_ := set . "ValuesAreComplete" true }}
{{- end }}
{{- end }}

{{/* Takes given and defaults. A null without a default goes; Kubernetes' own shapes are taken whole, as a null in them means none. */}}
{{- define "vault.fill" -}}
{{- range $key, $given := .given }}
{{- if kindIs "invalid" $given }}{{ $_ := unset $.given $key }}{{ end }}
{{- end }}
{{- $whole := list "affinity" "containerSecurityContext" "dnsConfig" "podSecurityContext" "resources" }}
{{- range $key, $default := .defaults }}
{{- $given := index $.given $key }}
{{- if kindIs "invalid" $given }}
{{- $_ := set $.given $key $default }}
{{- else if and (kindIs "map" $given) (kindIs "map" $default) (not (has $key $whole)) }}
{{- include "vault.fill" (dict "given" $given "defaults" $default) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Name of the chart, for labels. */}}
{{- define "vault.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Name of the release's objects: 40 characters leave room for suffixes, ordinals and revision hashes. */}}
{{- define "vault.fullname" -}}
{{- $name := include "vault.name" . }}
{{- $released := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) }}
{{- .Values.fullnameOverride | default $released | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Namespace of the release's objects. */}}
{{- define "vault.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace }}
{{- end }}

{{/* Labels that never change; takes root and component. */}}
{{- define "vault.selectorLabels" -}}
app.kubernetes.io/name: {{ include "vault.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels and annotations of a pod; takes root, component and optionally labels, annotations. */}}
{{- define "vault.podMetadata" -}}
labels:
  {{- include "vault.selectorLabels" . | nindent 2 }}
  {{- with merge (dict) (.labels | default dict) .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Metadata of an object; takes root, component and optionally suffix or name, namespace, cluster, labels, annotations. */}}
{{- define "vault.metadata" -}}
{{- $fullname := include "vault.fullname" .root -}}
name: {{ .name | default (empty .suffix | ternary $fullname (printf "%s-%s" $fullname .suffix)) }}
{{- if not .cluster }}
namespace: {{ .namespace | default (include "vault.namespace" .root) }}
{{- end }}
labels:
  {{- include "vault.selectorLabels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/part-of: {{ include "vault.name" .root }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 }}
  {{- with merge (dict) (.labels | default dict) .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Name of the ServiceAccount of the program's pods. */}}
{{- define "vault.serviceAccountName" -}}
{{- $account := .Values.serviceAccount }}
{{- $account.name | default ($account.create | ternary (include "vault.fullname" .) "default") }}
{{- end }}

{{/* Reference of an image; takes root and image. */}}
{{- define "vault.image" -}}
{{- with .root.Values.global.imageRegistry | default .image.registry }}{{ . }}/{{ end }}
{{- .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- with .image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* What every container has; takes root, name, image, resources and optionally securityContext. */}}
{{- define "vault.container" -}}
name: {{ .name }}
image: {{ include "vault.image" . | quote }}
imagePullPolicy: {{ .image.pullPolicy }}
securityContext:
  {{- toYaml (.securityContext | default .root.Values.containerSecurityContext) | nindent 2 }}
resources:
  {{- toYaml .resources | nindent 2 }}
{{- end }}

{{/* Containers of the user, with the chart's security where they state none; takes root and containers. */}}
{{- define "vault.extraContainers" -}}
{{- $security := dict "securityContext" .root.Values.containerSecurityContext }}
{{- range .containers }}
- {{ hasKey . "securityContext" | ternary . (merge (dict) . $security) | toYaml | indent 2 | trim }}
{{- end }}
{{- end }}

{{/* What every pod has; takes root, images and optionally serviceAccount and token. */}}
{{- define "vault.pod" -}}
{{- $values := .root.Values -}}
serviceAccountName: {{ .serviceAccount | default "default" }}
automountServiceAccountToken: {{ .token | default false }}
enableServiceLinks: false
securityContext:
  {{- toYaml $values.podSecurityContext | nindent 2 }}
{{- $pull := concat $values.global.imagePullSecrets $values.imagePullSecrets }}
{{- range .images }}{{ $pull = concat $pull .pullSecrets }}{{ end }}
{{- with uniq $pull }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $key := list "nodeSelector" "tolerations" "priorityClassName" "schedulerName" "runtimeClassName" "hostAliases" "dnsPolicy" "dnsConfig" }}
{{- with index $values $key }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Affinity and spread of a component's pods, which a choice of the user replaces; takes root, component and preset. */}}
{{- define "vault.spread" -}}
{{- $selector := dict "matchLabels" (include "vault.selectorLabels" . | fromYaml) }}
{{- $hard := eq .preset "hard" }}
{{- $term := dict "labelSelector" $selector "topologyKey" "kubernetes.io/hostname" }}
{{- $anti := $hard | ternary
  (dict "requiredDuringSchedulingIgnoredDuringExecution" (list $term))
  (dict "preferredDuringSchedulingIgnoredDuringExecution" (list (dict "weight" 100 "podAffinityTerm" $term))) -}}
affinity:
  {{- toYaml (.root.Values.affinity | default (dict "podAntiAffinity" $anti)) | nindent 2 }}
topologySpreadConstraints:
  {{- with .root.Values.topologySpreadConstraints }}
  {{- range . }}
  - {{ merge (dict) . (dict "labelSelector" $selector "maxSkew" 1 "whenUnsatisfiable" "ScheduleAnyway") | toYaml | indent 4 | trim }}
  {{- end }}
  {{- else }}
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: {{ $hard | ternary "DoNotSchedule" "ScheduleAnyway" }}
    labelSelector:
      {{- toYaml $selector | nindent 6 }}
  {{- end }}
{{- end }}

{{/* Spec of a claim; takes root and persistence. */}}
{{- define "vault.claim" -}}
accessModes:
  {{- toYaml .persistence.accessModes | nindent 2 }}
{{- with .persistence.storageClass | default .root.Values.global.storageClass }}
storageClassName: {{ eq . "-" | ternary "" . | quote }}
{{- end }}
resources:
  requests:
    storage: {{ .persistence.size | quote }}
{{- range $key := list "selector" "dataSource" }}
{{- with index $.persistence $key }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
{{- end }}

{{/* A volume that no claim template makes; takes name and persistence. */}}
{{- define "vault.volume" -}}
{{- if .persistence.existingClaim -}}
- name: {{ .name }}
  persistentVolumeClaim:
    claimName: {{ .persistence.existingClaim }}
{{- else if not .persistence.enabled -}}
- name: {{ .name }}
  emptyDir: {}
{{- end }}
{{- end }}

{{/* A claim template of a StatefulSet, where one is wanted; takes root, name and persistence. */}}
{{- define "vault.claimTemplate" -}}
{{- if and .persistence.enabled (not .persistence.existingClaim) -}}
- metadata:
    name: {{ .name }}
    {{- with .persistence.labels }}
    labels:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with .persistence.annotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    {{- include "vault.claim" . | nindent 4 }}
{{- end }}
{{- end }}

{{/* Spec of a Service but for selector and ports; takes the service's values. */}}
{{- define "vault.service" -}}
type: {{ .type }}
{{- range $key := list "clusterIP" "loadBalancerClass" "loadBalancerSourceRanges" "externalTrafficPolicy" "sessionAffinity" "ipFamilyPolicy" "ipFamilies" }}
{{- with index $ $key }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Timings of a probe; takes the probe's values. */}}
{{- define "vault.probe" -}}
{{- toYaml (omit . "enabled") }}
{{- end }}

{{/* A variable from a Secret, where its name is set; takes name and ref. */}}
{{- define "vault.secretVariable" -}}
{{- with .ref.name -}}
- name: {{ $.name }}
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $.ref.key }}
{{- end }}
{{- end }}

{{/* A key of a Secret as one file, where its name is set; takes name, ref and file. */}}
{{- define "vault.secretFile" -}}
{{- with .ref.name -}}
- name: {{ $.name }}
  secret:
    secretName: {{ . }}
    defaultMode: 0440
    items:
      - key: {{ $.ref.key }}
        path: {{ $.file }}
{{- end }}
{{- end }}

{{/* Rule of a NetworkPolicy: names can be looked up. */}}
{{- define "vault.dnsEgress" -}}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}

{{/* Rule of a NetworkPolicy: the Kubernetes API can be called. */}}
{{- define "vault.apiServerEgress" -}}
- ports:
    {{- range .Values.networkPolicy.apiServerPorts }}
    - port: {{ int . }}
    {{- end }}
{{- end }}

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

{{/* Name of the Secret with the server's certificate. */}}
{{- define "vault.tlsSecret" -}}
{{- eq .Values.tls.type "existingSecret" | ternary .Values.tls.existingSecret.name (printf "%s-tls" (include "vault.fullname" .)) }}
{{- end }}

{{/* Keys of that Secret, as YAML: a map of file to key. */}}
{{- define "vault.tlsKeys" -}}
{{- if eq .Values.tls.type "existingSecret" }}
{{- with .Values.tls.existingSecret }}
{{- dict "tls.crt" .certificateKey "tls.key" .privateKeyKey "ca.crt" .caKey | toYaml }}
{{- end }}
{{- else }}
{{- dict "tls.crt" "tls.crt" "tls.key" "tls.key" "ca.crt" "ca.crt" | toYaml }}
{{- end }}
{{- end }}

{{/* Volume of the certificate; takes root and files. */}}
{{- define "vault.tlsVolume" -}}
{{- if ne .root.Values.tls.type "none" -}}
- name: tls
  secret:
    secretName: {{ include "vault.tlsSecret" .root }}
    defaultMode: 0440
    items:
      {{- $keys := include "vault.tlsKeys" .root | fromYaml }}
      {{- range .files }}
      - key: {{ index $keys . }}
        path: {{ . }}
      {{- end }}
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

{{/* Variables of libpq for the database of the storage; takes root, user, database and password. */}}
{{- define "vault.libpq" -}}
{{- with .root.Values.storage.postgresql -}}
- name: HOME
  value: /tmp
- name: PGHOST
  value: {{ .host | quote }}
- name: PGPORT
  value: {{ .port | quote }}
- name: PGUSER
  value: {{ $.user }}
- name: PGDATABASE
  value: {{ $.database }}
- name: PGSSLMODE
  value: {{ .sslMode }}
{{- if hasPrefix "verify-" .sslMode }}
- name: PGSSLROOTCERT
  value: {{ .sslRootCert.name | empty | ternary "system" "/etc/postgresql-ca/ca.crt" }}
{{- end }}
- name: PGCONNECT_TIMEOUT
  value: "10"
{{ include "vault.secretVariable" (dict "name" "PGPASSWORD" "ref" $.password) }}
{{- end }}
{{- end }}

{{/* Volume of the database's authority. */}}
{{- define "vault.postgresqlVolume" -}}
{{- if eq .Values.storage.type "postgresql" }}
{{- include "vault.secretFile" (dict "name" "postgresql-ca" "file" "ca.crt" "ref" .Values.storage.postgresql.sslRootCert) }}
{{- end }}
{{- end }}

{{/* Mounts of `/tmp` and the database's authority in pods of the PostgreSQL client. */}}
{{- define "vault.postgresqlMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.storage.postgresql.sslRootCert.name }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
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
