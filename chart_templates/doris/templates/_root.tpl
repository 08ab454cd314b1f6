{{/* Variables of the client, which reads the password from MYSQL_PWD: no command line shows it. */}}
{{- define "doris.clientEnv" -}}
- name: FE
  value: {{ include "doris.feService" . }}.{{ include "doris.namespace" . }}.svc
{{ include "doris.secretVariable" (dict "name" "MYSQL_PWD" "ref" .Values.root.password) }}
{{- end }}

{{/* Doris takes the hash of a hash, so the password itself stands in no statement. */}}
{{- define "doris.rootScript" -}}
sql() { mysql --connect-timeout=5 -h "$FE" -P 9030 -u root --batch "$@"; }
until sql -e 'SELECT 1' > /dev/null; do
  hash=\*$(printf "$(printf %s "$MYSQL_PWD" | sha1sum | cut -c1-40 | sed 's/../\\x&/g')" | sha1sum | cut -c1-40 | tr a-f A-F)
  # An error comes with the statement, whose hash has no place in a log.
  (unset MYSQL_PWD; sql -e "SET PASSWORD FOR 'root'@'%' = '$hash'" 2>&1 | grep '^ERROR') && sleep 5
done
echo "root has the password of the Secret"
{{- end }}

{{- define "doris.rootPod" -}}
{{- $image := include "doris.partImage" (dict "root" . "part" "fe") | fromYaml -}}
metadata:
  {{- include "doris.podMetadata" (dict "root" . "component" "root") | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "doris.pod" (dict "root" . "images" (list $image)) | nindent 2 }}
  containers:
    - {{ include "doris.container" (dict "root" . "name" "root" "image" $image "resources" .Values.tests.resources) | indent 6 | trim }}
      command: [/bin/bash, -euc]
      args:
        - |
          {{- include "doris.rootScript" . | nindent 10 }}
      env:
        {{- include "doris.clientEnv" . | nindent 8 }}
{{- end }}

{{- define "doris.testVolumes" -}}
[]
{{- end }}

{{/* Every backend is alive, to the frontends. */}}
{{- define "doris.testContainer" -}}
{{- include "doris.container" (dict "root" . "name" "backends" "image" (include "doris.partImage" (dict "root" . "part" "fe") | fromYaml) "resources" .Values.tests.resources) }}
command: [/bin/bash, -euc]
args:
  - |
    mysql -h "$FE" -P 9030 -u root --vertical -e 'SHOW BACKENDS' > /dev/stderr
    test "$(mysql -h "$FE" -P 9030 -u root --vertical -e 'SHOW BACKENDS' | grep -c 'Alive: true')" = {{ .Values.be.replicaCount }}
env:
  {{- include "doris.clientEnv" . | nindent 2 }}
{{- end }}
