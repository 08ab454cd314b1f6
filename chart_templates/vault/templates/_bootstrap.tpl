{{/* Pod of the bootstrap Job. */}}
{{- define "vault.bootstrapPod" -}}
{{- $storage := .Values.storage.postgresql -}}
metadata:
  {{- include "vault.podMetadata" (dict "root" . "component" "bootstrap") | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "vault.pod" (dict "root" . "images" (list $storage.client.image)) | nindent 2 }}
  containers:
    - {{ include "vault.container" (dict "root" . "name" "bootstrap" "image" $storage.client.image "resources" $storage.client.resources) | indent 6 | trim }}
      command: [/bin/sh, /etc/bootstrap/bootstrap.sh]
      env:
        {{- $admin := $storage.bootstrap.admin }}
        {{- $as := $admin.enabled | ternary (dict "user" $admin.username "name" $admin.database "password" $admin.password) dict }}
        {{- include "vault.libpq" (merge (dict "database" $storage) $as) | nindent 8 }}
        - name: ROLE
          value: {{ $storage.username }}
        - name: DATABASE
          value: {{ $storage.database }}
        {{- include "vault.secretVariable" (dict "name" "ROLE_PASSWORD" "ref" $storage.password) | nindent 8 }}
      volumeMounts:
        - name: script
          mountPath: /etc/bootstrap
          readOnly: true
        {{- include "vault.postgresqlMounts" $storage | nindent 8 }}
  volumes:
    - name: script
      configMap:
        name: {{ include "vault.fullname" . }}-bootstrap
    - name: tmp
      emptyDir:
        sizeLimit: 16Mi
    {{- with include "vault.postgresqlVolume" $storage }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* Creates role, database and tables. Passwords travel in the environment: psql reads them with \getenv. */}}
{{- define "vault.bootstrapScript" -}}
{{- $program := include "vault.distribution" . | fromYaml -}}
#!/bin/sh
# Every step may be repeated: an upgrade runs them again, and so a changed password is set.
set -eu

{{- if .Values.storage.postgresql.bootstrap.admin.enabled }}

until pg_isready; do sleep 2; done

psql -X -q -v ON_ERROR_STOP=1 <<'SQL'
\getenv role ROLE
\getenv database DATABASE
\getenv password ROLE_PASSWORD

BEGIN;
-- Keeps the password out of the server's log, where the administrator may.
DO $$ BEGIN
  PERFORM set_config('log_statement', 'none', true), set_config('log_min_duration_statement', '-1', true),
          set_config('log_min_error_statement', 'panic', true);
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$;
SELECT format('CREATE ROLE %I', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN PASSWORD :'password';
-- An administrator who is no superuser gives databases only to roles that he is a member of.
SELECT format('GRANT %I TO CURRENT_USER', :'role') WHERE NOT pg_has_role(:'role', 'USAGE') \gexec
COMMIT;

SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'database') \gexec
SELECT pg_get_userbyid(datdba) = :'role' AS owned FROM pg_catalog.pg_database WHERE datname = :'database' \gset
\if :owned
\else
DO $$ BEGIN
  RAISE EXCEPTION 'the database belongs to another role: choose another name, or ALTER DATABASE ... OWNER TO by hand';
END $$;
\endif
SQL
{{- else }}

until psql -X -q -c 'SELECT 1'; do sleep 3; done
{{- end }}

# From here on as the role, in its database: what it creates is its own.
export PGUSER="$ROLE" PGDATABASE="$DATABASE" PGPASSWORD="$ROLE_PASSWORD"
psql -X -q -v ON_ERROR_STOP=1 --single-transaction <<'SQL'
\getenv database DATABASE
SET client_min_messages = warning;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
{{- if not $program.createsTables }}

-- The order of the columns is part of the contract: the program inserts by position.
CREATE TABLE IF NOT EXISTS {{ $program.tables.keyValue }} (
  parent_path TEXT COLLATE "C" NOT NULL,
  path        TEXT COLLATE "C",
  key         TEXT COLLATE "C",
  value       BYTEA,
  CONSTRAINT {{ $program.tables.keyValue }}_pkey PRIMARY KEY (path, key)
);
CREATE INDEX IF NOT EXISTS {{ $program.tables.keyValue }}_parent_path_idx ON {{ $program.tables.keyValue }} (parent_path);
CREATE TABLE IF NOT EXISTS {{ $program.tables.locks }} (
  ha_key      TEXT COLLATE "C" NOT NULL,
  ha_identity TEXT COLLATE "C" NOT NULL,
  ha_value    TEXT COLLATE "C",
  valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT {{ $program.tables.locks }}_pkey PRIMARY KEY (ha_key)
);

-- Tables that were there before may differ: the program's own statements must fit them.
PREPARE put (text, text, text, bytea) AS
  INSERT INTO {{ $program.tables.keyValue }} VALUES ($1, $2, $3, $4)
  ON CONFLICT (path, key) DO UPDATE SET (parent_path, path, key, value) = ($1, $2, $3, $4);
PREPARE lock (text, text, text, double precision) AS
  INSERT INTO {{ $program.tables.locks }} AS t (ha_identity, ha_key, ha_value, valid_until)
  VALUES ($1, $2, $3, NOW() + $4 * INTERVAL '1 seconds')
  ON CONFLICT (ha_key) DO UPDATE SET (ha_identity, ha_key, ha_value, valid_until) =
    ($1, $2, $3, NOW() + $4 * INTERVAL '1 seconds')
  WHERE (t.valid_until < NOW() AND t.ha_key = $2) OR (t.ha_identity = $1 AND t.ha_key = $2);
\o /dev/null
EXPLAIN EXECUTE put ('', '', '', '');
EXPLAIN EXECUTE lock ('', '', '', 0);
{{- end }}
SQL
echo "role $ROLE and database $DATABASE are ready"
{{- end }}
