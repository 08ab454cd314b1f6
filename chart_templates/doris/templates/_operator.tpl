{{/* A part as the operator's resource has it; takes root, part, claims (a map of one, as YAML) and folder, where it is mounted. */}}
{{- define "doris.operatorPart" -}}
{{- $own := index .root.Values .part }}
{{- $image := include "doris.partImage" (dict "root" .root "part" .part) | fromYaml -}}
replicas: {{ int $own.replicaCount }}
image: {{ include "doris.image" (dict "root" .root "image" $image) }}
{{- with uniq (concat .root.Values.global.imagePullSecrets .root.Values.imagePullSecrets $image.pullSecrets) }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $key := list "requests" "limits" }}
{{- with index $own.resources $key }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
configMapInfo:
  configMaps:
    - configMapName: {{ include "doris.fullname" .root }}-{{ .part }}-config
      mountPath: /etc/doris
{{- range $name, $persistence := fromYaml .claims }}
persistentVolumes:
  - name: {{ $name }}
    mountPath: {{ $.folder }}
    persistentVolumeClaimSpec:
      {{- include "doris.claim" (dict "root" $.root "persistence" $persistence) | nindent 6 }}
{{- end }}
securityContext:
  {{- toYaml $own.podSecurityContext | nindent 2 }}
containerSecurityContext:
  {{- toYaml $own.containerSecurityContext | nindent 2 }}
{{- $spread := include "doris.spread" (dict "root" .root "component" .part "values" $own "preset" $own.podAntiAffinityPreset) | fromYaml }}
{{- range $key, $value := dict "affinity" $spread.affinity "envVars" $own.extraEnvVars "podLabels" $own.podLabels "annotations" $own.podAnnotations }}
{{- with $value }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
{{- range $key := list "nodeSelector" "tolerations" "hostAliases" }}
{{- with index $own $key | default (index $.root.Values $key) }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
{{- end }}
