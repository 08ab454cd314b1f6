{{/* Gives each value that is null its default. Every template begins with it. */}}
{{- define "flink-operator.values" -}}
{{- if not (hasKey . "ValuesAreComplete") }}
{{- include "flink-operator.fill" (dict "given" .Values "defaults" (fromJson `{"affinity": {}, "commonAnnotations": {}, "commonLabels": {}, "containerSecurityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true, "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}, "dnsConfig": {}, "dnsPolicy": "", "externalSecrets": {"*": {"data": {"*": {"property": ""}}, "refreshInterval": "1h", "storeRef": {"kind": "SecretStore"}}}, "flink-kubernetes-operator": {"defaultConfiguration": {"append": true, "create": true, "flink-conf.yaml": "kubernetes.operator.metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory\nkubernetes.operator.metrics.reporter.prom.port: 9999\nkubernetes.operator.leader-election.enabled: true\nkubernetes.operator.leader-election.lease-name: flink-operator-lease\n"}, "enabled": false, "image": {"digest": "", "pullPolicy": "IfNotPresent", "repository": "ghcr.io/apache/flink-kubernetes-operator", "tag": "1.15.0"}, "imagePullSecrets": [], "jvmArgs": {"operator": "", "webhook": ""}, "metrics": {"port": 9999}, "operatorPod": {"annotations": {}, "env": [], "labels": {}, "nodeSelector": {}, "priorityClassName": "", "resources": {"limits": {"ephemeral-storage": "256Mi", "memory": "1Gi"}, "requests": {"cpu": "100m", "ephemeral-storage": "64Mi", "memory": "512Mi"}}, "tolerations": [], "topologySpreadConstraints": [], "webhook": {"resources": {"limits": {"ephemeral-storage": "256Mi", "memory": "1Gi"}, "requests": {"cpu": "100m", "ephemeral-storage": "64Mi", "memory": "512Mi"}}}}, "operatorSecurityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": false, "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}, "podSecurityContext": {"fsGroup": 9999, "fsGroupChangePolicy": "OnRootMismatch", "runAsGroup": 9999, "runAsNonRoot": true, "runAsUser": 9999, "seccompProfile": {"type": "RuntimeDefault"}}, "replicas": 2, "strategy": {"type": "RollingUpdate"}, "watchNamespaces": [], "webhook": {"create": false, "keystore": {"passwordSecretRef": {"key": "password", "name": ""}, "useDefaultPassword": false}}, "webhookSecurityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": false, "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}}, "fullnameOverride": "", "generatedSecrets": {"*": {"keys": {"*": {"length": 32}}, "namespaces": []}}, "global": {"imagePullSecrets": [], "imageRegistry": "", "storageClass": ""}, "hostAliases": [], "imagePullSecrets": [], "metrics": {"dashboards": {"annotations": {}, "enabled": false, "labels": {"grafana_dashboard": "1"}, "namespace": ""}, "enabled": true, "prometheusRule": {"enabled": false, "extraRules": [], "kind": "PrometheusRule", "labels": {}, "namespace": ""}, "serviceMonitor": {"enabled": false, "honorLabels": false, "interval": "30s", "labels": {}, "metricRelabelings": [], "namespace": "", "relabelings": [], "scrapeTimeout": ""}}, "nameOverride": "", "namespaceOverride": "", "networkPolicy": {"allowExternal": true, "allowExternalEgress": false, "apiServerPorts": [443, 6443], "clients": {"*": {"labels": {}, "namespace": ""}}, "enabled": true, "extraEgress": [], "extraIngress": [], "ingressPeers": []}, "nodeSelector": {}, "pdb": {"create": true, "maxUnavailable": 1, "unhealthyPodEvictionPolicy": ""}, "podSecurityContext": {"fsGroupChangePolicy": "OnRootMismatch", "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}, "priorityClassName": "", "runtimeClassName": "", "schedulerName": "", "secretGenerator": {"image": {"digest": "", "pullPolicy": "IfNotPresent", "pullSecrets": [], "registry": "docker.io", "repository": "alpine/kubectl", "tag": "1.34.2"}, "resources": {"limits": {"ephemeral-storage": "64Mi", "memory": "128Mi"}, "requests": {"cpu": "50m", "ephemeral-storage": "16Mi", "memory": "64Mi"}}}, "tolerations": [], "topologySpreadConstraints": []}`)) }}
{{- $_ := set . "ValuesAreComplete" true }}
{{- end }}
{{- end }}

{{/* Takes given and defaults, in which `*` stands for each entry of a map. A null without a default goes; Kubernetes' own shapes are taken whole, as a null in them means none. */}}
{{- define "flink-operator.fill" -}}
{{- range $key, $given := .given }}
{{- if kindIs "invalid" $given }}{{ $_ := unset $.given $key }}{{ end }}
{{- end }}
{{- with $defaults := index .defaults "*" }}
{{- range $entry := $.given }}
{{- if kindIs "map" $entry }}{{ include "flink-operator.fill" (dict "given" $entry "defaults" $defaults) }}{{ end }}
{{- end }}
{{- end }}
{{- $whole := list "affinity" "containerSecurityContext" "dnsConfig" "operatorSecurityContext" "podSecurityContext" "resources" "webhookSecurityContext" }}
{{- range $key, $default := omit .defaults "*" }}
{{- $given := index $.given $key }}
{{- $is_section := and (kindIs "map" $default) (not (has $key $whole)) }}
{{- if kindIs "invalid" $given }}
{{- $given = $is_section | ternary dict $default }}
{{- $_ := set $.given $key $given }}
{{- end }}
{{- if and (kindIs "map" $given) $is_section }}
{{- include "flink-operator.fill" (dict "given" $given "defaults" $default) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Name of the chart, for labels; takes the top-level `.`. */}}
{{- define "flink-operator.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Name of the release's objects; takes the top-level `.`. 40 characters leave room for suffixes, ordinals and revision hashes. */}}
{{- define "flink-operator.fullname" -}}
{{- $name := include "flink-operator.name" . }}
{{- $released := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) }}
{{- .Values.fullnameOverride | default $released | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Namespace of the release's objects; takes the top-level `.`. */}}
{{- define "flink-operator.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace }}
{{- end }}

{{/* Labels that never change, to select by; takes root and component. */}}
{{- define "flink-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "flink-operator.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ required "flink-operator.selectorLabels needs component" .component }}
{{- end }}

{{/* Labels and annotations of a pod; takes root, component and optionally labels, annotations. */}}
{{- define "flink-operator.podMetadata" -}}
labels:
  {{- include "flink-operator.selectorLabels" . | nindent 2 }}
  {{- with merge (dict) (.labels | default dict) .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Metadata of an object; takes root, component and optionally suffix or name, namespace, cluster, labels, annotations. */}}
{{- define "flink-operator.metadata" -}}
{{- $fullname := include "flink-operator.fullname" .root -}}
name: {{ .name | default (empty .suffix | ternary $fullname (printf "%s-%s" $fullname .suffix)) }}
{{- if not .cluster }}
namespace: {{ .namespace | default (include "flink-operator.namespace" .root) }}
{{- end }}
labels:
  {{- include "flink-operator.selectorLabels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/part-of: {{ include "flink-operator.name" .root }}
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
{{- define "flink-operator.serviceAccountName" -}}
{{- $account := required "flink-operator.serviceAccountName needs the value serviceAccount" .Values.serviceAccount }}
{{- $account.name | default ($account.create | ternary (include "flink-operator.fullname" .) "default") }}
{{- end }}

{{/* Reference of an image; takes root and image. */}}
{{- define "flink-operator.image" -}}
{{- $image := required "flink-operator.image needs image" .image }}
{{- with .root.Values.global.imageRegistry | default $image.registry }}{{ . }}/{{ end }}
{{- $image.repository }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- with $image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* What every container has; takes root, name, image, resources and optionally values, securityContext. */}}
{{- define "flink-operator.container" -}}
name: {{ required "flink-operator.container needs name" .name }}
image: {{ include "flink-operator.image" . | quote }}
imagePullPolicy: {{ .image.pullPolicy }}
securityContext:
  {{- $own := (.values | default dict).containerSecurityContext }}
  {{- coalesce .securityContext $own .root.Values.containerSecurityContext | toYaml | nindent 2 }}
resources:
  {{- toYaml (required "flink-operator.container needs resources" .resources) | nindent 2 }}
{{- end }}

{{/* Containers of the user, with the chart's security where they state none; takes root, containers and optionally values. */}}
{{- define "flink-operator.extraContainers" -}}
{{- $own := (.values | default dict).containerSecurityContext }}
{{- $security := dict "securityContext" (coalesce $own .root.Values.containerSecurityContext) }}
{{- range .containers }}
- {{ hasKey . "securityContext" | ternary . (merge (dict) . $security) | toYaml | indent 2 | trim }}
{{- end }}
{{- end }}

{{/* What every pod has, but containers and volumes; takes root, images (of its containers) and optionally values, serviceAccount, token; where component is given, its pods are spread as preset says. */}}
{{- define "flink-operator.pod" -}}
{{- $values := .root.Values }}
{{- $own := .values | default dict -}}
serviceAccountName: {{ .serviceAccount | default "default" }}
automountServiceAccountToken: {{ .token | default false }}
enableServiceLinks: false
securityContext:
  {{- coalesce $own.podSecurityContext $values.podSecurityContext | toYaml | nindent 2 }}
{{- $pull := concat $values.global.imagePullSecrets $values.imagePullSecrets }}
{{- range required "flink-operator.pod needs images" .images }}{{ $pull = concat $pull .pullSecrets }}{{ end }}
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
{{ include "flink-operator.spread" . }}
{{- end }}
{{- end }}

{{/* Affinity and spread of a component's pods, which a choice of the user replaces; takes root, component and optionally values, preset: soft (else) or hard. */}}
{{- define "flink-operator.spread" -}}
{{- $own := .values | default dict }}
{{- $selector := dict "matchLabels" (include "flink-operator.selectorLabels" . | fromYaml) }}
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
{{- define "flink-operator.claim" -}}
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
{{- define "flink-operator.volume" -}}
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
{{- define "flink-operator.claimTemplate" -}}
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
    {{- include "flink-operator.claim" . | nindent 4 }}
{{- end }}
{{- end }}

{{/* Spec of a Service but for selector and ports; takes the service's values. */}}
{{- define "flink-operator.service" -}}
type: {{ .type }}
{{- range $key := list "clusterIP" "loadBalancerClass" "loadBalancerSourceRanges" "externalTrafficPolicy" "sessionAffinity" "ipFamilyPolicy" "ipFamilies" }}
{{- with index $ $key }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Timings of a probe; takes the probe's values. */}}
{{- define "flink-operator.probe" -}}
{{- toYaml (omit . "enabled") }}
{{- end }}

{{/* A variable from a Secret, and nothing where the Secret's name is not set; takes name and ref. */}}
{{- define "flink-operator.secretVariable" -}}
{{- with (required "flink-operator.secretVariable needs ref, the value of a SecretRef" .ref).name -}}
- name: {{ $.name }}
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ required "flink-operator.secretVariable needs a key in ref" $.ref.key }}
{{- end }}
{{- end }}

{{/* A volume with a key of a Secret as one file, and nothing where the Secret's name is not set; takes name, ref and file. */}}
{{- define "flink-operator.secretFile" -}}
{{- with (required "flink-operator.secretFile needs ref, the value of a SecretRef" .ref).name -}}
- name: {{ $.name }}
  secret:
    secretName: {{ . }}
    defaultMode: 0440
    items:
      - key: {{ required "flink-operator.secretFile needs a key in ref" $.ref.key }}
        path: {{ $.file }}
{{- end }}
{{- end }}

{{/* Rule of a NetworkPolicy: names can be looked up. */}}
{{- define "flink-operator.dnsEgress" -}}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}

{{/* Rule of a NetworkPolicy: the Kubernetes API can be called; takes the top-level `.`. A rule without a port would allow all. */}}
{{- define "flink-operator.apiServerEgress" -}}
- ports:
    {{- range .Values.networkPolicy.apiServerPorts }}
    - port: {{ int . }}
    {{- else }}
    {{- fail "networkPolicy.apiServerPorts needs a port" }}
    {{- end }}
{{- end }}

{{/* Pods of a NetworkPolicy, as a list of one; takes a Peer. */}}
{{- define "flink-operator.peer" -}}
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
{{- define "flink-operator.reach" -}}
- ports:
    - port: {{ int .port }}
  {{- if (.peer | default dict).labels }}
  to:
    {{- include "flink-operator.peer" .peer | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Name of the Secret with the program's certificate; takes the top-level `.` and needs the value tls. */}}
{{- define "flink-operator.tlsSecret" -}}
{{- if eq .Values.tls.type "existingSecret" }}{{ .Values.tls.existingSecret.name }}{{ else }}{{ include "flink-operator.fullname" . }}-tls{{ end }}
{{- end }}

{{/* Keys of that Secret, as YAML: a map of file to key. */}}
{{- define "flink-operator.tlsKeys" -}}
{{- if eq .Values.tls.type "existingSecret" }}
{{- with .Values.tls.existingSecret }}
{{- dict "tls.crt" .certificateKey "tls.key" .privateKeyKey "ca.crt" .caKey | toYaml }}
{{- end }}
{{- else }}
{{- dict "tls.crt" "tls.crt" "tls.key" "tls.key" "ca.crt" "ca.crt" | toYaml }}
{{- end }}
{{- end }}

{{/* Volume `tls` of the certificate, and nothing where there is none; takes root and files. */}}
{{- define "flink-operator.tlsVolume" -}}
{{- if ne .root.Values.tls.type "none" -}}
- name: tls
  secret:
    secretName: {{ include "flink-operator.tlsSecret" .root }}
    defaultMode: 0440
    items:
      {{- $keys := include "flink-operator.tlsKeys" .root | fromYaml }}
      {{- range .files }}
      - key: {{ index $keys . }}
        path: {{ . }}
      {{- end }}
{{- end }}
{{- end }}

{{/* An init container that adds authorities to those of the image's JVM, whose client then finds them at /java-trust/cacerts; takes root, image, resources and authorities, a map of aliases to Authority. */}}
{{- define "flink-operator.javaTrust" -}}
- {{ include "flink-operator.container" (dict "root" .root "name" "trust" "image" .image "resources" .resources) | indent 2 | trim }}
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
{{- define "flink-operator.javaTrustVolumes" -}}
- name: java-trust
  emptyDir:
    sizeLimit: 4Mi
{{- range $alias, $authority := .authorities }}
{{ include "flink-operator.secretFile" (dict "name" (printf "%s-authority" $alias) "file" "ca.crt" "ref" $authority) }}
{{- end }}
{{- end }}

{{/* Variables of libpq; takes database (PostgresqlConnection) and optionally user, name and password that are not its own. */}}
{{- define "flink-operator.libpq" -}}
{{- with required "flink-operator.libpq needs database" .database -}}
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
{{ include "flink-operator.secretVariable" (dict "name" "PGPASSWORD" "ref" ($.password | default .password)) }}
{{- end }}
{{- end }}

{{/* URL of a database without the password, which drivers read from PGPASSWORD; takes a PostgresqlConnection. */}}
{{- define "flink-operator.postgresqlUrl" -}}
postgres://{{ .username }}@{{ contains ":" .host | ternary (print "[" .host "]") .host }}:{{ int .port }}/{{ .database }}?sslmode={{ .sslMode }}{{ if .sslRootCert.name }}&sslrootcert=/etc/postgresql-ca/ca.crt{{ end }}
{{- end }}

{{/* JDBC URL of MySQL; takes host, port, sslMode and optionally database. Without TLS the driver asks for the key by which MySQL takes passwords. */}}
{{- define "flink-operator.mysqlJdbcUrl" -}}
jdbc:mysql://{{ contains ":" .host | ternary (print "[" .host "]") .host }}:{{ int .port }}{{ with .database }}/{{ . }}{{ end }}?sslMode={{ .sslMode }}
{{- if eq .sslMode "DISABLED" }}&allowPublicKeyRetrieval=true{{ end }}
{{- end }}

{{/* The same for JDBC, without role and password; the JVM's own authorities count where none is named; takes a PostgresqlConnection. */}}
{{- define "flink-operator.postgresqlJdbcUrl" -}}
jdbc:postgresql://{{ contains ":" .host | ternary (print "[" .host "]") .host }}:{{ int .port }}/{{ .database }}?sslmode={{ .sslMode }}
{{- if .sslRootCert.name }}&sslrootcert=/etc/postgresql-ca/ca.crt{{ else if hasPrefix "verify-" .sslMode }}&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory{{ end }}
{{- end }}

{{/* An init container that waits until a statement can be made, and says in its log what is missing; takes root, database (PostgresqlConnection), client (PostgresqlClient) and statement. */}}
{{- define "flink-operator.postgresqlWait" -}}
- {{ include "flink-operator.container" (dict "root" .root "name" "wait-for-database" "image" .client.image "resources" .client.resources) | indent 2 | trim }}
  env:
    {{- include "flink-operator.libpq" (dict "database" .database) | nindent 4 }}
  command: [/bin/sh, -euc]
  args:
    - |
      until psql -X -q -c '{{ .statement }}'; do sleep 3; done
  volumeMounts:
    {{- include "flink-operator.postgresqlMounts" .database | nindent 4 }}
{{- end }}

{{/* Volume of the authority of a database, and nothing where the system's are taken; takes a PostgresqlConnection. */}}
{{- define "flink-operator.postgresqlVolume" -}}
{{- include "flink-operator.secretFile" (dict "name" "postgresql-ca" "file" "ca.crt" "ref" .sslRootCert) }}
{{- end }}

{{/* Mounts of `/tmp` and that authority in containers of a PostgreSQL client; takes a PostgresqlConnection. */}}
{{- define "flink-operator.postgresqlMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .sslRootCert.name }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- end }}

{{/* Shell: removes the oldest backups beyond those that stay; takes root and pattern (grep), such as `\.dump$`. */}}
{{- define "flink-operator.keepNewest" -}}
ls -1 /backup | grep '{{ .pattern }}' | sort -r | tail -n +{{ add1 (int .root.Values.backup.retention) }} | while read -r old; do rm -r -- "/backup/$old"; done
{{- end }}

{{/* A quantity of memory in whole MiB, at least 1; takes it as in resources, such as `1536Mi` or `2G`. */}}
{{- define "flink-operator.mebibytes" -}}
{{- $number := regexFind "^[0-9]+([.][0-9]+)?([eE][0-9]+)?" (toString .) | float64 }}
{{- $unit := regexFind "(m|[kMGTPE]i?|Ki)$" (toString .) }}
{{- $bytes := dict "" 1.0 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024.0 "ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 }}
{{- max 1 (divf (mulf $number (index $bytes $unit)) 1048576.0 | floor | int64) }}
{{- end }}

{{/* Pod of the Job that makes databases and their roles, for `revision_job`; takes root and roles: a map of their names to passwords (SecretRef). It needs the helpers client, clientMounts and clientVolumes of the chart. */}}
{{- define "flink-operator.databasesPod" -}}
metadata:
  {{- include "flink-operator.podMetadata" (dict "root" .root "component" "databases") | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "flink-operator.pod" (dict "root" .root "images" (list .root.Values.image)) | nindent 2 }}
  containers:
    - {{ include "flink-operator.client" (dict "root" .root "name" "databases" "resources" .root.Values.provisioning.resources) | indent 6 | trim }}
        {{- range $role, $told := required "flink-operator.databasesPod needs roles" .roles }}
        {{- include "flink-operator.secretVariable" (dict "name" (printf "PASSWORD_%s" (upper $role)) "ref" (merge (dict) $told.password (dict "key" "password"))) | nindent 8 }}
        {{- end }}
      command: [/bin/sh, /etc/provisioning/provision.sh]
      volumeMounts:
        - name: script
          mountPath: /etc/provisioning
          readOnly: true
        {{- include "flink-operator.clientMounts" .root | nindent 8 }}
  volumes:
    - name: script
      configMap:
        name: {{ include "flink-operator.fullname" .root }}-databases
    {{- include "flink-operator.clientVolumes" .root | nindent 4 }}
{{- end }}

{{/* Alerts of the volume `data` and of the backups, in Prometheus' own form; takes root and program, the begin of their names. */}}
{{- define "flink-operator.storageAlerts" -}}
{{- $namespace := include "flink-operator.namespace" .root | quote }}
{{- $name := include "flink-operator.fullname" .root }}
{{- $claims := printf "namespace=%s,persistentvolumeclaim=~\"data-%s-[0-9]+\"" $namespace $name -}}
- alert: {{ required "flink-operator.storageAlerts needs program" .program }}VolumeFull
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
{{- define "flink-operator.chosenRun" -}}
{{- $name := include "flink-operator.fullname" .root -}}
run="${RUN:-$(ls -1 /backup | grep '^{{ $name }}-[0-9]*T[0-9]*Z{{ .end | default "" }}$' | sort -r | head -n 1)}"
if [ -z "$run" ] || [ ! -e "/backup/$run" ]; then echo "there is no backup /backup/${run:-{{ $name }}-*}" >&2; exit 1; fi
{{- end }}

{{/* Shell: a run of backups in a folder, which has its name when it is whole; takes root and script, which writes into `/backup/$run.part`. */}}
{{- define "flink-operator.backupRun" -}}
umask 077
run="{{ include "flink-operator.fullname" .root }}-$(date -u +%Y%m%dT%H%M%SZ)"
mkdir "/backup/$run.part"
{{ required "flink-operator.backupRun needs script" .script }}
mv "/backup/$run.part" "/backup/$run"
rm -rf /backup/*.part
{{ include "flink-operator.keepNewest" (dict "root" .root "pattern" (printf "^%s-[0-9]*T[0-9]*Z$" (include "flink-operator.fullname" .root))) }}
echo "wrote /backup/$run"
{{- end }}

{{/* Entries of ports, as YAML; takes ports, the YAML of a map of names and numbers, and key: `containerPort`, or `port` of a Service. */}}
{{- define "flink-operator.portEntries" -}}
{{- $ports := list }}
{{- range $name, $number := fromYaml (required "flink-operator.portEntries needs ports" .ports) }}
{{- $target := eq $.key "port" | ternary (dict "targetPort" $name) dict }}
{{- $ports = append $ports (merge (dict "name" $name $.key $number) $target) }}
{{- end }}
{{- toYaml $ports }}
{{- end }}

{{/* Variables of a StatefulSet's pod with a JVM: POD_NAME, and MEMORY_MIB, its limit, of which the heap is a part. */}}
{{- define "flink-operator.podVariables" -}}
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
