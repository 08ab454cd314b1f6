{{/* Shell: asks the admin server of a server; takes the top-level `.`. Its root is open to all, so any scheme will do. */}}
{{- define "zookeeper.call" -}}
call() {
  answer="$1"
  url="{{ include "zookeeper.hasTls" . | empty | ternary "http" "https" }}://$2"
  shift 2
  wget -nv -T 60 --tries=1 --header 'Authorization: ip 127.0.0.1'{{ if include "zookeeper.hasTls" . }} --certificate=/tls/tls.crt --private-key=/tls/tls.key --ca-certificate=/tls/ca.crt{{ end }} -O "$answer" "$url" "$@"
}
{{- end }}

{{/* A server that is in the quorum streams its snapshot; each gives one in five minutes. */}}
{{- define "zookeeper.backupScript" -}}
{{ include "zookeeper.call" . }}
umask 077
file="/backup/{{ include "zookeeper.fullname" . }}-$(date -u +%Y%m%dT%H%M%SZ).snapshot"
for server in $SERVERS; do
  if call "$file.part" "$server/commands/snapshot?streaming=true"; then break; fi
done
[ "$(head -c 4 "$file.part")" = ZKSN ]
mv "$file.part" "$file"
rm -f /backup/*.part
{{ include "zookeeper.keepNewest" (dict "root" . "pattern" (printf "^%s-[0-9]*T[0-9]*Z[.]snapshot$" (include "zookeeper.fullname" .))) }}
echo "wrote $file"
{{- end }}

{{/* Puts a snapshot in the place of all nodes, on every server: RUN, else the newest. */}}
{{- define "zookeeper.restoreScript" -}}
{{ include "zookeeper.call" . }}
{{ include "zookeeper.chosenRun" (dict "root" . "end" "[.]snapshot") }}
for server in $SERVERS; do
  call /tmp/answer "$server/commands/restore" --header 'Content-Type: application/octet-stream' --post-file="/backup/$run"
  echo "restored $run on $server"
done
{{- end }}

{{/* A container of a client; takes root and name. */}}
{{- define "zookeeper.backupClient" -}}
{{- include "zookeeper.container" (dict "root" .root "name" .name "image" .root.Values.image "resources" .root.Values.backup.resources) }}
env:
  - name: SERVERS
    {{- $servers := list }}
    {{- range $ordinal := until (int .root.Values.replicaCount) }}
    {{- $servers = append $servers (printf "%s-%d.%s:%d" (include "zookeeper.fullname" $.root) $ordinal (include "zookeeper.peers" $.root) (int $.root.Values.ports.admin)) }}
    {{- end }}
    value: {{ join " " $servers }}
{{- end }}

{{- define "zookeeper.backupContainer" -}}
{{- include "zookeeper.backupClient" (dict "root" . "name" "backup") }}
{{- end }}

{{- define "zookeeper.restoreContainer" -}}
{{- include "zookeeper.backupClient" (dict "root" . "name" "restore") }}
{{- end }}

{{- define "zookeeper.backupMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if include "zookeeper.hasTls" . }}
- name: tls
  mountPath: /tls
  readOnly: true
{{- end }}
{{- end }}

{{- define "zookeeper.backupVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- with include "zookeeper.tlsVolume" (dict "root" . "files" (list "tls.crt" "tls.key" "ca.crt")) }}
{{ . }}
{{- end }}
{{- end }}
