{{/* In the names of all that is made. */}}
{{- define "sqm.fullname" -}}
{{- $chart := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $chart .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $chart | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What tells the pods of a release from all others; never change it: selectors cannot be changed. */}}
{{- define "sqm.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "sqm.labels" -}}
{{ include "sqm.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "sqm.image" -}}
{{- $tag := default .Chart.AppVersion .Values.image.tag -}}
{{- if .Values.image.digest -}}
{{- printf "%s:%s@%s" .Values.image.repository $tag .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository $tag -}}
{{- end -}}
{{- end -}}

{{/* Name of the ConfigMap of a set of files; empty where there are none. Takes a list: the root, the set's name. */}}
{{- define "sqm.files" -}}
{{- $root := index . 0 -}}{{- $set := index . 1 -}}{{- $own := index $root.Values $set -}}
{{- if and $own.existingConfigMap $own.files -}}
{{- fail (printf "%s.existingConfigMap and %s.files are both set; keep one" $set $set) -}}
{{- end -}}
{{- if $own.existingConfigMap -}}
{{- $own.existingConfigMap -}}
{{- else if $own.files -}}
{{- printf "%s-%s" (include "sqm.fullname" $root) $set -}}
{{- end -}}
{{- end -}}
