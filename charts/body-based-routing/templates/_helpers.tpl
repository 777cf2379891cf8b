{{- define "bbr.account" -}}
{{ .Values.bbr.name }}-{{ .Release.Name }}
{{- end }}

{{- define "bbr.labels" -}}
app.kubernetes.io/name: {{ .Values.bbr.name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "bbr.replicas" -}}
{{- if kindIs "invalid" .Values.bbr.replicas -}}
{{- ternary 0 1 (eq .Values.provider.name "none") -}}
{{- else -}}
{{- .Values.bbr.replicas | int -}}
{{- end -}}
{{- end }}
