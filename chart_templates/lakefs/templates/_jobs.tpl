{{/* Pod of a Job with the server's image and configuration; takes root, component and script, a Go helper. */}}
{{- define "lakefs.jobPod" -}}
metadata:
  {{- include "lakefs.podMetadata" (dict "root" .root "component" .component) | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "lakefs.pod" (dict "root" .root "images" (list .root.Values.image .root.Values.database.postgres.client.image) "serviceAccount" (include "lakefs.serviceAccountName" .root)) | nindent 2 }}
  {{- with include "lakefs.init" .root }}
  initContainers:
    {{- . | nindent 4 }}
  {{- end }}
  containers:
    - {{ include "lakefs.container" (dict "root" .root "name" .component "image" .root.Values.image "resources" .root.Values.resources) | indent 6 | trim }}
      command: [/bin/sh, -euc]
      args:
        - |
          {{- include .script .root | nindent 10 }}
      env:
        {{- include "lakefs.env" .root | nindent 8 }}
        {{- if eq .component "setup" }}
        {{- include "lakefs.secretVariable" (dict "name" "ACCESS_KEY_ID" "ref" .root.Values.setup.accessKeyId) | nindent 8 }}
        {{- include "lakefs.secretVariable" (dict "name" "SECRET_ACCESS_KEY" "ref" .root.Values.setup.secretAccessKey) | nindent 8 }}
        {{- end }}
      volumeMounts:
        {{- include "lakefs.mounts" .root | nindent 8 }}
  volumes:
    {{- include "lakefs.volumes" .root | nindent 4 }}
{{- end }}

{{- define "lakefs.setupPod" -}}
{{- include "lakefs.jobPod" (dict "root" . "component" "setup" "script" "lakefs.setupScript") }}
{{- end }}

{{/* The program prints the keys; they must not get into the log. */}}
{{- define "lakefs.setupScript" -}}
lakefs --config /etc/lakefs/config.yaml setup --user-name '{{ .Values.setup.userName }}' \
  --access-key-id "$ACCESS_KEY_ID" --secret-access-key "$SECRET_ACCESS_KEY" > /tmp/said || {
  grep -q 'Setup is already complete' /tmp/said || { grep -v secret_access_key /tmp/said; exit 1; }
}
echo "the first administrator is there"
{{- end }}

{{/* On a database that is not set up yet there is nothing to convert. */}}
{{- define "lakefs.migrationScript" -}}
lakefs --config /etc/lakefs/config.yaml migrate up 2> /tmp/said || {
  cat /tmp/said
  grep -q 'Failed to get KV version: not found' /tmp/said
}
{{- end }}
