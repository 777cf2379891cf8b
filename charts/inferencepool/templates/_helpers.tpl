{{- define "pool.epp" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}-epp
{{- end }}

{{- define "pool.labels" -}}
app.kubernetes.io/name: {{ include "pool.epp" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "pool.selector" -}}
inferencepool: {{ include "pool.epp" . }}
{{- end }}

{{- define "pool.replicas" -}}
{{- $replicas := .Values.inferenceExtension.replicas -}}
{{- if kindIs "invalid" $replicas -}}
{{- ternary 0 1 (eq .Values.provider.name "none") -}}
{{- else -}}
{{- $replicas | int -}}
{{- end -}}
{{- end }}

{{- define "pool.check" -}}
{{- if not .Values.inferencePool.modelServers.matchLabels }}
{{- fail "inferencePool.modelServers.matchLabels: missing (expected: the labels of the model servers' Pods)" }}
{{- end }}
{{- if not (has .Values.provider.name (list "none" "gke" "istio")) }}
{{- fail (printf "provider.name: %s (expected: none, gke or istio)" .Values.provider.name) }}
{{- end }}
{{- if ne .Values.inferencePool.apiVersion "inference.networking.k8s.io/v1" }}
{{- fail (printf "inferencePool.apiVersion: %s (expected: inference.networking.k8s.io/v1)" .Values.inferencePool.apiVersion) }}
{{- end }}
{{- end }}
