{{/* Heap of a node in MiB; takes root and part. */}}
{{- define "trino.heap" -}}
{{- $limit := (index .root.Values .part).resources.limits | default dict }}
{{- $mebibytes := include "trino.mebibytes" ($limit.memory | default "2Gi") | int64 }}
{{- div (mul $mebibytes (int .root.Values.memory.heapPercentage)) 100 }}
{{- end }}

{{/* What a query may take of a node, in MiB; takes root and part. */}}
{{- define "trino.queryMemory" -}}
{{- div (mul (include "trino.heap" . | int64) (int .root.Values.memory.queryPercentage)) 100 | max 1 }}
{{- end }}

{{/* Workers at most. */}}
{{- define "trino.workers" -}}
{{- with .Values.worker }}{{ .autoscaling.enabled | ternary .autoscaling.maxReplicas .replicaCount | int }}{{ end }}
{{- end }}

{{/* Seconds that Trino waits, twice, until the others know that it leaves; the rest of its time is for its tasks. */}}
{{- define "trino.gracePeriod" -}}
{{- div (int .Values.worker.terminationGracePeriodSeconds) 4 | min 120 }}
{{- end }}

{{/* config.properties of a node; takes root and part. */}}
{{- define "trino.config" -}}
{{- $workers := include "trino.workers" .root | int }}
{{- $executes := dict "root" .root "part" (gt $workers 0 | ternary "worker" "coordinator") }}
{{- $sum := mul (max 1 $workers) (include "trino.queryMemory" $executes | int64) }}
{{- $is_coordinator := eq .part "coordinator" }}
{{- with .root.Values -}}
coordinator={{ $is_coordinator }}
{{- if $is_coordinator }}
node-scheduler.include-coordinator={{ eq $workers 0 }}
{{- else }}
shutdown.grace-period={{ include "trino.gracePeriod" $.root }}s
{{- end }}
http-server.http.port=8080
discovery.uri=http://{{ $is_coordinator | ternary "localhost" (printf "%s-coordinator" (include "trino.fullname" $.root)) }}:8080
internal-communication.shared-secret=${ENV:TRINO_SHARED_SECRET}
catalog.config-dir=/etc/trino/catalog
query.max-memory={{ .memory.queryMax | default (printf "%dMB" $sum) }}
query.max-memory-per-node={{ include "trino.queryMemory" $ }}MB
{{- if .memory.queryMax }}
query.max-total-memory={{ .memory.queryMax }}
{{- end }}
{{- if and $is_coordinator (ne .tls.type "none") }}
http-server.https.enabled=true
http-server.https.port=8443
http-server.https.keystore.path=/etc/trino-tls/server.pem
{{- end }}
{{- if and $is_coordinator (eq .authentication.type "password") }}
http-server.authentication.type=PASSWORD
{{- end }}
{{- if .exchange.enabled }}
retry-policy=TASK
{{- end }}
{{- if .spooling.enabled }}
protocol.spooling.enabled=true
protocol.spooling.shared-secret-key=${ENV:TRINO_SPOOLING_KEY}
{{- end }}
{{- end }}
{{- end }}

{{/* As the image has it, with a heap of our own, and no dump of it: that would fill the pod's disk. */}}
{{- define "trino.jvm" -}}
-server
-Xmx{{ include "trino.heap" . }}M
-XX:+UseG1GC
-XX:G1HeapRegionSize=32M
-XX:+ExplicitGCInvokesConcurrent
-XX:+ExitOnOutOfMemoryError
-XX:-OmitStackTraceInFastThrow
-XX:ReservedCodeCacheSize=256M
-XX:PerMethodRecompilationCutoff=10000
-XX:PerBytecodeRecompilationCutoff=10000
-Djdk.attach.allowAttachSelf=true
-Djdk.nio.maxCachedBufferSize=2000000
-XX:+EnableDynamicAgentLoading
-XX:+UnlockDiagnosticVMOptions
-XX:G1NumCollectionsKeepPinned=10000000
{{- if include "trino.authorities" .root | fromYaml }}
-Djavax.net.ssl.trustStore=/java-trust/cacerts
{{- end }}
{{- end }}

{{/* Who may do what. The preStop hook comes as `hmco-charts`, Prometheus as its own user. */}}
{{- define "trino.rules" -}}
{{- $information := list (dict "user" "hmco-charts" "allow" (list "read" "write")) (dict "user" (regexQuoteMeta .Values.metrics.username) "allow" (list "read")) }}
{{- $rules := dict "system_information" $information }}
{{- with .Values.catalogRules }}
{{- $catalogs := list }}
{{- range . }}
{{- $rule := dict "allow" (.allow | default "read-only") }}
{{- with .user }}{{ $_ := set $rule "user" (regexQuoteMeta .) }}{{ end }}
{{- with .catalog }}{{ $_ := set $rule "catalog" . }}{{ end }}
{{- $catalogs = append $catalogs $rule }}
{{- end }}
{{- $_ := set $rules "catalogs" $catalogs }}
{{- end }}
{{- toPrettyJson $rules }}
{{- end }}

{{/* Files of a node but its catalogs, as YAML; takes root and part. */}}
{{- define "trino.files" -}}
{{- $files := dict
  "config.properties" (include "trino.config" .)
  "jvm.config" (include "trino.jvm" .)
  "node.properties" (printf "node.environment=%s\nnode.data-dir=/data/trino\nplugin.dir=/usr/lib/trino/plugin" .root.Values.environment)
  "log.properties" (printf "io.trino=%s" .root.Values.logLevel)
  "access-control.properties" "access-control.name=file\nsecurity.config-file=/etc/trino/rules.json"
  "rules.json" (include "trino.rules" .root) }}
{{- with .root.Values }}
{{- if and (eq $.part "coordinator") (eq .authentication.type "password") }}
{{- $_ := set $files "password-authenticator.properties" "password-authenticator.name=file\nfile.password-file=/etc/trino-auth/password.db" }}
{{- end }}
{{- if .exchange.enabled }}
{{- $store := include "trino.s3" (dict "s3" .exchange.s3 "prefix" "exchange.s3." "variable" "EXCHANGE") | fromYaml }}
{{- $_ := set $files "exchange-manager.properties" (merge $store (dict "exchange-manager.name" "filesystem" "exchange.base-directories" .exchange.directory) | include "trino.properties" | trim) }}
{{- end }}
{{- if .spooling.enabled }}
{{- $store := include "trino.s3" (dict "s3" .spooling.s3 "prefix" "s3." "variable" "SPOOLING") | fromYaml }}
{{- $_ := set $files "spooling-manager.properties" (merge $store (dict "spooling-manager.name" "filesystem" "fs.s3.enabled" "true" "fs.location" .spooling.directory) | include "trino.properties" | trim) }}
{{- end }}
{{- end }}
{{- range $name, $text := $files }}
{{ $name }}: |
  {{- $text | nindent 2 }}
{{- end }}
{{- end }}

{{- define "trino.coordinatorFiles" -}}
{{- include "trino.files" (dict "root" . "part" "coordinator") | trim }}
{{- end }}

{{- define "trino.workerFiles" -}}
{{- include "trino.files" (dict "root" . "part" "worker") | trim }}
{{- end }}
