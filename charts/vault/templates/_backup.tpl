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
ls -1 /backup | grep '\.{{ $suffix }}$' | sort -r | tail -n +{{ add1 (int .Values.backup.retention) }} | while read -r old; do rm -- "/backup/$old"; done
echo "wrote $file"
{{- end }}
