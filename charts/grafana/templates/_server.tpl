{{/* Name of the variable with a datasource's password; takes the datasource's name. */}}
{{- define "grafana.passwordVariable" -}}
DATASOURCE_{{ . | upper | replace "-" "_" }}_PASSWORD
{{- end }}

{{/* Whether several pods may run. */}}
{{- define "grafana.isScaled" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) }}true{{ end }}
{{- end }}

{{/* Settings that are no secrets, by variable, as YAML. */}}
{{- define "grafana.settings" -}}
GF_SECURITY_ADMIN_USER: {{ .Values.admin.username | quote }}
GF_SECURITY_DISABLE_GRAVATAR: "true"
GF_SECURITY_COOKIE_SECURE: {{ hasPrefix "https://" .Values.externalUrl | quote }}
GF_USERS_ALLOW_SIGN_UP: "false"
GF_AUTH_ANONYMOUS_ENABLED: {{ .Values.anonymous.enabled | quote }}
GF_ANALYTICS_REPORTING_ENABLED: "false"
GF_ANALYTICS_CHECK_FOR_UPDATES: "false"
GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false"
GF_METRICS_ENABLED: {{ .Values.metrics.enabled | quote }}
GF_PLUGINS_PREINSTALL_SYNC: {{ join "," .Values.plugins | quote }}
GF_DATABASE_TYPE: {{ .Values.database.type }}
{{- with .Values.externalUrl }}
GF_SERVER_ROOT_URL: {{ quote . }}
{{- end }}
{{- if eq .Values.database.type "postgres" }}
{{- with .Values.database.postgres }}
GF_DATABASE_HOST: {{ printf "%s:%d" (contains ":" .host | ternary (print "[" .host "]") .host) (int .port) | quote }}
GF_DATABASE_NAME: {{ .database }}
GF_DATABASE_USER: {{ .username }}
GF_DATABASE_SSL_MODE: {{ .sslMode }}
GF_DATABASE_MAX_OPEN_CONN: {{ .maxOpenConnections | quote }}
{{- if .sslRootCert.name }}
GF_DATABASE_CA_CERT_PATH: /etc/postgresql-ca/ca.crt
{{- end }}
{{- end }}
{{- end }}
{{- if include "grafana.isScaled" . }}
# Else each pod would send every alert.
GF_UNIFIED_ALERTING_HA_LISTEN_ADDRESS: "0.0.0.0:9094"
GF_UNIFIED_ALERTING_HA_ADVERTISE_ADDRESS: "$(POD_IP):9094"
GF_UNIFIED_ALERTING_HA_PEERS: {{ include "grafana.fullname" . }}-headless:9094
{{- end }}
{{- end }}

{{- define "grafana.env" -}}
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
{{- range $name, $value := include "grafana.settings" . | fromYaml }}
- name: {{ $name }}
  value: {{ quote $value }}
{{- end }}
{{ include "grafana.secretVariable" (dict "name" "GF_SECURITY_ADMIN_PASSWORD" "ref" .Values.admin.password) }}
{{ include "grafana.secretVariable" (dict "name" "GF_SECURITY_SECRET_KEY" "ref" .Values.secretKey) }}
{{- if eq .Values.database.type "postgres" }}
{{ include "grafana.secretVariable" (dict "name" "GF_DATABASE_PASSWORD" "ref" .Values.database.postgres.password) }}
{{- end }}
{{- range $name, $source := .Values.datasources }}
{{- with ($source | default dict).password }}
{{- with include "grafana.secretVariable" (dict "name" (include "grafana.passwordVariable" $name) "ref" (merge (dict) . (dict "key" "password"))) }}
{{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Grafana replaces `$` and a name by a variable, in its provisioning files alone. */}}
{{- define "grafana.datasources" -}}
apiVersion: 1
prune: true
datasources:
  {{- range $name, $source := .Values.datasources }}
  {{- if $source }}
  - name: {{ quote $name }}
    uid: {{ $name | trunc 40 | quote }}
    type: {{ eq ($source.type | default "prometheus") "postgres" | ternary "grafana-postgresql-datasource" ($source.type | default "prometheus") }}
    access: proxy
    url: {{ $source.url | replace "$" "$$" | quote }}
    isDefault: {{ $source.isDefault | default false }}
    editable: false
    {{- if eq ($source.type | default "prometheus") "alertmanager" }}
    jsonData:
      implementation: prometheus
    {{- else if $source.database }}
    jsonData:
      database: {{ $source.database }}
    {{- end }}
    {{- with $source.username }}
    {{- if eq ($source.type | default "prometheus") "postgres" }}
    user: {{ quote . }}
    {{- else }}
    basicAuth: true
    basicAuthUser: {{ quote . }}
    {{- end }}
    {{- if ($source.password | default dict).name }}
    secureJsonData:
      {{ eq ($source.type | default "prometheus") "postgres" | ternary "password" "basicAuthPassword" }}: ${{ "{" }}{{ include "grafana.passwordVariable" $name }}}
    {{- end }}
    {{- end }}
  {{- end }}
  {{- else }} []
  {{- end }}
{{- end }}

{{- define "grafana.providers" -}}
apiVersion: 1
providers:
  - name: collected
    type: file
    allowUiUpdates: false
    updateIntervalSeconds: 30
    options:
      path: /var/lib/grafana-dashboards
      foldersFromFilesStructure: true
{{- end }}

{{- define "grafana.mounts" -}}
- name: data
  mountPath: /var/lib/grafana
- name: logs
  mountPath: /var/log/grafana
- name: tmp
  mountPath: /tmp
- name: provisioning
  mountPath: /etc/grafana/provisioning/datasources/datasources.yaml
  subPath: datasources.yaml
  readOnly: true
{{- if .Values.dashboards.enabled }}
- name: provisioning
  mountPath: /etc/grafana/provisioning/dashboards/dashboards.yaml
  subPath: dashboards.yaml
  readOnly: true
- name: dashboards
  mountPath: /var/lib/grafana-dashboards
  readOnly: true
{{- end }}
{{- if and (eq .Values.database.type "postgres") .Values.database.postgres.sslRootCert.name }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- end }}

{{- define "grafana.volumes" -}}
- name: provisioning
  configMap:
    name: {{ include "grafana.fullname" . }}-config
- name: logs
  emptyDir:
    sizeLimit: 64Mi
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- if .Values.dashboards.enabled }}
- name: dashboards
  emptyDir:
    sizeLimit: 64Mi
{{- end }}
- name: data
  {{- if and (eq .Values.database.type "sqlite3") .Values.persistence.enabled }}
  persistentVolumeClaim:
    claimName: {{ .Values.persistence.existingClaim | default (include "grafana.fullname" .) }}
  {{- else }}
  emptyDir:
    sizeLimit: 1Gi
  {{- end }}
{{- if eq .Values.database.type "postgres" }}
{{- with include "grafana.postgresqlVolume" .Values.database.postgres }}
{{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* The collector: it writes ConfigMaps' files to a folder that the server looks at every half minute. */}}
{{- define "grafana.collector" -}}
{{- with .Values.dashboards }}
{{- if .enabled -}}
- {{ include "grafana.container" (dict "root" $ "name" "collector" "image" .image "resources" .resources) | indent 2 | trim }}
  env:
    - {name: RESOURCE, value: configmap}
    - {name: LABEL, value: {{ quote .label }}}
    - {name: LABEL_VALUE, value: {{ quote .labelValue }}}
    - {name: FOLDER, value: /var/lib/grafana-dashboards}
    - {name: FOLDER_ANNOTATION, value: {{ quote .folderAnnotation }}}
    - {name: UNIQUE_FILENAMES, value: "true"}
    - {name: NAMESPACE, value: {{ .namespaces | empty | ternary "ALL" (join "," .namespaces) | quote }}}
  volumeMounts:
    - name: dashboards
      mountPath: /var/lib/grafana-dashboards
    - name: tmp
      mountPath: /tmp
{{- end }}
{{- end }}
{{- end }}

{{/* What the collector reads. */}}
{{- define "grafana.collectorRules" -}}
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch]
{{- end }}

{{- define "grafana.clusterRules" -}}
{{- if and .Values.dashboards.enabled (not .Values.dashboards.namespaces) }}
{{ include "grafana.collectorRules" . }}
{{- end }}
{{- end }}

{{- define "grafana.roleNamespaces" -}}
{{- if .Values.dashboards.enabled }}
{{- uniq .Values.dashboards.namespaces | sortAlpha | join "\n" }}
{{- end }}
{{- end }}

{{/* The port is asked first: liveness never depends on the database. Takes root and probe. */}}
{{- define "grafana.serverProbe" -}}
{{- if eq .probe "livenessProbe" -}}
tcpSocket:
  port: http
{{- else -}}
httpGet:
  path: /api/health
  port: http
{{- end }}
{{- end }}

{{- define "grafana.scrape" -}}
port: http
{{- end }}

{{- define "grafana.portName" -}}
http
{{- end }}

{{/* Its peers, as a rule of a NetworkPolicy; takes root and direction: from or to. */}}
{{- define "grafana.peers" -}}
- ports:
    - port: 9094
    - port: 9094
      protocol: UDP
  {{ .direction }}:
    - podSelector:
        matchLabels:
          {{- include "grafana.selectorLabels" (dict "root" .root "component" "server") | nindent 10 }}
{{- end }}

{{- define "grafana.peerIngress" -}}
{{- if include "grafana.isScaled" . }}
{{- include "grafana.peers" (dict "root" . "direction" "from") }}
{{- end }}
{{- end }}

{{- define "grafana.egress" -}}
- to:
    - namespaceSelector: {}
{{ include "grafana.apiServerEgress" . }}
{{- $ports := .Values.networkPolicy.externalPorts }}
{{- if eq .Values.database.type "postgres" }}{{ $ports = append $ports .Values.database.postgres.port }}{{ end }}
{{- if .Values.plugins }}{{ $ports = append $ports 443 }}{{ end }}
{{- with $ports }}
- ports:
    {{- range uniq . }}
    - port: {{ int . }}
    {{- end }}
{{- end }}
{{- end }}

{{- define "grafana.testContainer" -}}
{{- include "grafana.container" (dict "root" . "name" "health" "image" .Values.image "resources" .Values.tests.resources) }}
command: [wget, -q, -O, "-", http://{{ include "grafana.fullname" . }}:3000/api/health]
{{- end }}

{{- define "grafana.testVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- end }}

{{/* Alerts of the servers, in Prometheus' own form. */}}
{{- define "grafana.alerts" -}}
- alert: GrafanaDown
  expr: up{RELEASE} == 0
  for: 5m
  labels:
    severity: critical
  annotations:
    summary: A server does not answer.
- alert: GrafanaRequestsFail
  expr: sum by (namespace, job, handler) (rate(grafana_http_request_duration_seconds_count{RELEASE,status_code=~"5..",handler!~"/api/datasources/proxy/:id.*|/api/ds/query"}[5m])) / sum by (namespace, job, handler) (rate(grafana_http_request_duration_seconds_count{RELEASE,handler!~"/api/datasources/proxy/:id.*|/api/ds/query"}[5m])) > 0.5
  for: 5m
  labels:
    severity: warning
  annotations:
    summary: More than half of the requests of a kind fail.
{{- if and (eq .Values.database.type "sqlite3") .Values.persistence.enabled }}
{{- $claim := printf "namespace=%q,persistentvolumeclaim=%q" (include "grafana.namespace" .) (.Values.persistence.existingClaim | default (include "grafana.fullname" .)) }}
- alert: GrafanaVolumeFull
  expr: kubelet_volume_stats_available_bytes{ {{- $claim -}} } / kubelet_volume_stats_capacity_bytes{ {{- $claim -}} } < 0.1
  for: 10m
  labels:
    severity: critical
  annotations:
    summary: The volume is nearly full; nothing can be saved when it is.
{{- end }}
{{- end }}
