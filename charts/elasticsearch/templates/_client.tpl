{{/* A container of a client with the administrator's password; takes root, name and resources. */}}
{{- define "elasticsearch.client" -}}
{{- include "elasticsearch.container" (merge (dict "image" .root.Values.image) .) }}
env:
  - name: ELASTICSEARCH_URL
    value: {{ include "elasticsearch.scheme" .root }}://{{ include "elasticsearch.fullname" .root }}.{{ include "elasticsearch.namespace" .root }}.svc:9200
  {{- include "elasticsearch.secretVariable" (dict "name" "ELASTIC_PASSWORD" "ref" .root.Values.admin.password) | nindent 2 }}
{{- end }}

{{- define "elasticsearch.clientMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: /etc/elasticsearch-tls
  readOnly: true
{{- end }}
{{- end }}

{{- define "elasticsearch.clientVolumes" -}}
- name: tmp
  emptyDir:
    medium: Memory
    sizeLimit: 16Mi
{{- with include "elasticsearch.tlsVolume" (dict "root" . "files" (list "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}

{{/* Shell: `call METHOD PATH [OPTION ...]` gives the answer, or fails and says why; no password is in a command line. */}}
{{- define "elasticsearch.call" -}}
umask 077
escaped() { printf %s "$1" | sed 's/[\\"]/\\&/g'; }
printf 'user = "elastic:%s"\n' "$(escaped "$ELASTIC_PASSWORD")" > /tmp/curl
call() {
  method="$1" path="$2"
  shift 2
  status="$(curl -sS -K /tmp/curl{{ if ne .Values.tls.type "none" }} --cacert /etc/elasticsearch-tls/ca.crt{{ end }} -o /tmp/answer -w '%{http_code}' \
    -X "$method" -H 'Content-Type: application/json' "$@" "$ELASTICSEARCH_URL$path")"
  case "$status" in
    2*) cat /tmp/answer ;;
    *) echo "$method $path: $status $(cat /tmp/answer)" >&2; return 1 ;;
  esac
}
{{- end }}

{{/* Users and the exporter's, as YAML. */}}
{{- define "elasticsearch.users" -}}
{{- $users := dict }}
{{- range $name, $user := .Values.users }}
{{- if $user }}{{ $_ := set $users $name $user }}{{ end }}
{{- end }}
{{- if .Values.metrics.enabled }}
{{- with .Values.metrics.exporter }}
{{- $_ := set $users .username (dict "password" .password "cluster" (list "monitor") "indices" (list (dict "names" (list "*") "privileges" (list "monitor")))) }}
{{- end }}
{{- end }}
{{- toYaml $users }}
{{- end }}

{{- define "elasticsearch.passwordVariable" -}}
PASSWORD_{{ regexReplaceAll "[.-]" . "_" | upper }}
{{- end }}

{{/* Every step may be repeated: an upgrade runs them again, and so a changed password is set. */}}
{{- define "elasticsearch.provisioningScript" -}}
#!/bin/sh
set -eu
{{ include "elasticsearch.call" . }}
until call GET / > /tmp/cluster; do sleep 3; done
{{- range $name, $user := include "elasticsearch.users" . | fromYaml }}
call PUT /_security/role/{{ $name }} --data-binary '{{ dict "cluster" ($user.cluster | default list) "indices" ($user.indices | default list) | toJson }}' > /tmp/done
printf '{"password":"%s","roles":{{ concat (list $name) ($user.roles | default list) | toJson }}}' "$(escaped "${{ include "elasticsearch.passwordVariable" $name }}")" |
  call PUT /_security/user/{{ $name }} --data-binary @- > /tmp/done
{{- end }}
echo "users and roles are ready"
{{- end }}

{{/* Pod of the provisioning Job. */}}
{{- define "elasticsearch.provisioningPod" -}}
metadata:
  {{- include "elasticsearch.podMetadata" (dict "root" . "component" "users") | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "elasticsearch.pod" (dict "root" . "images" (list .Values.image)) | nindent 2 }}
  containers:
    - {{ include "elasticsearch.client" (dict "root" . "name" "users" "resources" .Values.provisioning.resources) | indent 6 | trim }}
        {{- range $name, $user := include "elasticsearch.users" . | fromYaml }}
        {{- include "elasticsearch.secretVariable" (dict "name" (include "elasticsearch.passwordVariable" $name) "ref" (merge (dict) $user.password (dict "key" "password"))) | nindent 8 }}
        {{- end }}
      command: [/bin/sh, /etc/provisioning/provision.sh]
      volumeMounts:
        - name: script
          mountPath: /etc/provisioning
          readOnly: true
        {{- include "elasticsearch.clientMounts" . | nindent 8 }}
  volumes:
    - name: script
      configMap:
        name: {{ include "elasticsearch.fullname" . }}-users
    {{- include "elasticsearch.clientVolumes" . | nindent 4 }}
{{- end }}

{{/* Rule of the jobs' NetworkPolicy. */}}
{{- define "elasticsearch.jobsEgress" -}}
{{- $server := dict "labels" (include "elasticsearch.selectorLabels" (dict "root" . "component" "server") | fromYaml) }}
{{- include "elasticsearch.reach" (dict "port" 9200 "peer" $server) }}
{{- end }}

{{- define "elasticsearch.testContainer" -}}
{{- include "elasticsearch.client" (dict "root" . "name" "health" "resources" .Values.tests.resources) }}
command: [/bin/sh, -euc]
args:
  - |
    {{- include "elasticsearch.call" . | nindent 4 }}
    call GET "/_cluster/health?wait_for_status=yellow&timeout=30s"
volumeMounts:
  {{- include "elasticsearch.clientMounts" . | nindent 2 }}
{{- end }}
