{{/* Domain of the servers. */}}
{{- define "zookeeper.peers" -}}
{{- printf "%s-headless.%s.svc.%s" (include "zookeeper.fullname" .) (include "zookeeper.namespace" .) .Values.clusterDomain }}
{{- end }}

{{/* Whether clients and servers use TLS. */}}
{{- define "zookeeper.hasTls" -}}
{{- ne .Values.tls.type "none" | ternary "true" "" }}
{{- end }}

{{/* zoo.cfg. ZooKeeper takes keys that it does not know without a word: these are all that the chart writes. */}}
{{- define "zookeeper.config" -}}
{{- $plain := include "zookeeper.hasTls" . | empty | ternary "" "127.0.0.1:" -}}
tickTime={{ int .Values.tickTime }}
initLimit={{ int .Values.initLimit }}
syncLimit={{ int .Values.syncLimit }}
{{- with .Values.minSessionTimeout }}
minSessionTimeout={{ int . }}
{{- end }}
{{- with .Values.maxSessionTimeout }}
maxSessionTimeout={{ int . }}
{{- end }}
maxClientCnxns={{ int .Values.maxClientCnxns }}
dataDir=/data
{{- if .Values.logPersistence.enabled }}
dataLogDir=/datalog
{{- end }}
autopurge.snapRetainCount={{ int .Values.autopurge.snapRetainCount }}
autopurge.purgeInterval={{ int .Values.autopurge.purgeInterval }}
admin.enableServer={{ .Values.backup.enabled }}
{{- if .Values.backup.enabled }}
admin.serverPort={{ int .Values.ports.admin }}
{{- if include "zookeeper.hasTls" . }}
admin.forceHttps=true
admin.needClientAuth=true
{{- end }}
{{- end }}
4lw.commands.whitelist={{ concat (list "ruok" "srvr") .Values.fourLetterWords | uniq | join "," }}
{{- if eq (int .Values.replicaCount) 1 }}
clientPort={{ int .Values.ports.client }}
{{- if include "zookeeper.hasTls" . }}
clientPortAddress=127.0.0.1
{{- end }}
{{- else }}
standaloneEnabled=false
quorumListenOnAllIPs={{ .Values.quorumListenOnAllIps }}
{{- range $ordinal := until (int .Values.replicaCount) }}
server.{{ add1 $ordinal }}={{ include "zookeeper.fullname" $ }}-{{ $ordinal }}.{{ include "zookeeper.peers" $ }}:{{ int $.Values.ports.quorum }}:{{ int $.Values.ports.election }};{{ $plain }}{{ int $.Values.ports.client }}
{{- end }}
{{- end }}
{{- if .Values.metrics.enabled }}
metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider
metricsProvider.httpPort={{ int .Values.ports.metrics }}
{{- end }}
{{- if include "zookeeper.hasTls" . }}
serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
secureClientPort={{ int .Values.ports.secureClient }}
ssl.clientAuth={{ .Values.tls.clientAuth }}
sslQuorum={{ gt (int .Values.replicaCount) 1 }}
{{- range list "ssl" "ssl.quorum" }}
{{ . }}.keyStore.location=/run/zookeeper/keystore.pem
{{ . }}.keyStore.type=PEM
{{ . }}.trustStore.location=/tls/ca.crt
{{ . }}.trustStore.type=PEM
{{- end }}
{{- end }}
{{- end }}

{{/* logback.xml: to the container's log only. */}}
{{- define "zookeeper.logback" -}}
<configuration>
  <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
    <encoder>
      <pattern>%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n</pattern>
    </encoder>
  </appender>
  <root level="{{ .Values.logLevel }}">
    <appender-ref ref="CONSOLE" />
  </root>
</configuration>
{{- end }}
