{{/* Whether controllers have pods of their own. */}}
{{- define "kafka.isSeparate" -}}
{{- eq .Values.quorum.type "separate" | ternary "true" "" }}
{{- end }}

{{/* Domain of brokers; takes the top-level `.`. */}}
{{- define "kafka.brokers" -}}
{{- printf "%s-headless.%s.svc.%s" (include "kafka.fullname" .) (include "kafka.namespace" .) .Values.clusterDomain }}
{{- end }}

{{/* Where clients of the internal listener ask first. */}}
{{- define "kafka.bootstrap" -}}
{{- printf "%s:%d" (include "kafka.brokers" .) (int .Values.listeners.internal.port) }}
{{- end }}

{{/* Id of the cluster: what makes it never changes for a release. */}}
{{- define "kafka.clusterId" -}}
{{- $made := printf "%s/%s" (include "kafka.namespace" .) (include "kafka.fullname" .) | sha256sum | trunc 16 | b64enc | trunc 22 }}
{{- .Values.clusterId | default $made }}
{{- end }}

{{/* Number of the first node; takes root and component. */}}
{{- define "kafka.firstId" -}}
{{- eq .component "controller" | ternary 100 0 }}
{{- end }}

{{- define "kafka.voters" -}}
{{- $name := include "kafka.fullname" . }}
{{- $domain := include "kafka.brokers" . }}
{{- $replicas := int .Values.replicaCount }}
{{- $first := 0 }}
{{- if include "kafka.isSeparate" . }}
{{- $name = printf "%s-controller" $name }}
{{- $domain = printf "%s-headless.%s.svc.%s" $name (include "kafka.namespace" .) .Values.clusterDomain }}
{{- $replicas = int .Values.quorum.separate.replicaCount }}
{{- $first = include "kafka.firstId" (dict "component" "controller") | int }}
{{- end }}
{{- $voters := list }}
{{- range $ordinal := until $replicas }}
{{- $voters = append $voters (printf "%d@%s-%d.%s:%d" (add $first $ordinal) $name $ordinal $domain (int $.Values.listeners.internal.controllerPort)) }}
{{- end }}
{{- join "," $voters }}
{{- end }}

{{/* Keys and authority, read from the files of the certificate's Secret. */}}
{{- define "kafka.tls" -}}
{{- if ne .Values.tls.type "none" }}
config.providers=dir
config.providers.dir.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
config.providers.dir.param.allowed.paths=/tls
ssl.keystore.type=PEM
ssl.keystore.key=${dir:/tls:tls.key}
ssl.keystore.certificate.chain=${dir:/tls:tls.crt}
ssl.truststore.type=PEM
ssl.truststore.location=/tls/ca.crt
{{- end }}
{{- end }}

{{/* server.properties; takes root and component. ${env:NAME} is read in the pod, by the program itself. */}}
{{- define "kafka.server" -}}
{{- $values := .root.Values }}
{{- $listeners := $values.listeners }}
{{- $isBroker := eq .component "broker" }}
{{- $isController := or (not $isBroker) (not (include "kafka.isSeparate" .root)) }}
{{- $hasExternal := ne $listeners.external.type "none" }}
{{- $internal := $listeners.internal.protocol }}
{{- $map := list (print "CONTROLLER:" $internal) }}
{{- $bound := list }}
{{- $advertised := list }}
{{- if $isController }}
{{- $bound = append $bound (printf "CONTROLLER://:%d" (int $listeners.internal.controllerPort)) }}
{{- end }}
{{- if $isBroker }}
{{- $pod := printf "${env:POD_NAME}.%s" (include "kafka.brokers" .root) }}
{{- range $name, $listener := dict "INTERNAL" $listeners.internal "CLIENT" $listeners.client }}
{{- $map = append $map (printf "%s:%s" $name $listener.protocol) }}
{{- $bound = append $bound (printf "%s://:%d" $name (int $listener.port)) }}
{{- $advertised = append $advertised (printf "%s://%s:%d" $name $pod (int $listener.port)) }}
{{- end }}
{{- if $hasExternal }}
{{- $map = append $map (print "EXTERNAL:" $listeners.external.protocol) }}
{{- $bound = append $bound (printf "EXTERNAL://:%d" (int $listeners.external.port)) }}
{{- $balanced := printf "${env:POD_NAME}.%s:%d" $listeners.external.loadBalancer.domain (int $listeners.external.port) }}
{{- $advertised = append $advertised (print "EXTERNAL://" (eq $listeners.external.type "nodePort" | ternary "${env:NODE_IP}:${env:EXTERNAL_PORT}" $balanced)) }}
{{- end }}
{{- end }}
{{- $factor := min 3 (int $values.replicaCount) }}
{{- $inSync := max 1 (sub $factor 1) }}
{{- $tls := include "kafka.tls" .root | replace "config.providers=dir\n" "config.providers=env,dir\n" -}}
process.roles={{ $isBroker | ternary ($isController | ternary "broker,controller" "broker") "controller" }}
node.id=${env:NODE_ID}
controller.quorum.voters={{ include "kafka.voters" .root }}
controller.listener.names=CONTROLLER
listeners={{ join "," $bound }}
{{- with $advertised }}
advertised.listeners={{ join "," . }}
inter.broker.listener.name=INTERNAL
{{- end }}
listener.security.protocol.map={{ join "," $map }}
log.dirs=/var/lib/kafka/data/logs
{{- if $isBroker }}
default.replication.factor={{ $factor }}
min.insync.replicas={{ $inSync }}
{{- range list "offsets.topic" "transaction.state.log" "share.coordinator.state.topic" }}
{{ . }}.replication.factor={{ $factor }}
{{- end }}
transaction.state.log.min.isr={{ $inSync }}
share.coordinator.state.topic.min.isr={{ $inSync }}
{{- include "kafka.dotted" $values.config }}
{{- else }}
default.replication.factor={{ $factor }}
min.insync.replicas={{ $inSync }}
auto.create.topics.enable={{ $values.config.autoCreateTopicsEnable }}
{{- end }}
{{ $tls | trim | default "config.providers=env" }}
config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider
config.providers.env.param.allowlist.pattern=POD_NAME|NODE_ID|NODE_IP|EXTERNAL_PORT
{{- if $tls }}
ssl.client.auth={{ $values.tls.clientAuth }}
listener.name.controller.ssl.client.auth=required
listener.name.internal.ssl.client.auth=required
{{- end }}
{{- range $name, $listener := dict "client" $listeners.client "external" ($hasExternal | ternary $listeners.external (dict "protocol" "")) }}
{{- if and $isBroker (hasPrefix "SASL_" $listener.protocol) }}
listener.name.{{ $name }}.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.{{ $name }}.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
{{- end }}
{{- end }}
{{- end }}

{{/* Settings from a map with camelCase keys, without those that are empty or absent. */}}
{{- define "kafka.dotted" -}}
{{- range $key, $value := . }}
{{- $name := regexReplaceAll "([A-Z])" $key ".${1}" | lower }}
{{- if kindIs "string" $value }}
{{- if $value }}
{{ $name }}={{ $value }}
{{- end }}
{{- else if kindIs "bool" $value }}
{{ $name }}={{ $value }}
{{- else if not (kindIs "invalid" $value) }}
{{ $name }}={{ int64 $value }}
{{- end }}
{{- end }}
{{- end }}

{{- define "kafka.brokerConfig" -}}
{{- include "kafka.server" (dict "root" . "component" "broker") }}
{{- end }}

{{- define "kafka.controllerConfig" -}}
{{- include "kafka.server" (dict "root" . "component" "controller") }}
{{- end }}

{{/* client.properties of a client at the internal listener. */}}
{{- define "kafka.client" -}}
security.protocol={{ .Values.listeners.internal.protocol }}
{{- include "kafka.tls" . }}
{{- end }}

{{/* log4j2.yaml of a node: to the container's log only. */}}
{{- define "kafka.logging" -}}
{{- include "kafka.log4j" (dict "level" .Values.logLevel "target" "SYSTEM_OUT") }}
{{- end }}

{{/* log4j2.yaml of tools, whose output others read. */}}
{{- define "kafka.toolLogging" -}}
{{- include "kafka.log4j" (dict "level" "WARN" "target" "SYSTEM_ERR") }}
{{- end }}

{{- define "kafka.log4j" -}}
Configuration:
  Appenders:
    Console:
      name: console
      target: {{ .target }}
      PatternLayout:
        pattern: "[%d] %p %m (%c)%n"
  Loggers:
    Root:
      level: {{ .level }}
      AppenderRef:
        - ref: console
{{- end }}

{{/* Rules of the agent: which MBeans, under which names. */}}
{{- define "kafka.agentRules" -}}
lowercaseOutputName: true
includeObjectNames:
  - kafka.controller:type=KafkaController,name=*
  - kafka.controller:type=ControllerStats,name=*
  - kafka.server:type=ReplicaManager,name=*
  - kafka.server:type=BrokerTopicMetrics,name=*
  - kafka.log:type=LogManager,name=*
  - kafka.network:type=RequestMetrics,name=TotalTimeMs,request=*
rules:
  - pattern: kafka.network<type=RequestMetrics, name=TotalTimeMs, request=(\w+)><>99thPercentile
    name: kafka_network_requestmetrics_totaltimems
    type: GAUGE
    labels:
      request: $1
      quantile: "0.99"
  - pattern: kafka.(\w+)<type=(\w+), name=(\w+)PerSec><>Count
    name: kafka_$1_$2_$3_total
    type: COUNTER
  - pattern: kafka.(\w+)<type=(\w+), name=(\w+)><>Value
    name: kafka_$1_$2_$3
    type: GAUGE
{{- end }}
