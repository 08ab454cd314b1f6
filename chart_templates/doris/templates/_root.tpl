{{/* Variables of the client, which reads the password from MYSQL_PWD: no command line shows it. */}}
{{- define "doris.clientEnv" -}}
- name: FE
  value: {{ include "doris.feService" . }}.{{ include "doris.namespace" . }}.svc
{{ include "doris.secretVariable" (dict "name" "MYSQL_PWD" "ref" .Values.root.password) }}
{{- end }}

{{/* Variable with the password of a user; takes its name. */}}
{{- define "doris.userVariable" -}}
{{ upper . }}_PASSWORD
{{- end }}

{{/* Shell: the client as root; `refused` makes a statement and tells its error, which is without the statement. */}}
{{- define "doris.sql" -}}
sql() { mysql --connect-timeout=5 -h "$FE" -P 9030 -u root --batch "$@"; }
refused() { sql -e "$1" 2>&1 | grep '^ERROR'; }
{{- end }}

{{/* Doris takes the hash of a hash, so the password itself stands in no statement. */}}
{{- define "doris.rootScript" -}}
{{ include "doris.sql" . }}
hashed() { echo "*$(printf "$(printf %s "$1" | sha1sum | cut -c1-40 | sed 's/../\\x&/g')" | sha1sum | cut -c1-40 | tr a-f A-F)"; }
until sql -e 'SELECT 1' > /dev/null; do
  (hash="$(hashed "$MYSQL_PWD")"; unset MYSQL_PWD; refused "SET PASSWORD FOR 'root'@'%' = '$hash'") && sleep 5
done
echo "root has the password of the Secret"
{{- range $name, $user := .Values.users }}
hash="$(hashed "${{ include "doris.userVariable" $name }}")"
if refused "CREATE USER IF NOT EXISTS '{{ $name }}'@'%' IDENTIFIED BY PASSWORD '$hash'"; then exit 1; fi
if refused "SET PASSWORD FOR '{{ $name }}'@'%' = '$hash'"; then exit 1; fi
{{- range $database, $privileges := $user.databases }}
{{- if ne $database "*" }}
sql -e 'CREATE DATABASE IF NOT EXISTS `{{ $database }}`'
{{- end }}
sql -e "GRANT {{ include "doris.privileges" $privileges }} ON internal.{{ $database }}.* TO '{{ $name }}'@'%'"
{{- end }}
echo "{{ $name }} has its password and its rights"
{{- end }}
{{- end }}

{{- define "doris.privileges" -}}
{{- get (dict "read" "SELECT_PRIV" "write" "SELECT_PRIV, LOAD_PRIV" "all" "SELECT_PRIV, LOAD_PRIV, ALTER_PRIV, CREATE_PRIV, DROP_PRIV") . }}
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
        {{- range $name, $user := .Values.users }}
        {{- include "doris.secretVariable" (dict "name" (include "doris.userVariable" $name) "ref" (merge (dict) $user.password (dict "key" "password"))) | nindent 8 }}
        {{- end }}
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
