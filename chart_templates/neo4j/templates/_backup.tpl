{{/* Pattern of this release's dumps: a run is a folder. */}}
{{- define "neo4j.runs" -}}
^{{ include "neo4j.fullname" . }}-[0-9]*T[0-9]*Z$
{{- end }}

{{- define "neo4j.backupVolume" -}}
- name: backup
{{- with .Values.backup.persistence }}
{{- if .enabled }}
  persistentVolumeClaim:
    claimName: {{ .existingClaim | default (printf "%s-backup" (include "neo4j.fullname" $)) }}
{{- else }}
  emptyDir: {}
{{- end }}
{{- end }}
{{- end }}

{{/* Dumps the databases before the server starts: this edition can only while they are stopped. A failed dump stops no start. */}}
{{- define "neo4j.dumpScript" -}}
[ -d /data/databases ] || { echo "there is nothing to dump yet"; exit 0; }
umask 077
run="{{ include "neo4j.fullname" . }}-$(date -u +%Y%m%dT%H%M%SZ)"
rm -rf /backup/*.part
mkdir "/backup/$run.part"
neo4j-admin database dump --to-path="/backup/$run.part" '*' || { echo "the dump failed" >&2; exit 0; }
mv "/backup/$run.part" "/backup/$run"
{{ include "neo4j.keepNewest" (dict "root" . "pattern" (include "neo4j.runs" .)) }}
echo "wrote /backup/$run"
{{- end }}

{{- define "neo4j.dump" -}}
{{- if .Values.backup.enabled -}}
- {{ include "neo4j.container" (dict "root" . "name" "dump" "image" .Values.image "resources" .Values.resources) | indent 2 | trim }}
  command: [/bin/sh, -euc]
  args:
    - |
      {{- include "neo4j.dumpScript" . | nindent 6 }}
  env:
    - name: NEO4J_HOME
      value: /var/lib/neo4j
  volumeMounts:
    - name: backup
      mountPath: /backup
    - name: data
      mountPath: /data
    - name: scratch
      mountPath: /tmp
      subPath: tmp
    - name: scratch
      mountPath: /logs
      subPath: logs
{{- end }}
{{- end }}

{{/* Replaces the pod, which dumps before it starts, and looks whether it did. */}}
{{- define "neo4j.backupScript" -}}
{{- $pod := printf "pod/%s-0" (include "neo4j.fullname" .) -}}
run() { kubectl -n '{{ include "neo4j.namespace" . }}' "$@"; }
before="$(run get {{ $pod }} -o 'jsonpath={.metadata.uid}')"
run delete {{ $pod }} --wait=false
until after="$(run get {{ $pod }} -o 'jsonpath={.metadata.uid}')" && [ "$after" != "$before" ]; do sleep 2; done
run wait {{ $pod }} --for=condition=Ready --timeout=30m
run logs {{ $pod }} -c dump | grep '^wrote '
{{- end }}

{{- define "neo4j.backupContainer" -}}
{{- include "neo4j.container" (dict "root" . "name" "backup" "image" .Values.backup.image "resources" .Values.backup.resources) }}
env:
  - name: HOME
    value: /tmp
{{- end }}

{{- define "neo4j.backupMounts" -}}
- name: tmp
  mountPath: /tmp
- name: token
  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
  readOnly: true
{{- end }}

{{- define "neo4j.backupVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
- name: token
  projected:
    sources:
      - serviceAccountToken:
          path: token
          expirationSeconds: 3600
      - configMap:
          name: kube-root-ca.crt
          items:
            - key: ca.crt
              path: ca.crt
      - downwardAPI:
          items:
            - path: namespace
              fieldRef:
                fieldPath: metadata.namespace
{{- end }}

{{/* Puts the databases of a run back, in place of those that are there: RUN, else the newest; DATABASE alone, where set. */}}
{{- define "neo4j.restoreScript" -}}
{{ include "neo4j.chosenRun" (dict "root" .) }}
neo4j-admin database load --from-path="/backup/$run" --overwrite-destination=true "${DATABASE:-*}"
echo "restored ${DATABASE:-all} from /backup/$run"
{{- end }}

{{- define "neo4j.restoreContainer" -}}
{{- include "neo4j.container" (dict "root" . "name" "restore" "image" .Values.image "resources" .Values.resources) }}
env:
  - name: NEO4J_HOME
    value: /var/lib/neo4j
{{- end }}

{{- define "neo4j.restoreMounts" -}}
- name: data
  mountPath: /data
- name: scratch
  mountPath: /tmp
  subPath: tmp
- name: scratch
  mountPath: /logs
  subPath: logs
{{- end }}

{{- define "neo4j.restoreVolumes" -}}
- name: data
  persistentVolumeClaim:
    claimName: {{ .Values.persistence.existingClaim | default (printf "data-%s-0" (include "neo4j.fullname" .)) }}
- name: scratch
  emptyDir:
    sizeLimit: 256Mi
{{- end }}
