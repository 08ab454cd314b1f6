{{/* The image of a part, as YAML; takes root and part. */}}
{{- define "doris.partImage" -}}
{{- $image := .root.Values.image }}
{{- $tag := printf "%s-%s" .part ($image.tag | default .root.Chart.AppVersion) }}
{{- merge (dict "tag" $tag "digest" (index $image.digests .part)) (omit $image "digests") | toYaml }}
{{- end }}

{{/* Name of the Service that clients use: the operator gives its own one. */}}
{{- define "doris.feService" -}}
{{ include "doris.fullname" . }}-fe{{ .Values.operator.enabled | ternary "-service" "" }}
{{- end }}

{{/* What the entry points ask for; takes root. */}}
{{- define "doris.env" -}}
- name: USER
  value: root
- name: DORIS_ROOT
  value: /opt/apache-doris
- name: CONFIGMAP_MOUNT_PATH
  value: /etc/doris
- name: FE_QUERY_PORT
  value: "9030"
{{- range $name, $path := dict "POD_NAME" "metadata.name" "POD_NAMESPACE" "metadata.namespace" "POD_IP" "status.podIP" }}
- name: {{ $name }}
  valueFrom:
    fieldRef:
      fieldPath: {{ $path }}
{{- end }}
{{- end }}

{{- define "doris.feEnv" -}}
{{ include "doris.env" . }}
- name: ELECT_NUMBER
  value: {{ .Values.fe.replicaCount | quote }}
{{- end }}

{{- define "doris.beEnv" -}}
{{ include "doris.env" . }}
- name: SKIP_CHECK_ULIMIT
  value: {{ .Values.be.skipNodeChecks | quote }}
{{- end }}

{{- define "doris.feCommand" -}}
command: [/opt/apache-doris/fe_entrypoint.sh]
args: [{{ include "doris.feService" . }}]
lifecycle:
  preStop:
    exec:
      command: [/opt/apache-doris/fe_prestop.sh]
{{- end }}

{{- define "doris.beCommand" -}}
command: [/opt/apache-doris/be_entrypoint.sh]
args: [{{ include "doris.feService" . }}]
lifecycle:
  preStop:
    exec:
      command: [/opt/apache-doris/be_prestop.sh]
{{- end }}

{{/* Only 8030 speaks HTTP. Takes probe. */}}
{{- define "doris.feProbe" -}}
{{- if eq .probe "readinessProbe" -}}
httpGet:
  path: /api/health
  port: http
{{- else -}}
tcpSocket:
  port: query
{{- end }}
{{- end }}

{{/* Only 8040 speaks HTTP. Takes probe. */}}
{{- define "doris.beProbe" -}}
{{- if eq .probe "readinessProbe" -}}
httpGet:
  path: /api/health
  port: http
{{- else -}}
tcpSocket:
  port: heartbeat
{{- end }}
{{- end }}

{{- define "doris.mounts" -}}
- name: config
  mountPath: /etc/doris
  readOnly: true
- name: root
  mountPath: /etc/basic_auth
  readOnly: true
- name: podinfo
  mountPath: /etc/podinfo
  readOnly: true
{{- end }}

{{- define "doris.feMounts" -}}
{{ include "doris.mounts" . }}
- name: meta
  mountPath: /opt/apache-doris/fe/doris-meta
- name: log
  mountPath: /opt/apache-doris/fe/log
{{- end }}

{{- define "doris.beMounts" -}}
{{ include "doris.mounts" . }}
- name: storage
  mountPath: /opt/apache-doris/be/storage
- name: log
  mountPath: /opt/apache-doris/be/log
{{- end }}

{{/* Takes root and part. */}}
{{- define "doris.volumes" -}}
- name: config
  configMap:
    name: {{ include "doris.fullname" .root }}-{{ .part }}-config
{{ include "doris.secretFile" (dict "name" "root" "file" "password" "ref" .root.Values.root.password) }}
- name: podinfo
  downwardAPI:
    items:
      - path: annotations
        fieldRef:
          fieldPath: metadata.annotations
- name: log
  emptyDir: {}
{{- end }}

{{- define "doris.feVolumes" -}}
{{ include "doris.volumes" (dict "root" . "part" "fe") }}
{{- end }}

{{- define "doris.beVolumes" -}}
{{ include "doris.volumes" (dict "root" . "part" "be") }}
{{- end }}

{{- define "doris.feClaims" -}}
{{- dict "meta" .Values.fe.persistence | toYaml }}
{{- end }}

{{- define "doris.beClaims" -}}
{{- dict "storage" .Values.be.persistence | toYaml }}
{{- end }}

{{- define "doris.scrape" -}}
port: http
path: /metrics
{{- end }}

{{/* Rule of a NetworkPolicy for the parts' own ports, from or to the parts; takes root, key, ports and components. */}}
{{- define "doris.among" -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
    {{- end }}
  {{ .key }}:
    {{- range .components }}
    - podSelector:
        matchLabels:
          {{- include "doris.selectorLabels" (dict "root" $.root "component" .) | nindent 10 }}
    {{- end }}
{{- end }}

{{- define "doris.feIngress" -}}
{{ include "doris.among" (dict "root" . "key" "from" "ports" (list 9010 9020) "components" (list "fe" "be")) }}
{{- end }}

{{- define "doris.beIngress" -}}
{{ include "doris.among" (dict "root" . "key" "from" "ports" (list 9050 9060 8060) "components" (list "fe" "be")) }}
{{- end }}

{{- define "doris.egress" -}}
{{ include "doris.among" (dict "root" . "key" "to" "ports" (list 8030 9010 9020 9030) "components" (list "fe")) }}
{{ include "doris.among" (dict "root" . "key" "to" "ports" (list 8040 8060 9050 9060) "components" (list "be")) }}
{{- with include "doris.storeEgress" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "doris.jobsEgress" -}}
- ports:
    - port: 9030
{{- end }}
