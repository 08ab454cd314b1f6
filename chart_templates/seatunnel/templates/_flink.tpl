{{/* Folder of what outlives the pods, and nothing where nothing does. */}}
{{- define "seatunnel.directory" -}}
{{- with .Values.storage }}
{{- if eq .type "s3" }}{{ trimSuffix "/" .s3.directory }}{{ else if eq .type "claim" }}file:///state{{ end }}
{{- end }}
{{- end }}

{{/* Where task managers and jobs find the job manager's web server. */}}
{{- define "seatunnel.rest" -}}
{{ include "seatunnel.fullname" . }}-{{ eq .Values.deployment.type "standalone" | ternary "jobmanager" "rest" }}
{{- end }}

{{/* Memory of a process as Flink writes it: the memory limit; takes resources. */}}
{{- define "seatunnel.memory" -}}
{{ include "seatunnel.mebibytes" ((.limits | default dict).memory | default "1600Mi") }}m
{{- end }}

{{/* Flink's configuration but what only workloads of this chart have, as YAML. */}}
{{- define "seatunnel.configuration" -}}
{{- $told := dict
  "taskmanager.numberOfTaskSlots" (.Values.taskManager.slots | int | toString)
  "taskmanager.memory.managed.fraction" (divf .Values.taskManager.managedMemoryPercentage 100 | toString)
  "restart-strategy.type" .Values.restartStrategy.type
  "state.backend.type" .Values.checkpoints.stateBackend
  "execution.checkpointing.timeout" .Values.checkpoints.timeout
  "execution.checkpointing.num-retained" (.Values.checkpoints.retained | int | toString)
  "execution.checkpointing.externalized-checkpoint-retention" "RETAIN_ON_CANCELLATION"
  "web.submit.enable" "false"
  "web.cancel.enable" "false" }}
{{- with .Values.checkpoints.interval }}{{ $_ := set $told "execution.checkpointing.interval" . }}{{ end }}
{{- if eq .Values.checkpoints.stateBackend "rocksdb" }}{{ $_ := set $told "execution.checkpointing.incremental" "true" }}{{ end }}
{{- if eq .Values.restartStrategy.type "fixed-delay" }}
{{- $_ := merge $told (dict "restart-strategy.fixed-delay.attempts" "10" "restart-strategy.fixed-delay.delay" "30 s") }}
{{- end }}
{{- with include "seatunnel.directory" . }}
{{- $_ := merge $told (dict "execution.checkpointing.storage" "filesystem" "execution.checkpointing.dir" (print . "/checkpoints") "execution.checkpointing.savepoint-dir" (print . "/savepoints")) }}
{{- if $.Values.highAvailability.enabled }}
{{- $_ := merge $told (dict "high-availability.type" "kubernetes" "high-availability.storageDir" (print . "/ha")) }}
{{- end }}
{{- end }}
{{- if eq .Values.storage.type "s3" }}
{{- with .Values.storage.s3 }}
{{- $_ := merge $told (dict "s3.path.style.access" (toString .pathStyleAccess) "s3.endpoint.region" .region) }}
{{- with .endpoint }}{{ $_ := set $told "s3.endpoint" . }}{{ end }}
{{- end }}
{{- end }}
{{- if .Values.metrics.enabled }}
{{- $_ := merge $told (dict "metrics.reporters" "prom" "metrics.reporter.prom.factory.class" "org.apache.flink.metrics.prometheus.PrometheusReporterFactory" "metrics.reporter.prom.port" "9249") }}
{{- end }}
{{- toYaml $told }}
{{- end }}

{{/* config.yaml. With high availability the leader is in a ConfigMap, and no address is configured. */}}
{{- define "seatunnel.config" -}}
{{- $told := dict
  "jobmanager.rpc.address" (print (include "seatunnel.fullname" .) "-jobmanager")
  "jobmanager.rpc.port" "6123"
  "jobmanager.bind-host" "0.0.0.0"
  "jobmanager.memory.process.size" (include "seatunnel.memory" .Values.jobManager.resources)
  "taskmanager.bind-host" "0.0.0.0"
  "taskmanager.rpc.port" "6122"
  "taskmanager.data.port" "6121"
  "taskmanager.memory.process.size" (include "seatunnel.memory" .Values.taskManager.resources)
  "blob.server.port" "6124"
  "rest.port" "8081"
  "rest.bind-address" "0.0.0.0" }}
{{- if .Values.highAvailability.enabled }}
{{- $_ := merge $told (dict "kubernetes.cluster-id" (include "seatunnel.fullname" .) "kubernetes.namespace" (include "seatunnel.namespace" .)) }}
{{- end }}
{{- merge $told (include "seatunnel.configuration" . | fromYaml) | toYaml }}
{{- end }}

{{/* Keys of the store, as its client finds them in the environment and nobody in the web interface. */}}
{{- define "seatunnel.storeVariables" -}}
{{- if eq .Values.storage.type "s3" }}
{{- range $name, $ref := dict "AWS_ACCESS_KEY_ID" .Values.storage.s3.accessKey "AWS_SECRET_ACCESS_KEY" .Values.storage.s3.secretKey }}
{{- with include "seatunnel.secretVariable" (dict "name" $name "ref" $ref) }}
{{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The image writes the address into its configuration when it starts. */}}
{{- define "seatunnel.env" -}}
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: JOB_MANAGER_RPC_ADDRESS
  value: {{ .Values.highAvailability.enabled | ternary "$(POD_IP)" (print (include "seatunnel.fullname" .) "-jobmanager") }}
{{- include "seatunnel.trustEnv" . }}
{{- include "seatunnel.storeVariables" . }}
{{- end }}

{{- define "seatunnel.jobManagerCommand" -}}
args: [jobmanager{{ if .Values.highAvailability.enabled }}, $(POD_IP){{ end }}]
{{- end }}

{{- define "seatunnel.taskManagerCommand" -}}
args: [taskmanager]
{{- end }}

{{/* Takes root and probe. */}}
{{- define "seatunnel.jobManagerAnswers" -}}
{{- if eq .probe "livenessProbe" -}}
tcpSocket:
  port: rpc
{{- else -}}
httpGet:
  path: /overview
  port: http
{{- end }}
{{- end }}

{{/* Takes root and probe. */}}
{{- define "seatunnel.taskManagerAnswers" -}}
tcpSocket:
  port: rpc
{{- end }}

{{/* Flink writes into its folder of configuration; plugins of the image become active by their place. */}}
{{- define "seatunnel.prepare" -}}
- {{ include "seatunnel.container" (dict "root" . "name" "prepare" "image" .Values.image "resources" .Values.preparation.resources) | indent 2 | trim }}
  command:
    - /bin/sh
    - -euc
    - |
      cp /opt/flink/conf/* /run/config/* /flink-conf/
      {{- if eq .Values.storage.type "s3" }}
      cp /opt/flink/opt/flink-s3-fs-hadoop-*.jar /flink-s3/
      {{- end }}
  volumeMounts:
    - name: config
      mountPath: /run/config
      readOnly: true
    - name: conf
      mountPath: /flink-conf
    {{- if eq .Values.storage.type "s3" }}
    - name: s3
      mountPath: /flink-s3
    {{- end }}
{{- end }}

{{/* Who signed what the JVMs are shown, as YAML. */}}
{{- define "seatunnel.authorities" -}}
{{- if .Values.authority.name }}
servers: {{ toJson .Values.authority }}
{{- end }}
{{- end }}

{{- define "seatunnel.trust" -}}
{{- with include "seatunnel.authorities" . | fromYaml }}
{{- include "seatunnel.javaTrust" (dict "root" $ "image" $.Values.image "resources" $.Values.preparation.resources "authorities" .) }}
{{- end }}
{{- end }}

{{- define "seatunnel.trustEnv" -}}
{{- if .Values.authority.name }}
- name: JAVA_TOOL_OPTIONS
  value: -Djavax.net.ssl.trustStore=/java-trust/cacerts
{{- end }}
{{- end }}

{{- define "seatunnel.trustMounts" -}}
{{- if .Values.authority.name }}
- name: java-trust
  mountPath: /java-trust
  readOnly: true
{{- end }}
{{- end }}

{{- define "seatunnel.trustVolumes" -}}
{{- with include "seatunnel.authorities" . | fromYaml }}
{{ include "seatunnel.javaTrustVolumes" (dict "authorities" .) }}
{{- end }}
{{- end }}

{{- define "seatunnel.init" -}}
{{ include "seatunnel.prepare" . }}
{{ include "seatunnel.trust" . }}
{{- end }}

{{- define "seatunnel.mounts" -}}
- name: conf
  mountPath: /opt/flink/conf
- name: log
  mountPath: /opt/flink/log
- name: tmp
  mountPath: /tmp
{{- include "seatunnel.trustMounts" . }}
{{- include "seatunnel.storageMounts" . }}
{{- end }}

{{- define "seatunnel.storageMounts" -}}
{{- if eq .Values.storage.type "s3" }}
- name: s3
  mountPath: /opt/flink/plugins/s3-fs-hadoop
{{- else if eq .Values.storage.type "claim" }}
- name: state
  mountPath: /state
{{- end }}
{{- end }}

{{- define "seatunnel.volumes" -}}
- name: config
  configMap:
    name: {{ include "seatunnel.fullname" . }}-config
- name: conf
  emptyDir: {}
- name: log
  emptyDir: {}
- name: tmp
  emptyDir: {}
{{- include "seatunnel.trustVolumes" . }}
{{- include "seatunnel.storageVolumes" . }}
{{- end }}

{{- define "seatunnel.storageVolumes" -}}
{{- if eq .Values.storage.type "s3" }}
- name: s3
  emptyDir: {}
{{- else if eq .Values.storage.type "claim" }}
- name: state
  persistentVolumeClaim:
    claimName: {{ .Values.storage.claim.existingClaim }}
{{- end }}
{{- end }}

{{- define "seatunnel.jobManagerPorts" -}}
- name: http
  containerPort: 8081
- name: rpc
  containerPort: 6123
- name: blob
  containerPort: 6124
{{- if .Values.metrics.enabled }}
- name: metrics
  containerPort: 9249
{{- end }}
{{- end }}

{{- define "seatunnel.taskManagerPorts" -}}
- name: rpc
  containerPort: 6122
- name: data
  containerPort: 6121
{{- if .Values.metrics.enabled }}
- name: metrics
  containerPort: 9249
{{- end }}
{{- end }}

{{- define "seatunnel.jobManagerServicePorts" -}}
- name: http
  port: 8081
  targetPort: 8081
- name: rpc
  port: 6123
  targetPort: 6123
- name: blob
  port: 6124
  targetPort: 6124
{{- include "seatunnel.metricsPorts" . }}
{{- end }}

{{- define "seatunnel.taskManagerServicePorts" -}}
- name: rpc
  port: 6122
  targetPort: 6122
{{- include "seatunnel.metricsPorts" . }}
{{- end }}

{{- define "seatunnel.metricsPorts" -}}
{{- if .Values.metrics.enabled }}
- name: metrics
  port: 9249
  targetPort: 9249
{{- end }}
{{- end }}

{{- define "seatunnel.scrape" -}}
port: metrics
{{- end }}

{{/* Rule of the NetworkPolicies: Flink's processes talk to each other on every port. */}}
{{- define "seatunnel.peers" -}}
{{- omit (include "seatunnel.selectorLabels" (dict "root" . "component" "any") | fromYaml) "app.kubernetes.io/component" | toYaml }}
{{- end }}

{{- define "seatunnel.ingressOfPeers" -}}
- from:
    - podSelector:
        matchLabels:
          {{- include "seatunnel.peers" . | nindent 10 }}
{{- end }}

{{- define "seatunnel.egress" -}}
- to:
    - podSelector:
        matchLabels:
          {{- include "seatunnel.peers" . | nindent 10 }}
{{- if or .Values.highAvailability.enabled (eq .Values.deployment.type "flinkDeployment") }}
{{ include "seatunnel.apiServerEgress" . }}
{{- end }}
{{- if eq .Values.storage.type "s3" }}
{{- $port := regexFind ":[0-9]+" (regexReplaceAll "^[a-z]+://" .Values.storage.s3.endpoint "") | trimPrefix ":" }}
{{ include "seatunnel.reach" (dict "port" ($port | default (hasPrefix "http://" .Values.storage.s3.endpoint | ternary "80" "443"))) }}
{{- end }}
{{- end }}
