{{/* Users of all databases, as YAML: name, then connectionLimit and password. */}}
{{- define "mysql.roles" -}}
{{- $roles := dict }}
{{- range $name, $database := .Values.databases }}
{{- if $database }}
{{- range $role, $grant := $database.grants }}
{{- if $grant }}{{ $_ := set $roles $role $grant }}{{ end }}
{{- end }}
{{- $_ := set $roles ($database.owner.name | default $name) $database.owner }}
{{- end }}
{{- end }}
{{- if .Values.metrics.enabled }}
{{- with .Values.metrics.exporter }}
{{- $_ := set $roles .username (dict "password" .password "connectionLimit" 3) }}
{{- end }}
{{- end }}
{{- toYaml $roles }}
{{- end }}

{{- define "mysql.provisioningPod" -}}
{{- include "mysql.databasesPod" (dict "root" . "roles" (include "mysql.roles" . | fromYaml)) }}
{{- end }}

{{/* Passwords travel in the environment and by standard input. */}}
{{- define "mysql.provisioningScript" -}}
#!/bin/sh
# Every step may be repeated: an upgrade runs them again, and so a changed password is set.
set -eu
{{ include "mysql.clientFile" . }}

sql() { mysql --defaults-file=/tmp/client.cnf --batch --skip-column-names "$@"; }

# user NAME LIMIT: makes the user, and sets the password from PASSWORD_NAME.
user() {
  case "$1" in root | mysql) echo "$1 is an administrator: a database needs a user of its own" >&2; exit 3 ;; *) ;; esac
  password="$(printenv "PASSWORD_$(echo "$1" | tr a-z A-Z)" | sed "s/['\\\\]/\\\\&/g")"
  sql <<SQL
CREATE USER IF NOT EXISTS '$1'@'%' IDENTIFIED BY '$password';
ALTER USER '$1'@'%' IDENTIFIED BY '$password' WITH MAX_USER_CONNECTIONS $2;
SQL
}

# grant DATABASE USER PRIVILEGES: gives them, then takes all others away. In a grant, `_` would stand for any character.
grant() {
  escaped="$(printf %s "$1" | sed 's/_/\\_/g')"
  literal="$(printf %s "$1" | sed 's/_/\\\\_/g')"
  sql --raw <<SQL > /tmp/revokes
GRANT $3 ON \`$escaped\`.* TO '$2'@'%';
SELECT CONCAT('REVOKE ', privilege_type, ' ON \`$literal\`.* FROM ''$2''@''%'';')
  FROM information_schema.schema_privileges
 WHERE grantee = '''$2''@''%''' AND table_schema = '$literal'
   AND '$3' <> 'ALL' AND NOT FIND_IN_SET(privilege_type, REPLACE('$3', ', ', ','));
SQL
  sql < /tmp/revokes
}

until mysqladmin --defaults-file=/tmp/client.cnf --silent ping; do sleep 2; done
{{- range $role, $told := include "mysql.roles" . | fromYaml }}
user {{ $role }} {{ max 0 (kindIs "invalid" $told.connectionLimit | ternary 0 $told.connectionLimit | int) }}
{{- end }}
{{- if .Values.metrics.enabled }}
{{- with .Values.metrics.exporter.username }}
echo "GRANT PROCESS, REPLICATION CLIENT ON *.* TO '{{ . }}'@'%'; GRANT SELECT ON performance_schema.* TO '{{ . }}'@'%'" | sql
{{- end }}
{{- end }}
{{- range $name, $database := .Values.databases }}
{{- if $database }}

echo 'CREATE DATABASE IF NOT EXISTS `{{ $name }}` CHARACTER SET {{ $database.characterSet | default "utf8mb4" }}{{ with $database.collation }} COLLATE {{ . }}{{ end }}' | sql
grant {{ $name }} {{ $database.owner.name | default $name }} ALL
{{- range $role, $grant := $database.grants }}
{{- if $grant }}
grant {{ $name }} {{ $role }} '{{ eq ($grant.privileges | default "read") "write" | ternary "SELECT, INSERT, UPDATE, DELETE" "SELECT" }}'
{{- end }}
{{- end }}
{{- end }}
{{- end }}
echo "users and databases are ready"
{{- end }}
