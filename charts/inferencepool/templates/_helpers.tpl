{{- define "pool.epp" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}-epp
{{- end }}

{{- define "pool.labels" -}}
app.kubernetes.io/name: {{ include "pool.epp" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
inference.networking.k8s.io/igw-mode: inferencepool
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

{{- define "pool.image" -}}
{{- $image := .Values.inferenceExtension.image -}}
{{- if $image.hub -}}
{{ $image.hub }}/{{ $image.name | default "epp" }}:{{ $image.tag }}
{{- else -}}
{{ with $image.registry }}{{ . }}/{{ end }}{{ $image.repository }}:{{ $image.tag }}
{{- end -}}
{{- end }}

{{/* Whether the picker is Weir's own image, which has several programs. */}}
{{- define "pool.isWeir" -}}
{{- if regexMatch "(^|/)weir(-picker)?:" (include "pool.image" .) }}true{{ end -}}
{{- end }}

{{- define "pool.isOld" -}}
{{- if hasPrefix "inference.networking.x-k8s.io/" .Values.inferencePool.apiVersion }}true{{ end -}}
{{- end }}

{{- define "pool.group" -}}
{{ first (splitList "/" .Values.inferencePool.apiVersion) }}
{{- end }}

{{- define "pool.ports" -}}
{{- if .Values.inferencePool.targetPortNumber -}}
{{ list (dict "number" (.Values.inferencePool.targetPortNumber | int)) | toJson }}
{{- else -}}
{{ .Values.inferencePool.targetPorts | toJson }}
{{- end -}}
{{- end }}

{{- define "pool.parser" -}}
{{ .Values.inferencePool.parser | default (ternary "vllmgrpc-parser" "" (eq .Values.inferencePool.modelServerProtocol "grpc")) }}
{{- end }}

{{- define "pool.check" -}}
{{- $pool := .Values.inferencePool }}
{{- $epp := .Values.inferenceExtension }}
{{- if not $pool.modelServers.matchLabels }}
{{- fail "inferencePool.modelServers.matchLabels: missing (expected: the labels of the model servers' Pods)" }}
{{- end }}
{{- if not (has .Values.provider.name (list "none" "gke" "istio")) }}
{{- fail (printf "provider.name: %s (expected: none, gke or istio)" .Values.provider.name) }}
{{- end }}
{{- if not (has $pool.apiVersion (list "inference.networking.k8s.io/v1" "inference.networking.x-k8s.io/v1alpha2")) }}
{{- fail (printf "inferencePool.apiVersion: %s (expected: inference.networking.k8s.io/v1 or inference.networking.x-k8s.io/v1alpha2)" $pool.apiVersion) }}
{{- end }}
{{- if not (has $pool.modelServerType (list "vllm" "sglang" "trtllm-serve" "triton-tensorrt-llm")) }}
{{- fail (printf "inferencePool.modelServerType: %s (expected: vllm, sglang, trtllm-serve or triton-tensorrt-llm)" $pool.modelServerType) }}
{{- end }}
{{- if not (has $pool.modelServerProtocol (list "http" "grpc")) }}
{{- fail (printf "inferencePool.modelServerProtocol: %s (expected: http or grpc)" $pool.modelServerProtocol) }}
{{- end }}
{{- if not (has $epp.failureMode (list "FailOpen" "FailClose")) }}
{{- fail (printf "inferenceExtension.failureMode: %s (expected: FailOpen or FailClose)" $epp.failureMode) }}
{{- end }}
{{- if and (include "pool.isOld" .) (gt (len (include "pool.ports" . | fromJsonArray)) 1) }}
{{- fail (printf "inferencePool.targetPorts: several (expected: one with apiVersion %s)" $pool.apiVersion) }}
{{- end }}
{{- if and (include "pool.isOld" .) (eq $pool.modelServerProtocol "grpc") }}
{{- fail (printf "inferencePool.modelServerProtocol: grpc (expected: http with apiVersion %s)" $pool.apiVersion) }}
{{- end }}
{{- if and $epp.latencyPredictor.enabled (gt (include "pool.replicas" . | int) 0) (not (include "pool.isWeir" .)) }}
{{- fail "inferenceExtension.latencyPredictor.enabled: true (expected: false with this picker, for this chart runs no prediction servers; Weir's gateway and Weir's picker predict by themselves)" }}
{{- end }}
{{- if and $epp.sidecar.enabled (not $epp.sidecar.image) }}
{{- fail "inferenceExtension.sidecar.image: missing (expected: the image of the sidecar)" }}
{{- end }}
{{- $file := $epp.pluginsConfigFile }}
{{- if and (ne $file "default-plugins.yaml") (not (hasKey $epp.pluginsCustomConfig $file)) }}
{{- fail (printf "inferenceExtension.pluginsConfigFile: %s (expected: default-plugins.yaml or a file of pluginsCustomConfig)" $file) }}
{{- end }}
{{- end }}
