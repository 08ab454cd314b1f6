{{/* Gives each value that is null its default. Every template begins with it. */}}
{{- define "postgresql.values" -}}
{{- if not (hasKey . "ValuesAreComplete") }}
{{- include "postgresql.fill" (dict "given" .Values "defaults" (fromJson `{"access": [], "admin": {"password": {"key": "password", "name": "postgresql-admin"}}, "affinity": {}, "backup": {"concurrencyPolicy": "Forbid", "enabled": true, "failedJobsHistoryLimit": 3, "persistence": {"accessModes": ["ReadWriteOnce"], "annotations": {}, "enabled": true, "existingClaim": "", "labels": {}, "selector": {}, "size": "10Gi", "storageClass": ""}, "resources": {"limits": {"ephemeral-storage": "256Mi", "memory": "512Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "128Mi"}}, "retention": 14, "schedule": "15 2 * * *", "startingDeadlineSeconds": 600, "successfulJobsHistoryLimit": 3, "suspend": false, "timeZone": ""}, "clusterDomain": "cluster.local", "commonAnnotations": {}, "commonLabels": {}, "configuration": {"checkpointTimeout": "15min", "effectiveCacheSize": "", "idleInTransactionSessionTimeout": "10min", "lockTimeout": "0", "logConnections": false, "logMinDurationStatement": "-1", "maintenanceWorkMem": "", "maxReplicationSlots": 10, "maxSlotWalKeepSize": "2GB", "maxWalSenders": 10, "maxWalSize": "1GB", "minWalSize": "80MB", "sharedBuffers": "", "sharedPreloadLibraries": [], "statementTimeout": "0", "walLevel": "replica", "workMem": ""}, "containerSecurityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true, "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}, "databases": {"*": {"excludeTableData": [], "extensions": [], "grants": {"*": {"connectionLimit": -1, "password": {"key": "password"}, "privileges": "read"}}, "owner": {"connectionLimit": -1, "name": "", "password": {"key": "password"}}, "schemas": []}}, "diagnosticMode": {"args": ["infinity"], "command": ["sleep"], "enabled": false}, "dnsConfig": {}, "dnsPolicy": "", "externalSecrets": {"*": {"data": {"*": {"property": ""}}, "refreshInterval": "1h", "storeRef": {"kind": "SecretStore"}}}, "extraEnvVars": [], "extraVolumeMounts": [], "extraVolumes": [], "fullnameOverride": "", "generatedSecrets": {"*": {"keys": {"*": {"length": 32}}, "namespaces": []}}, "global": {"imagePullSecrets": [], "imageRegistry": "", "storageClass": ""}, "hostAliases": [], "image": {"digest": "", "pullPolicy": "IfNotPresent", "pullSecrets": [], "registry": "docker.io", "repository": "library/postgres", "tag": "18.3-bookworm"}, "imagePullSecrets": [], "initContainers": [], "initdb": {"dataChecksums": true, "locale": "C.UTF-8"}, "livenessProbe": {"enabled": true, "failureThreshold": 6, "initialDelaySeconds": 0, "periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 5}, "metrics": {"dashboards": {"annotations": {}, "enabled": false, "labels": {"grafana_dashboard": "1"}, "namespace": ""}, "enabled": true, "exporter": {"image": {"digest": "", "pullPolicy": "IfNotPresent", "pullSecrets": [], "registry": "quay.io", "repository": "prometheuscommunity/postgres-exporter", "tag": "v0.17.1"}, "password": {"key": "password", "name": "postgresql-exporter"}, "resources": {"limits": {"ephemeral-storage": "64Mi", "memory": "128Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "64Mi"}}, "username": "postgres_exporter"}, "prometheusRule": {"enabled": false, "extraRules": [], "kind": "PrometheusRule", "labels": {}, "namespace": ""}, "serviceMonitor": {"enabled": false, "honorLabels": false, "interval": "30s", "labels": {}, "metricRelabelings": [], "namespace": "", "relabelings": [], "scrapeTimeout": ""}}, "nameOverride": "", "namespaceOverride": "", "networkPolicy": {"allowExternal": true, "allowExternalEgress": false, "apiServerPorts": [443, 6443], "clients": {"*": {"labels": {}, "namespace": ""}}, "enabled": true, "extraEgress": [], "extraIngress": [], "ingressPeers": []}, "nodeSelector": {}, "persistence": {"accessModes": ["ReadWriteOnce"], "annotations": {}, "enabled": true, "existingClaim": "", "labels": {}, "selector": {}, "size": "10Gi", "storageClass": ""}, "persistentVolumeClaimRetentionPolicy": {"enabled": false, "whenDeleted": "Retain", "whenScaled": "Retain"}, "podAnnotations": {}, "podAntiAffinityPreset": "soft", "podLabels": {}, "podSecurityContext": {"fsGroup": 999, "fsGroupChangePolicy": "OnRootMismatch", "runAsGroup": 999, "runAsNonRoot": true, "runAsUser": 999, "seccompProfile": {"type": "RuntimeDefault"}}, "priorityClassName": "", "provisioning": {"activeDeadlineSeconds": 900, "backoffLimit": 6, "resources": {"limits": {"ephemeral-storage": "64Mi", "memory": "128Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "64Mi"}}}, "readinessProbe": {"enabled": true, "failureThreshold": 3, "initialDelaySeconds": 0, "periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 5}, "replicaCount": 1, "resources": {"limits": {"ephemeral-storage": "1Gi", "memory": "2Gi"}, "requests": {"cpu": "250m", "ephemeral-storage": "64Mi", "memory": "1Gi"}}, "runtimeClassName": "", "schedulerName": "", "secretGenerator": {"image": {"digest": "", "pullPolicy": "IfNotPresent", "pullSecrets": [], "registry": "docker.io", "repository": "alpine/kubectl", "tag": "1.34.2"}, "resources": {"limits": {"ephemeral-storage": "64Mi", "memory": "128Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "64Mi"}}}, "service": {"annotations": {}, "clusterIP": "", "externalTrafficPolicy": "", "ipFamilies": [], "ipFamilyPolicy": "", "labels": {}, "loadBalancerClass": "", "loadBalancerSourceRanges": [], "sessionAffinity": "", "type": "ClusterIP"}, "serviceAccount": {"annotations": {}, "automountServiceAccountToken": false, "create": true, "name": ""}, "sharedMemory": {"sizeLimit": "256Mi"}, "sidecars": [], "startupProbe": {"enabled": true, "failureThreshold": 240, "initialDelaySeconds": 0, "periodSeconds": 5, "successThreshold": 1, "timeoutSeconds": 5}, "terminationGracePeriodSeconds": 120, "tests": {"resources": {"limits": {"ephemeral-storage": "64Mi", "memory": "128Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "64Mi"}}}, "tls": {"certManager": {"duration": "2160h", "extraDnsNames": [], "extraIpAddresses": [], "issuerRef": {"group": "cert-manager.io", "kind": "Issuer", "name": ""}, "renewBefore": "720h"}, "existingSecret": {"caKey": "ca.crt", "certificateKey": "tls.crt", "name": "postgresql-tls", "privateKeyKey": "tls.key"}, "type": "existingSecret"}, "tolerations": [], "topologySpreadConstraints": [], "updateStrategy": {"type": "RollingUpdate"}}`)) }}
{{- $_ := set . "ValuesAreComplete" true }}
{{- end }}
{{- end }}

{{/* Takes given and defaults, in which `*` stands for each entry of a map. A null without a default goes; Kubernetes' own shapes are taken whole, as a null in them means none. */}}
{{- define "postgresql.fill" -}}
{{- range $key, $given := .given }}
{{- if kindIs "invalid" $given }}{{ $_ := unset $.given $key }}{{ end }}
{{- end }}
{{- with $defaults := index .defaults "*" }}
{{- range $entry := $.given }}
{{- if kindIs "map" $entry }}{{ include "postgresql.fill" (dict "given" $entry "defaults" $defaults) }}{{ end }}
{{- end }}
{{- end }}
{{- $whole := list "affinity" "containerSecurityContext" "dnsConfig" "podSecurityContext" "resources" "selector" }}
{{- range $key, $default := omit .defaults "*" }}
{{- $given := index $.given $key }}
{{- $is_section := and (kindIs "map" $default) (not (has $key $whole)) }}
{{- if kindIs "invalid" $given }}
{{- $given = $is_section | ternary dict $default }}
{{- $_ := set $.given $key $given }}
{{- end }}
{{- if and (kindIs "map" $given) $is_section }}
{{- include "postgresql.fill" (dict "given" $given "defaults" $default) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Name of the chart, for labels; takes the top-level `.`. */}}
{{- define "postgresql.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Name of the release's objects; takes the top-level `.`. 40 characters leave room for suffixes, ordinals and revision hashes. */}}
{{- define "postgresql.fullname" -}}
{{- $name := include "postgresql.name" . }}
{{- $released := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) }}
{{- .Values.fullnameOverride | default $released | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Namespace of the release's objects; takes the top-level `.`. */}}
{{- define "postgresql.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace }}
{{- end }}

{{/* Labels that never change, to select by; takes root and component. */}}
{{- define "postgresql.selectorLabels" -}}
app.kubernetes.io/name: {{ include "postgresql.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ required "postgresql.selectorLabels needs component" .component }}
{{- end }}

{{/* Labels and annotations of a pod; takes root, component and optionally labels, annotations. */}}
{{- define "postgresql.podMetadata" -}}
labels:
  {{- include "postgresql.selectorLabels" . | nindent 2 }}
  {{- with merge (dict) (.labels | default dict) .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Metadata of an object; takes root, component and optionally suffix or name, namespace, cluster, labels, annotations. */}}
{{- define "postgresql.metadata" -}}
{{- $fullname := include "postgresql.fullname" .root -}}
name: {{ .name | default (empty .suffix | ternary $fullname (printf "%s-%s" $fullname .suffix)) }}
{{- if not .cluster }}
namespace: {{ .namespace | default (include "postgresql.namespace" .root) }}
{{- end }}
labels:
  {{- include "postgresql.selectorLabels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/part-of: {{ include "postgresql.name" .root }}
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

{{/* Name of the ServiceAccount of the program's pods; takes the top-level `.` and needs the value serviceAccount. */}}
{{- define "postgresql.serviceAccountName" -}}
{{- $account := required "postgresql.serviceAccountName needs the value serviceAccount" .Values.serviceAccount }}
{{- $account.name | default ($account.create | ternary (include "postgresql.fullname" .) "default") }}
{{- end }}

{{/* Reference of an image; takes root and image. */}}
{{- define "postgresql.image" -}}
{{- $image := required "postgresql.image needs image" .image }}
{{- with .root.Values.global.imageRegistry | default $image.registry }}{{ . }}/{{ end }}
{{- $image.repository }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- with $image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* What every container has; takes root, name, image, resources and optionally values, securityContext. */}}
{{- define "postgresql.container" -}}
name: {{ required "postgresql.container needs name" .name }}
image: {{ include "postgresql.image" . | quote }}
imagePullPolicy: {{ .image.pullPolicy }}
securityContext:
  {{- $own := (.values | default dict).containerSecurityContext }}
  {{- coalesce .securityContext $own .root.Values.containerSecurityContext | toYaml | nindent 2 }}
resources:
  {{- toYaml (required "postgresql.container needs resources" .resources) | nindent 2 }}
{{- end }}

{{/* Containers of the user, with the chart's security where they state none; takes root, containers and optionally values. */}}
{{- define "postgresql.extraContainers" -}}
{{- $own := (.values | default dict).containerSecurityContext }}
{{- $security := dict "securityContext" (coalesce $own .root.Values.containerSecurityContext) }}
{{- range .containers }}
- {{ hasKey . "securityContext" | ternary . (merge (dict) . $security) | toYaml | indent 2 | trim }}
{{- end }}
{{- end }}

{{/* What every pod has, but containers and volumes; takes root, images (of its containers) and optionally values, serviceAccount, token; where component is given, its pods are spread as preset says. */}}
{{- define "postgresql.pod" -}}
{{- $values := .root.Values }}
{{- $own := .values | default dict -}}
serviceAccountName: {{ .serviceAccount | default "default" }}
automountServiceAccountToken: {{ .token | default false }}
enableServiceLinks: false
securityContext:
  {{- coalesce $own.podSecurityContext $values.podSecurityContext | toYaml | nindent 2 }}
{{- $pull := concat $values.global.imagePullSecrets $values.imagePullSecrets }}
{{- range required "postgresql.pod needs images" .images }}{{ $pull = concat $pull .pullSecrets }}{{ end }}
{{- with uniq $pull }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $key := list "nodeSelector" "tolerations" "priorityClassName" "schedulerName" "runtimeClassName" "hostAliases" "dnsPolicy" "dnsConfig" }}
{{- with index $own $key | default (index $values $key) }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
{{- if .component }}
{{ include "postgresql.spread" . }}
{{- end }}
{{- end }}

{{/* Affinity and spread of a component's pods, which a choice of the user replaces; takes root, component and optionally values, preset: soft (else) or hard. */}}
{{- define "postgresql.spread" -}}
{{- $own := .values | default dict }}
{{- $selector := dict "matchLabels" (include "postgresql.selectorLabels" . | fromYaml) }}
{{- $hard := eq (.preset | default "soft") "hard" }}
{{- $term := dict "labelSelector" $selector "topologyKey" "kubernetes.io/hostname" }}
{{- $anti := $hard | ternary
  (dict "requiredDuringSchedulingIgnoredDuringExecution" (list $term))
  (dict "preferredDuringSchedulingIgnoredDuringExecution" (list (dict "weight" 100 "podAffinityTerm" $term))) -}}
affinity:
  {{- toYaml (coalesce $own.affinity .root.Values.affinity (dict "podAntiAffinity" $anti)) | nindent 2 }}
topologySpreadConstraints:
  {{- with coalesce $own.topologySpreadConstraints .root.Values.topologySpreadConstraints }}
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
{{- define "postgresql.claim" -}}
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
{{- define "postgresql.volume" -}}
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
{{- define "postgresql.claimTemplate" -}}
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
    {{- include "postgresql.claim" . | nindent 4 }}
{{- end }}
{{- end }}

{{/* Spec of a Service but for selector and ports; takes the service's values. */}}
{{- define "postgresql.service" -}}
type: {{ .type }}
{{- range $key := list "clusterIP" "loadBalancerClass" "loadBalancerSourceRanges" "externalTrafficPolicy" "sessionAffinity" "ipFamilyPolicy" "ipFamilies" }}
{{- with index $ $key }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Timings of a probe; takes the probe's values. */}}
{{- define "postgresql.probe" -}}
{{- toYaml (omit . "enabled") }}
{{- end }}

{{/* A variable from a Secret, and nothing where the Secret's name is not set; takes name and ref. */}}
{{- define "postgresql.secretVariable" -}}
{{- with (required "postgresql.secretVariable needs ref, the value of a SecretRef" .ref).name -}}
- name: {{ $.name }}
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ required "postgresql.secretVariable needs a key in ref" $.ref.key }}
{{- end }}
{{- end }}

{{/* A volume with a key of a Secret as one file, and nothing where the Secret's name is not set; takes name, ref and file. */}}
{{- define "postgresql.secretFile" -}}
{{- with (required "postgresql.secretFile needs ref, the value of a SecretRef" .ref).name -}}
- name: {{ $.name }}
  secret:
    secretName: {{ . }}
    defaultMode: 0440
    items:
      - key: {{ required "postgresql.secretFile needs a key in ref" $.ref.key }}
        path: {{ $.file }}
{{- end }}
{{- end }}

{{/* Rule of a NetworkPolicy: names can be looked up. */}}
{{- define "postgresql.dnsEgress" -}}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}

{{/* Rule of a NetworkPolicy: the Kubernetes API can be called; takes the top-level `.`. A rule without a port would allow all. */}}
{{- define "postgresql.apiServerEgress" -}}
- ports:
    {{- range .Values.networkPolicy.apiServerPorts }}
    - port: {{ int . }}
    {{- else }}
    {{- fail "networkPolicy.apiServerPorts needs a port" }}
    {{- end }}
{{- end }}

{{/* Pods of a NetworkPolicy, as a list of one; takes a Peer. */}}
{{- define "postgresql.peer" -}}
- podSelector:
    matchLabels:
      {{- toYaml .labels | nindent 6 }}
  {{- with .namespace }}
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ . }}
  {{- end }}
{{- end }}

{{/* Rule of a NetworkPolicy: a port can be reached, of the Peer alone where it has labels; takes port and optionally peer. */}}
{{- define "postgresql.reach" -}}
- ports:
    - port: {{ int .port }}
  {{- if (.peer | default dict).labels }}
  to:
    {{- include "postgresql.peer" .peer | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Name of the Secret with the program's certificate; takes the top-level `.` and needs the value tls. */}}
{{- define "postgresql.tlsSecret" -}}
{{- if eq .Values.tls.type "existingSecret" }}{{ .Values.tls.existingSecret.name }}{{ else }}{{ include "postgresql.fullname" . }}-tls{{ end }}
{{- end }}

{{/* Keys of that Secret, as YAML: a map of file to key. */}}
{{- define "postgresql.tlsKeys" -}}
{{- if eq .Values.tls.type "existingSecret" }}
{{- with .Values.tls.existingSecret }}
{{- dict "tls.crt" .certificateKey "tls.key" .privateKeyKey "ca.crt" .caKey | toYaml }}
{{- end }}
{{- else }}
{{- dict "tls.crt" "tls.crt" "tls.key" "tls.key" "ca.crt" "ca.crt" | toYaml }}
{{- end }}
{{- end }}

{{/* Volume `tls` of the certificate, and nothing where there is none; takes root and files. */}}
{{- define "postgresql.tlsVolume" -}}
{{- if ne .root.Values.tls.type "none" -}}
- name: tls
  secret:
    secretName: {{ include "postgresql.tlsSecret" .root }}
    defaultMode: 0440
    items:
      {{- $keys := include "postgresql.tlsKeys" .root | fromYaml }}
      {{- range .files }}
      - key: {{ index $keys . }}
        path: {{ . }}
      {{- end }}
{{- end }}
{{- end }}

{{/* An init container that adds authorities to those of the image's JVM, whose client then finds them at /java-trust/cacerts; takes root, image, resources and authorities, a map of aliases to Authority. */}}
{{- define "postgresql.javaTrust" -}}
- {{ include "postgresql.container" (dict "root" .root "name" "trust" "image" .image "resources" .resources) | indent 2 | trim }}
  command: [/bin/sh, -euc]
  args:
    - |
      java_home="${JAVA_HOME:-$(readlink -f "$(command -v java)" | sed 's|/bin/java$||')}"
      # It guards nothing: a JVM reads authorities without a password.
      rm -f /java-trust/cacerts
      guard="$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')"
      "$java_home/bin/keytool" -importkeystore -noprompt -srckeystore "$java_home/lib/security/cacerts" -destkeystore /java-trust/cacerts -deststoretype JKS -deststorepass "$guard" < /dev/null
      # Of a file with several certificates keytool takes the first alone.
      trust() {
        number=0
        while IFS= read -r line || [ -n "$line" ]; do
          case "$line" in "-----BEGIN CERTIFICATE-----"*) number=$((number + 1)); : > /java-trust/certificate ;; esac
          printf '%s\n' "$line" >> /java-trust/certificate
          case "$line" in "-----END CERTIFICATE-----"*) "$java_home/bin/keytool" -importcert -noprompt -keystore /java-trust/cacerts -storepass "$guard" -alias "$1-$number" -file /java-trust/certificate < /dev/null ;; esac
        done < "$2"
        rm -f /java-trust/certificate
        if [ "$number" = 0 ]; then echo "the Secret of the authority $1 has no certificate in PEM" >&2; exit 1; fi
      }
      {{- range $alias, $authority := .authorities }}
      trust {{ $alias }} /java-authorities/{{ $alias }}/ca.crt
      {{- end }}
  volumeMounts:
    - name: java-trust
      mountPath: /java-trust
    {{- range $alias, $authority := .authorities }}
    - name: {{ $alias }}-authority
      mountPath: /java-authorities/{{ $alias }}
      readOnly: true
    {{- end }}
{{- end }}

{{/* Volumes of it; takes authorities. */}}
{{- define "postgresql.javaTrustVolumes" -}}
- name: java-trust
  emptyDir:
    sizeLimit: 4Mi
{{- range $alias, $authority := .authorities }}
{{ include "postgresql.secretFile" (dict "name" (printf "%s-authority" $alias) "file" "ca.crt" "ref" $authority) }}
{{- end }}
{{- end }}

{{/* Variables of libpq; takes database (PostgresqlConnection) and optionally user, name and password that are not its own. */}}
{{- define "postgresql.libpq" -}}
{{- with required "postgresql.libpq needs database" .database -}}
- name: HOME
  value: /tmp
- name: PGHOST
  value: {{ .host | quote }}
- name: PGPORT
  value: {{ .port | quote }}
- name: PGUSER
  value: {{ $.user | default .username }}
- name: PGDATABASE
  value: {{ $.name | default .database }}
- name: PGSSLMODE
  value: {{ .sslMode }}
{{- if hasPrefix "verify-" .sslMode }}
- name: PGSSLROOTCERT
  value: {{ .sslRootCert.name | empty | ternary "system" "/etc/postgresql-ca/ca.crt" }}
{{- end }}
- name: PGCONNECT_TIMEOUT
  value: "10"
{{ include "postgresql.secretVariable" (dict "name" "PGPASSWORD" "ref" ($.password | default .password)) }}
{{- end }}
{{- end }}

{{/* URL of a database without the password, which drivers read from PGPASSWORD; takes a PostgresqlConnection. */}}
{{- define "postgresql.postgresqlUrl" -}}
postgres://{{ .username }}@{{ contains ":" .host | ternary (print "[" .host "]") .host }}:{{ int .port }}/{{ .database }}?sslmode={{ .sslMode }}{{ if .sslRootCert.name }}&sslrootcert=/etc/postgresql-ca/ca.crt{{ end }}
{{- end }}

{{/* JDBC URL of MySQL; takes host, port, sslMode and optionally database. Without TLS the driver asks for the key by which MySQL takes passwords. */}}
{{- define "postgresql.mysqlJdbcUrl" -}}
jdbc:mysql://{{ contains ":" .host | ternary (print "[" .host "]") .host }}:{{ int .port }}{{ with .database }}/{{ . }}{{ end }}?sslMode={{ .sslMode }}
{{- if eq .sslMode "DISABLED" }}&allowPublicKeyRetrieval=true{{ end }}
{{- end }}

{{/* The same for JDBC, without role and password; the JVM's own authorities count where none is named; takes a PostgresqlConnection. */}}
{{- define "postgresql.postgresqlJdbcUrl" -}}
jdbc:postgresql://{{ contains ":" .host | ternary (print "[" .host "]") .host }}:{{ int .port }}/{{ .database }}?sslmode={{ .sslMode }}
{{- if .sslRootCert.name }}&sslrootcert=/etc/postgresql-ca/ca.crt{{ else if hasPrefix "verify-" .sslMode }}&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory{{ end }}
{{- end }}

{{/* An init container that waits until a statement can be made, and says in its log what is missing; takes root, database (PostgresqlConnection), client (PostgresqlClient) and statement. */}}
{{- define "postgresql.postgresqlWait" -}}
- {{ include "postgresql.container" (dict "root" .root "name" "wait-for-database" "image" .client.image "resources" .client.resources) | indent 2 | trim }}
  env:
    {{- include "postgresql.libpq" (dict "database" .database) | nindent 4 }}
  command: [/bin/sh, -euc]
  args:
    - |
      until psql -X -q -c '{{ .statement }}'; do sleep 3; done
  volumeMounts:
    {{- include "postgresql.postgresqlMounts" .database | nindent 4 }}
{{- end }}

{{/* Volume of the authority of a database, and nothing where the system's are taken; takes a PostgresqlConnection. */}}
{{- define "postgresql.postgresqlVolume" -}}
{{- include "postgresql.secretFile" (dict "name" "postgresql-ca" "file" "ca.crt" "ref" .sslRootCert) }}
{{- end }}

{{/* Mounts of `/tmp` and that authority in containers of a PostgreSQL client; takes a PostgresqlConnection. */}}
{{- define "postgresql.postgresqlMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .sslRootCert.name }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- end }}

{{/* Shell: removes the oldest backups beyond those that stay; takes root and pattern (grep), such as `\.dump$`. */}}
{{- define "postgresql.keepNewest" -}}
ls -1 /backup | grep '{{ .pattern }}' | sort -r | tail -n +{{ add1 (int .root.Values.backup.retention) }} | while read -r old; do rm -r -- "/backup/$old"; done
{{- end }}

{{/* A quantity of memory in whole MiB, at least 1; takes it as in resources, such as `1536Mi` or `2G`. */}}
{{- define "postgresql.mebibytes" -}}
{{- $number := regexFind "^[0-9]+([.][0-9]+)?([eE][0-9]+)?" (toString .) | float64 }}
{{- $unit := regexFind "(m|[kMGTPE]i?|Ki)$" (toString .) }}
{{- $bytes := dict "" 1.0 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024.0 "ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 }}
{{- max 1 (divf (mulf $number (index $bytes $unit)) 1048576.0 | floor | int64) }}
{{- end }}

{{/* Pod of the Job that makes databases and their roles, for `revision_job`; takes root and roles: a map of their names to passwords (SecretRef). It needs the helpers client, clientMounts and clientVolumes of the chart. */}}
{{- define "postgresql.databasesPod" -}}
metadata:
  {{- include "postgresql.podMetadata" (dict "root" .root "component" "databases") | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "postgresql.pod" (dict "root" .root "images" (list .root.Values.image)) | nindent 2 }}
  containers:
    - {{ include "postgresql.client" (dict "root" .root "name" "databases" "resources" .root.Values.provisioning.resources) | indent 6 | trim }}
        {{- range $role, $told := required "postgresql.databasesPod needs roles" .roles }}
        {{- include "postgresql.secretVariable" (dict "name" (printf "PASSWORD_%s" (upper $role)) "ref" (merge (dict) $told.password (dict "key" "password"))) | nindent 8 }}
        {{- end }}
      command: [/bin/sh, /etc/provisioning/provision.sh]
      volumeMounts:
        - name: script
          mountPath: /etc/provisioning
          readOnly: true
        {{- include "postgresql.clientMounts" .root | nindent 8 }}
  volumes:
    - name: script
      configMap:
        name: {{ include "postgresql.fullname" .root }}-databases
    {{- include "postgresql.clientVolumes" .root | nindent 4 }}
{{- end }}

{{/* Alerts of the volume `data` and of the backups, in Prometheus' own form; takes root and program, the begin of their names. */}}
{{- define "postgresql.storageAlerts" -}}
{{- $namespace := include "postgresql.namespace" .root | quote }}
{{- $name := include "postgresql.fullname" .root }}
{{- $claims := printf "namespace=%s,persistentvolumeclaim=~\"data-%s-[0-9]+\"" $namespace $name -}}
- alert: {{ required "postgresql.storageAlerts needs program" .program }}VolumeFull
  expr: kubelet_volume_stats_available_bytes{ {{- $claims -}} } / kubelet_volume_stats_capacity_bytes{ {{- $claims -}} } < 0.15
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The volume is nearly full; the server stops when it is.
{{- if .root.Values.backup.enabled }}
- alert: {{ .program }}BackupFailed
  expr: kube_job_status_failed{namespace={{ $namespace }},job_name=~"{{ $name }}-backup-[0-9]+"} > 0
  for: 0m
  labels:
    severity: critical
  annotations:
    summary: A backup failed.
{{- end }}
{{- end }}

{{/* Shell: the name of a backup that is there: RUN, else the newest; takes root, and optionally end, a regular expression for that of names. */}}
{{- define "postgresql.chosenRun" -}}
{{- $name := include "postgresql.fullname" .root -}}
run="${RUN:-$(ls -1 /backup | grep '^{{ $name }}-[0-9]*T[0-9]*Z{{ .end | default "" }}$' | sort -r | head -n 1)}"
if [ -z "$run" ] || [ ! -e "/backup/$run" ]; then echo "there is no backup /backup/${run:-{{ $name }}-*}" >&2; exit 1; fi
{{- end }}

{{/* Shell: a run of backups in a folder, which has its name when it is whole; takes root and script, which writes into `/backup/$run.part`. */}}
{{- define "postgresql.backupRun" -}}
umask 077
run="{{ include "postgresql.fullname" .root }}-$(date -u +%Y%m%dT%H%M%SZ)"
mkdir "/backup/$run.part"
{{ required "postgresql.backupRun needs script" .script }}
mv "/backup/$run.part" "/backup/$run"
rm -rf /backup/*.part
{{ include "postgresql.keepNewest" (dict "root" .root "pattern" (printf "^%s-[0-9]*T[0-9]*Z$" (include "postgresql.fullname" .root))) }}
echo "wrote /backup/$run"
{{- end }}

{{/* Entries of ports, as YAML; takes ports, the YAML of a map of names and numbers, and key: `containerPort`, or `port` of a Service. */}}
{{- define "postgresql.portEntries" -}}
{{- $ports := list }}
{{- range $name, $number := fromYaml (required "postgresql.portEntries needs ports" .ports) }}
{{- $target := eq $.key "port" | ternary (dict "targetPort" $name) dict }}
{{- $ports = append $ports (merge (dict "name" $name $.key $number) $target) }}
{{- end }}
{{- toYaml $ports }}
{{- end }}

{{/* Variables of a StatefulSet's pod with a JVM: POD_NAME, and MEMORY_MIB, its limit, of which the heap is a part. */}}
{{- define "postgresql.podVariables" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: MEMORY_MIB
  valueFrom:
    resourceFieldRef:
      resource: limits.memory
      divisor: 1Mi
{{- end }}
