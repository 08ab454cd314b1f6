{{/* Shell: who the node is, for ${env:NAME} in its settings; takes root and component. */}}
{{- define "kafka.identity" -}}
export PATH="/opt/kafka/bin:$PATH" NODE_ID="$(({{ include "kafka.firstId" . }} + ${POD_NAME##*-}))"
{{- if eq .root.Values.listeners.external.type "nodePort" }}
export EXTERNAL_PORT="$(({{ int .root.Values.listeners.external.nodePort.first }} + ${POD_NAME##*-}))"
{{- end }}
{{- end }}

{{/* Not through the image's entrypoint, which makes a setting of every variable KAFKA_*; takes root and component. */}}
{{- define "kafka.start" -}}
command: [/bin/sh, -euc]
args:
  - |
    {{- include "kafka.identity" . | nindent 4 }}
    # Not in the container's environment: tools that are run in it have a log, a heap and no agent of their own.
    export EXTRA_ARGS="-name kafka" KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=/etc/kafka/server/log4j2.yaml
    export KAFKA_HEAP_OPTS="-Xms$((MEMORY_MIB / 2))m -Xmx$((MEMORY_MIB / 2))m"
    {{- if .root.Values.metrics.enabled }}
    export KAFKA_OPTS="-javaagent:{{ include "kafka.hasAgentImage" .root | empty | ternary .root.Values.metrics.agent.path "/opt/jmx/agent.jar" }}={{ int .root.Values.metrics.agent.port }}:/etc/kafka/server/agent.yaml ${KAFKA_OPTS:-}"
    {{- end }}
    exec kafka-server-start.sh /etc/kafka/server/server.properties
{{- end }}

{{- define "kafka.brokerCommand" -}}
{{- include "kafka.start" (dict "root" . "component" "broker") }}
{{- end }}

{{- define "kafka.controllerCommand" -}}
{{- include "kafka.start" (dict "root" . "component" "controller") }}
{{- end }}

{{/* Containers before a node: its folder is made once, the agent is copied; takes root, component and resources. */}}
{{- define "kafka.init" -}}
- {{ include "kafka.container" (dict "root" .root "name" "format" "image" .root.Values.image "resources" .resources) | indent 2 | trim }}
  command: [/bin/sh, -euc]
  args:
    - |
      {{- include "kafka.identity" . | nindent 6 }}
      exec kafka-storage.sh format --ignore-formatted --cluster-id {{ include "kafka.clusterId" .root }} --config /etc/kafka/server/server.properties
  env:
    {{- include "kafka.variables" .root | nindent 4 }}
  volumeMounts:
    {{- include "kafka.mounts" .root | nindent 4 }}
{{- if include "kafka.hasAgentImage" .root }}
{{- with .root.Values.metrics.agent }}
- {{ include "kafka.container" (dict "root" $.root "name" "agent" "image" .image "resources" $.resources) | indent 2 | trim }}
  command: [cp, {{ .path }}, /opt/jmx/agent.jar]
  volumeMounts:
    - name: agent
      mountPath: /opt/jmx
{{- end }}
{{- end }}
{{- end }}

{{/* Whether an image beside Kafka's brings the agent. */}}
{{- define "kafka.hasAgentImage" -}}
{{- and .Values.metrics.enabled (not (empty .Values.metrics.agent.image.repository)) | ternary "true" "" }}
{{- end }}

{{- define "kafka.brokerInit" -}}
{{- include "kafka.init" (dict "root" . "component" "broker" "resources" .Values.resources) }}
{{- end }}

{{- define "kafka.controllerInit" -}}
{{- include "kafka.init" (dict "root" . "component" "controller" "resources" .Values.quorum.separate.resources) }}
{{- end }}

{{/* Variables of a node. */}}
{{- define "kafka.variables" -}}
{{ include "kafka.podVariables" . }}
{{- if eq .Values.listeners.external.type "nodePort" }}
- name: NODE_IP
  valueFrom:
    fieldRef:
      fieldPath: status.hostIP
{{- end }}
{{ include "kafka.toolVariables" . }}
{{- end }}

{{/* Variables of every tool, also of one that is run in a node's container. */}}
{{- define "kafka.toolVariables" -}}
- name: LOG_DIR
  value: /tmp
- name: KAFKA_LOG4J_OPTS
  value: -Dlog4j2.configurationFile=/etc/kafka/server/tools-log4j2.yaml
{{- end }}

{{/* Open ports say it: the tools that ask more start a JVM each time. */}}
{{- define "kafka.brokerProbe" -}}
tcpSocket:
  port: {{ eq .probe "readinessProbe" | ternary "client" "internal" }}
{{- end }}

{{- define "kafka.controllerProbe" -}}
tcpSocket:
  port: controller
{{- end }}

{{- define "kafka.mounts" -}}
{{ include "kafka.toolMounts" . }}
- name: data
  mountPath: /var/lib/kafka/data
{{- if include "kafka.hasAgentImage" . }}
- name: agent
  mountPath: /opt/jmx
{{- end }}
{{- end }}

{{/* Mounts of every tool. */}}
{{- define "kafka.toolMounts" -}}
- name: config
  mountPath: /etc/kafka/server
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: /tls
  readOnly: true
{{- end }}
{{- end }}

{{/* Volumes; takes root, the name of the ConfigMap and optionally files, those of it that are seen. */}}
{{- define "kafka.volumesOf" -}}
- name: config
  configMap:
    name: {{ .config }}
    {{- with .files }}
    items:
      {{- range . }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
    {{- end }}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- with include "kafka.tlsVolume" (dict "root" .root "files" (list "tls.crt" "tls.key" "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}

{{/* Of Jobs, which are clients. */}}
{{- define "kafka.toolVolumes" -}}
{{- include "kafka.volumesOf" (dict "root" . "config" (printf "%s-config" (include "kafka.fullname" .)) "files" (list "client.properties" "tools-log4j2.yaml")) }}
{{- end }}

{{- define "kafka.brokerVolumes" -}}
{{- include "kafka.volumesOf" (dict "root" . "config" (printf "%s-config" (include "kafka.fullname" .))) }}
{{- include "kafka.agentVolume" . }}
{{- end }}

{{- define "kafka.controllerVolumes" -}}
{{- include "kafka.volumesOf" (dict "root" . "config" (printf "%s-controller-config" (include "kafka.fullname" .))) }}
{{- include "kafka.agentVolume" . }}
{{- end }}

{{- define "kafka.agentVolume" -}}
{{- if include "kafka.hasAgentImage" . }}
- name: agent
  emptyDir:
    sizeLimit: 16Mi
{{- end }}
{{- end }}

{{- define "kafka.brokerClaims" -}}
{{- dict "data" .Values.persistence | toYaml }}
{{- end }}

{{- define "kafka.controllerClaims" -}}
{{- dict "data" .Values.quorum.separate.persistence | toYaml }}
{{- end }}
