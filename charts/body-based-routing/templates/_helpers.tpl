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

{{- define "bbr.image" -}}
{{- $image := .Values.bbr.image -}}
{{- if $image.hub -}}
{{ $image.hub }}/{{ $image.name | default "bbr" }}:{{ $image.tag }}
{{- else -}}
{{ with $image.registry }}{{ . }}/{{ end }}{{ $image.repository }}:{{ $image.tag }}
{{- end -}}
{{- end }}

{{- define "bbr.check" -}}
{{- if not (has .Values.provider.name (list "none" "gke" "istio")) }}
{{- fail (printf "provider.name: %s (expected: none, gke or istio)" .Values.provider.name) }}
{{- end }}
{{- $events := .Values.provider.supportedEvents }}
{{- if not (and $events.requestHeaders $events.requestBody) }}
{{- fail "provider.supportedEvents: no request headers or body (expected: both, for the model stands in the body and goes into a header)" }}
{{- end }}
{{- end }}
