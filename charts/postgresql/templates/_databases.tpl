{{/* Roles of all databases, as YAML: name, then connectionLimit and password. */}}
{{- define "postgresql.roles" -}}
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
{{- $_ := set $roles .username (dict "password" .password) }}
{{- end }}
{{- end }}
{{- toYaml $roles }}
{{- end }}

{{- define "postgresql.provisioningPod" -}}
{{- include "postgresql.databasesPod" (dict "root" . "roles" (include "postgresql.roles" . | fromYaml)) }}
{{- end }}

{{/* Passwords travel in the environment: psql reads them with \getenv. */}}
{{- define "postgresql.provisioningScript" -}}
#!/bin/sh
# Every step may be repeated: an upgrade runs them again, and so a changed password is set.
set -eu

sql() { PGOPTIONS="-c client_min_messages=warning" psql -X -q -v ON_ERROR_STOP=1 "$@"; }

# role NAME LIMIT: makes the role, and sets the password from PASSWORD_NAME.
role() {
  sql -v role="$1" -v limit="$2" -v variable="PASSWORD_$(echo "$1" | tr a-z A-Z)" <<'SQL'
\getenv password :variable
SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'role' AND rolsuper) AS is_superuser \gset
\if :is_superuser
DO $$ BEGIN RAISE EXCEPTION 'the role is a superuser: a database needs a role of its own'; END $$;
\endif
BEGIN;
-- Keeps the password out of the server's log.
SET LOCAL log_statement = 'none';
SET LOCAL log_min_duration_statement = -1;
SET LOCAL log_min_error_statement = 'panic';
SELECT format('CREATE ROLE %I', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  CONNECTION LIMIT :limit PASSWORD :'password';
COMMIT;
SQL
}

# database NAME OWNER: makes the database, which then admits only the roles that are granted it.
database() {
  sql -v database="$1" -v owner="$2" <<'SQL'
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', :'database', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'database') \gexec
SELECT pg_get_userbyid(datdba) = :'owner' AS owned FROM pg_catalog.pg_database WHERE datname = :'database' \gset
\if :owned
\else
DO $$ BEGIN
  RAISE EXCEPTION 'the database belongs to another role: choose another name, or ALTER DATABASE ... OWNER TO by hand';
END $$;
\endif
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
}

# grant DATABASE SCHEMA OWNER ROLE TABLES SEQUENCES: what the role may do with the owner's tables, also with later ones.
grant() {
  sql -d "$1" -v database="$1" -v schema="$2" -v owner="$3" -v role="$4" -v tables="$5" -v sequences="$6" <<'SQL'
BEGIN;
GRANT CONNECT ON DATABASE :"database" TO :"role";
GRANT USAGE ON SCHEMA :"schema" TO :"role";
REVOKE ALL ON ALL TABLES IN SCHEMA :"schema" FROM :"role";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA :"schema" FROM :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" REVOKE ALL ON TABLES FROM :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" REVOKE ALL ON SEQUENCES FROM :"role";
GRANT :tables ON ALL TABLES IN SCHEMA :"schema" TO :"role";
GRANT :sequences ON ALL SEQUENCES IN SCHEMA :"schema" TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT :tables ON TABLES TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT :sequences ON SEQUENCES TO :"role";
COMMIT;
SQL
}

until pg_isready -q; do sleep 2; done
{{- range $role, $told := include "postgresql.roles" . | fromYaml }}
role {{ $role }} {{ kindIs "invalid" $told.connectionLimit | ternary -1 $told.connectionLimit | int }}
{{- end }}
{{- if .Values.metrics.enabled }}
sql -c 'GRANT pg_monitor TO "{{ .Values.metrics.exporter.username }}"'
{{- end }}
{{- range $name, $database := .Values.databases }}
{{- if $database }}
{{- $owner := $database.owner.name | default $name }}

database {{ $name }} {{ $owner }}
{{- range $database.schemas }}
sql -d {{ $name }} -c 'CREATE SCHEMA IF NOT EXISTS "{{ . }}" AUTHORIZATION "{{ $owner }}"'
{{- end }}
{{- range $database.extensions }}
sql -d {{ $name }} -c 'CREATE EXTENSION IF NOT EXISTS "{{ . }}"'
{{- end }}
{{- range $role, $grant := $database.grants }}
{{- if $grant }}
{{- $writes := eq ($grant.privileges | default "read") "write" }}
{{- range prepend ($database.schemas | default list) "public" }}
grant {{ $name }} {{ . }} {{ $owner }} {{ $role }} '{{ $writes | ternary "SELECT, INSERT, UPDATE, DELETE" "SELECT" }}' '{{ $writes | ternary "USAGE, SELECT" "SELECT" }}'
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
echo "roles and databases are ready"
{{- end }}
