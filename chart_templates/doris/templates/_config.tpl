{{/* Of a memory limit, so many parts in a hundred, in MiB; takes resources and percent. */}}
{{- define "doris.share" -}}
{{- $limit := dig "limits" "memory" "8Gi" .resources }}
{{- max 256 (div (mul (include "doris.mebibytes" $limit | int64) .percent) 100) }}
{{- end }}

{{/* The entry point reads enable_fqdn_mode, and writes it where it is missing: a file of a ConfigMap cannot be written. */}}
{{- define "doris.feConf" -}}
{{- $heap := include "doris.share" (dict "resources" .Values.fe.resources "percent" 75) -}}
LOG_DIR = ${DORIS_HOME}/log
JAVA_OPTS_FOR_JDK_17 = "-Dfile.encoding=UTF-8 -Djavax.security.auth.useSubjectCredsOnly=false -Xms{{ $heap }}m -Xmx{{ $heap }}m -XX:+ExitOnOutOfMemoryError --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/jdk.internal.ref=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
enable_fqdn_mode = true
meta_dir = /opt/apache-doris/fe/doris-meta
http_port = 8030
rpc_port = 9020
query_port = 9030
edit_log_port = 9010
arrow_flight_sql_port = -1
{{- with .Values.fe.configuration }}
qe_max_connection = {{ int .qeMaxConnection }}
sys_log_level = {{ .sysLogLevel }}
lower_case_table_names = {{ int .lowerCaseTableNames }}
{{- end }}
{{- end }}

{{- define "doris.beConf" -}}
LOG_DIR = ${DORIS_HOME}/log
JAVA_OPTS_FOR_JDK_17 = "-Dfile.encoding=UTF-8 -Xmx{{ include "doris.share" (dict "resources" .Values.be.resources "percent" 12) }}m -DlogPath=$LOG_DIR/jni.log -Djavax.security.auth.useSubjectCredsOnly=false -Dsun.java.command=DorisBE -XX:-CriticalJNINatives --add-opens=java.base/java.net=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED"
storage_root_path = /opt/apache-doris/be/storage
mem_limit = {{ include "doris.share" (dict "resources" .Values.be.resources "percent" 75) }}M
be_port = 9060
webserver_port = 8040
heartbeat_service_port = 9050
brpc_port = 8060
arrow_flight_sql_port = -1
sys_log_level = {{ .Values.be.configuration.sysLogLevel }}
{{- end }}
