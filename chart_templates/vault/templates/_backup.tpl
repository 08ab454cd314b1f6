{{/* Writes a backup, then removes the oldest beyond those that stay. */}}
{{- define "vault.backupScript" -}}
{{- $program := include "vault.distribution" . | fromYaml -}}
{{- $suffix := eq .Values.storage.type "raft" | ternary "snap" "dump" -}}
umask 077
file="/backup/{{ include "vault.fullname" . }}-$(date -u +%Y%m%dT%H%M%SZ).{{ $suffix }}"
{{- if eq .Values.storage.type "raft" }}
{{ $program.prefix }}TOKEN="$({{ $program.binary }} write -field=token 'auth/{{ .Values.backup.raft.authPath }}/login' 'role={{ .Values.backup.raft.role }}' jwt=@/var/run/secrets/backup/token)"
export {{ $program.prefix }}TOKEN
{{ $program.binary }} operator raft snapshot save "$file.part"
{{ $program.binary }} token revoke -self
{{- else }}
# A row of the lock table would keep a restored server waiting.
pg_dump --format=custom --exclude-table-data={{ $program.tables.locks }} --file="$file.part"
{{- end }}
mv "$file.part" "$file"
rm -f /backup/*.part
{{ include "vault.keepNewest" (dict "root" . "pattern" (printf "\\.%s$" $suffix)) }}
echo "wrote $file"
{{- end }}

{{/* Image of the backup, as YAML. */}}
{{- define "vault.backupImage" -}}
{{- eq .Values.storage.type "raft" | ternary (include "vault.programImage" .) (toYaml .Values.storage.postgresql.client.image) }}
{{- end }}

{{/* The container of the backup, but what runs in it. */}}
{{- define "vault.backupContainer" -}}
{{- if eq .Values.storage.type "raft" }}
{{- include "vault.programContainer" (dict "root" . "name" "backup" "resources" .Values.backup.resources) }}
env:
  {{- include "vault.clientVariables" (dict "root" . "host" (printf "%s.%s.svc" (include "vault.activeService" .) (include "vault.namespace" .))) | nindent 2 }}
{{- else }}
{{- include "vault.container" (dict "root" . "name" "backup" "image" .Values.storage.postgresql.client.image "resources" .Values.backup.resources) }}
env:
  {{- include "vault.libpq" (dict "database" .Values.storage.postgresql) | nindent 2 }}
{{- end }}
{{- end }}

{{/* Mounts of the backup beside its volume. */}}
{{- define "vault.backupMounts" -}}
{{- if eq .Values.storage.type "raft" -}}
- name: tmp
  mountPath: /tmp
- name: token
  mountPath: /var/run/secrets/backup
  readOnly: true
{{- if ne .Values.tls.type "none" }}
- name: tls
  mountPath: {{ (include "vault.distribution" . | fromYaml).home }}/tls
  readOnly: true
{{- end }}
{{- else }}
{{- include "vault.postgresqlMounts" .Values.storage.postgresql }}
{{- end }}
{{- end }}

{{/* Volumes of the backup beside its own. */}}
{{- define "vault.backupVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- if eq .Values.storage.type "raft" }}
- name: token
  projected:
    sources:
      - serviceAccountToken:
          path: token
          audience: {{ (include "vault.distribution" . | fromYaml).label }}
          expirationSeconds: 600
{{- with include "vault.tlsVolume" (dict "root" . "files" (list "ca.crt")) }}
{{ . }}
{{- end }}
{{- else }}
{{- with include "vault.databaseVolume" . }}
{{ . }}
{{- end }}
{{- end }}
{{- end }}
