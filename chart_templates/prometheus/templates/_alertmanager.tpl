{{/* The file of a receiver's Secret: its end and its reference, as YAML; nothing where it has none. Takes a Receiver. */}}
{{- define "prometheus.receiverSecret" -}}
{{- $found := dict "webhook" (dict "file" "url" "ref" (.webhook | default dict).url)
    "slack" (dict "file" "url" "ref" (.slack | default dict).url)
    "email" (dict "file" "password" "ref" (.email | default dict).password)
    "pagerduty" (dict "file" "routing-key" "ref" (.pagerduty | default dict).routingKey) }}
{{- $own := index $found (.type | default "webhook") }}
{{- if ($own.ref | default dict).name }}
{{- merge (dict) $own (dict "ref" (dict "key" $own.file)) | toYaml }}
{{- end }}
{{- end }}

{{- define "prometheus.alertmanagerConfig" -}}
{{- with .Values.alertmanager -}}
route:
  receiver: nobody
  group_by: {{ .grouping.by | toJson }}
  group_wait: {{ .grouping.wait }}
  group_interval: {{ .grouping.interval }}
  repeat_interval: {{ .grouping.repeatInterval }}
  routes:
    {{- range $name, $receiver := .receivers }}
    {{- if $receiver }}
    - receiver: {{ quote $name }}
      matchers: {{ $receiver.matchers | default list | toJson }}
      continue: true
    {{- end }}
    {{- else }} []
    {{- end }}
receivers:
  - name: nobody
  {{- range $name, $receiver := .receivers }}
  {{- if $receiver }}
  {{- $file := printf "/etc/alertmanager-secrets/%s/%s" $name (include "prometheus.receiverSecret" $receiver | fromYaml).file }}
  - name: {{ quote $name }}
    {{ $receiver.type | default "webhook" }}_configs:
      {{- if eq ($receiver.type | default "webhook") "webhook" }}
      - url_file: {{ $file }}
      {{- else if eq $receiver.type "slack" }}
      - api_url_file: {{ $file }}
        send_resolved: true
        {{- with $receiver.slack.channel }}
        channel: {{ quote . }}
        {{- end }}
      {{- else if eq $receiver.type "pagerduty" }}
      - routing_key_file: {{ $file }}
      {{- else }}
      - to: {{ quote $receiver.email.to }}
        from: {{ quote $receiver.email.sender }}
        smarthost: {{ quote $receiver.email.smarthost }}
        send_resolved: true
        {{- if include "prometheus.receiverSecret" $receiver }}
        auth_username: {{ $receiver.email.username | default "" | quote }}
        auth_password_file: {{ $file }}
        {{- end }}
      {{- end }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Without peers it does not listen for any. */}}
{{- define "prometheus.alertmanagerCommand" -}}
{{- $name := printf "%s-alertmanager" (include "prometheus.fullname" .) }}
{{- $replicas := int .Values.alertmanager.replicaCount -}}
args:
  - --config.file=/etc/alertmanager/alertmanager.yaml
  - --storage.path=/alertmanager
  - --data.retention={{ .Values.alertmanager.retention }}
  {{- with .Values.alertmanager.externalUrl }}
  - --web.external-url={{ . }}
  - --web.route-prefix=/
  {{- end }}
  {{- if gt $replicas 1 }}
  - --cluster.listen-address=0.0.0.0:9094
  - --cluster.advertise-address=[$(POD_IP)]:9094
  {{- range $index := until $replicas }}
  - --cluster.peer={{ $name }}-{{ $index }}.{{ $name }}-headless:9094
  {{- end }}
  {{- else }}
  - --cluster.listen-address=
  {{- end }}
{{- end }}

{{- define "prometheus.alertmanagerEnv" -}}
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
{{- end }}

{{- define "prometheus.alertmanagerSecrets" -}}
{{- range $name, $receiver := .Values.alertmanager.receivers }}
{{- with include "prometheus.receiverSecret" ($receiver | default dict) | fromYaml }}
- secret:
    name: {{ .ref.name }}
    items:
      - {key: {{ .ref.key }}, path: {{ $name }}/{{ .file }}}
{{- end }}
{{- end }}
{{- end }}

{{- define "prometheus.alertmanagerMounts" -}}
- name: config
  mountPath: /etc/alertmanager
  readOnly: true
- name: data
  mountPath: /alertmanager
{{- if include "prometheus.alertmanagerSecrets" . }}
- name: secrets
  mountPath: /etc/alertmanager-secrets
  readOnly: true
{{- end }}
{{- end }}

{{- define "prometheus.alertmanagerVolumes" -}}
- name: config
  configMap:
    name: {{ include "prometheus.fullname" . }}-alertmanager-config
{{- with include "prometheus.alertmanagerSecrets" . }}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- . | trim | nindent 6 }}
{{- end }}
{{- end }}

{{- define "prometheus.alertmanagerClaims" -}}
{{- dict "data" .Values.alertmanager.persistence | toYaml }}
{{- end }}

{{/* Its peers, as a rule of a NetworkPolicy; takes root and direction: from or to. */}}
{{- define "prometheus.peers" -}}
- ports:
    - port: 9094
    - port: 9094
      protocol: UDP
  {{ .direction }}:
    - podSelector:
        matchLabels:
          {{- include "prometheus.selectorLabels" (dict "root" .root "component" "alertmanager") | nindent 10 }}
{{- end }}

{{- define "prometheus.alertmanagerIngress" -}}
{{- include "prometheus.peers" (dict "root" . "direction" "from") }}
{{- end }}

{{- define "prometheus.alertmanagerEgress" -}}
{{- include "prometheus.peers" (dict "root" . "direction" "to") }}
{{- with .Values.alertmanager.receiverPorts }}
- ports:
    {{- range . }}
    - port: {{ int . }}
    {{- end }}
{{- end }}
{{- end }}
