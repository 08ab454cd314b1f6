{{/* Name and number of the port that clients use, as YAML. */}}
{{- define "zookeeper.clientPort" -}}
{{- if include "zookeeper.hasTls" . -}}
name: secure-client
port: {{ int .Values.ports.secureClient }}
{{- else -}}
name: client
port: {{ int .Values.ports.client }}
{{- end }}
{{- end }}

{{/* Shell: key and chain in the one file that ZooKeeper reads. */}}
{{- define "zookeeper.keystore" -}}
(umask 077 && cat /tls/tls.key /tls/tls.crt > /run/zookeeper/keystore.pem)
{{- end }}

{{/* Not through the image's entrypoint, which would take every pod for server 1. */}}
{{- define "zookeeper.command" -}}
command: [/bin/sh, -euc]
args:
  - |
    echo "$((${POD_NAME##*-} + 1))" > /data/myid
    {{- if include "zookeeper.hasTls" . }}
    {{ include "zookeeper.keystore" . }}
    {{- end }}
    export ZK_SERVER_HEAP="$((MEMORY_MIB * 2 / 3))"
    exec zkServer.sh start-foreground
{{- end }}

{{- define "zookeeper.variables" -}}
{{ include "zookeeper.podVariables" . }}
- name: ZOOCFGDIR
  value: /conf
- name: ZOO_LOG_DIR
  value: /tmp
- name: JMXDISABLE
  value: "true"
{{- end }}

{{/* A server without a quorum is alive and says `imok`, but not ready: `srvr` then has no mode. */}}
{{- define "zookeeper.probeAction" -}}
{{- $ask := printf "nc -w 2 127.0.0.1 %d" (int .root.Values.ports.client) -}}
exec:
  {{- if eq .probe "readinessProbe" }}
  command: [/bin/sh, -c, "echo srvr | {{ $ask }} | grep -q ^Mode:"]
  {{- else }}
  command: [/bin/sh, -c, '[ "$(echo ruok | {{ $ask }})" = imok ]']
  {{- end }}
{{- end }}

{{/* Ports of the container and the headless Service, as YAML: a map of name to number. */}}
{{- define "zookeeper.allPorts" -}}
{{- $client := include "zookeeper.clientPort" . | fromYaml }}
{{- $ports := dict $client.name $client.port "quorum" .Values.ports.quorum "election" .Values.ports.election }}
{{- if .Values.metrics.enabled }}
{{- $_ := set $ports "metrics" .Values.ports.metrics }}
{{- end }}
{{- if .Values.backup.enabled }}
{{- $_ := set $ports "admin" .Values.ports.admin }}
{{- end }}
{{- toYaml $ports }}
{{- end }}

{{- define "zookeeper.containerPorts" -}}
{{- include "zookeeper.portEntries" (dict "ports" (include "zookeeper.allPorts" .) "key" "containerPort") }}
{{- end }}

{{- define "zookeeper.headlessPorts" -}}
{{- include "zookeeper.portEntries" (dict "ports" (include "zookeeper.allPorts" .) "key" "port") }}
{{- end }}

{{- define "zookeeper.servicePorts" -}}
{{- with include "zookeeper.clientPort" . | fromYaml }}
{{- include "zookeeper.portEntries" (dict "ports" (dict .name .port | toYaml) "key" "port") }}
{{- end }}
{{- end }}

{{- define "zookeeper.mounts" -}}
- name: config
  mountPath: /conf
  readOnly: true
- name: data
  mountPath: /data
{{- if .Values.logPersistence.enabled }}
- name: datalog
  mountPath: /datalog
{{- end }}
- name: tmp
  mountPath: /tmp
{{- include "zookeeper.tlsMounts" . }}
{{- end }}

{{- define "zookeeper.tlsMounts" -}}
{{- if include "zookeeper.hasTls" . }}
- name: tls
  mountPath: /tls
  readOnly: true
- name: keystore
  mountPath: /run/zookeeper
{{- end }}
{{- end }}

{{- define "zookeeper.volumes" -}}
- name: config
  configMap:
    name: {{ include "zookeeper.fullname" . }}-config
{{ include "zookeeper.clientVolumes" . }}
{{- end }}

{{/* Volumes that a client has too. */}}
{{- define "zookeeper.clientVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- with include "zookeeper.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key" "ca.crt")) }}
{{ . }}
- name: keystore
  emptyDir:
    medium: Memory
    sizeLimit: 1Mi
{{- end }}
{{- end }}

{{- define "zookeeper.claims" -}}
{{- $claims := dict "data" .Values.persistence }}
{{- if .Values.logPersistence.enabled }}
{{- $_ := set $claims "datalog" .Values.logPersistence }}
{{- end }}
{{- toYaml $claims }}
{{- end }}

{{/* Where Prometheus finds the metrics. */}}
{{- define "zookeeper.scrape" -}}
port: metrics
path: /metrics
{{- end }}

{{- define "zookeeper.pods" -}}
- podSelector:
    matchLabels:
      {{- include "zookeeper.selectorLabels" (dict "root" . "component" "server") | nindent 6 }}
{{- end }}

{{/* Rules of the NetworkPolicy: servers talk to each other. */}}
{{- define "zookeeper.peerIngress" -}}
- ports:
    - port: {{ int .Values.ports.quorum }}
    - port: {{ int .Values.ports.election }}
  from:
    {{- include "zookeeper.pods" . | nindent 4 }}
{{- end }}

{{/* The same, and the pods of backups at the admin server. */}}
{{- define "zookeeper.ownIngress" -}}
{{ include "zookeeper.peerIngress" . }}
{{- if .Values.backup.enabled }}
- ports:
    - port: {{ int .Values.ports.admin }}
  from:
    {{- range $component := list "backup" "restore" }}
    - podSelector:
        matchLabels:
          {{- include "zookeeper.selectorLabels" (dict "root" $ "component" $component) | nindent 10 }}
    {{- end }}
{{- end }}
{{- end }}

{{- define "zookeeper.peerEgress" -}}
- ports:
    - port: {{ int .Values.ports.quorum }}
    - port: {{ int .Values.ports.election }}
  to:
    {{- include "zookeeper.pods" . | nindent 4 }}
{{- end }}

{{/* Rule of the NetworkPolicy of `helm test` and of backups. */}}
{{- define "zookeeper.jobsEgress" -}}
- ports:
    - port: {{ (include "zookeeper.clientPort" . | fromYaml).port }}
    {{- if .Values.backup.enabled }}
    - port: {{ int .Values.ports.admin }}
    {{- end }}
  to:
    {{- include "zookeeper.pods" . | nindent 4 }}
{{- end }}

{{/* Names of the Services, for the certificate. */}}
{{- define "zookeeper.certificateNames" -}}
{{- $name := include "zookeeper.fullname" . }}
{{- list $name (printf "*.%s-headless" $name) | join "\n" }}
{{- end }}

{{/* The container of `helm test`: a client that sees the root. */}}
{{- define "zookeeper.testContainer" -}}
{{- include "zookeeper.container" (dict "root" . "name" "client" "image" .Values.image "resources" .Values.tests.resources) }}
command: [/bin/sh, -euc]
args:
  - |
    {{- if include "zookeeper.hasTls" . }}
    {{ include "zookeeper.keystore" . }}
    {{- end }}
    zkCli.sh -server {{ include "zookeeper.fullname" . }}.{{ include "zookeeper.namespace" . }}.svc:{{ (include "zookeeper.clientPort" . | fromYaml).port }} ls / | grep -F '[zookeeper'
env:
  - name: ZOO_LOG_DIR
    value: /tmp
  {{- if include "zookeeper.hasTls" . }}
  - name: CLIENT_JVMFLAGS
    value: >-
      -Dzookeeper.client.secure=true -Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty
      -Dzookeeper.ssl.keyStore.location=/run/zookeeper/keystore.pem -Dzookeeper.ssl.keyStore.type=PEM
      -Dzookeeper.ssl.trustStore.location=/tls/ca.crt -Dzookeeper.ssl.trustStore.type=PEM
  {{- end }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- with include "zookeeper.tlsMounts" . }}
  {{- . | trim | nindent 2 }}
  {{- end }}
{{- end }}
