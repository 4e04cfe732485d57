{{/*
The pod of a service. Takes a dict:
  root, name       the chart's root; the service: its command, its values and its part of each name
  port             where it listens
  startSeconds     how long it may take until it listens
  settings         its variables, beside those of every service
  secrets          a list of {path, variable, secret: {name, key}}: files with secrets; without a name they are left out
  files            a list of {set, variable, value}: the sets of files that it reads
  volumes, mounts  what else it has
*/}}
{{- define "sqm.pod" -}}
{{- $root := .root -}}{{- $values := $root.Values -}}{{- $name := .name -}}{{- $own := index $values $name -}}
{{- $kafka := $values.kafka -}}
{{- $sets := list -}}
{{- range .files -}}
  {{- $map := include "sqm.files" (list $root .set) -}}
  {{- if $map -}}{{- $sets = append $sets (merge (dict "map" $map) .) -}}{{- end -}}
{{- end -}}
{{- $secrets := concat .secrets (list
  (dict "path" "kafka/password" "variable" "SQM_KAFKA__PASSWORD_FILE" "secret" $kafka.passwordSecret)
  (dict "path" "kafka/ca.crt" "variable" "SQM_KAFKA__CA_FILE" "secret" $kafka.caSecret)
  (dict "path" "kafka/tls.crt" "variable" "SQM_KAFKA__CERTIFICATE_FILE" "secret" (dict "name" $kafka.clientCertificateSecret "key" "tls.crt"))
  (dict "path" "kafka/tls.key" "variable" "SQM_KAFKA__KEY_FILE" "secret" (dict "name" $kafka.clientCertificateSecret "key" "tls.key"))
) -}}
{{- $named := list -}}
{{- range $secrets -}}{{- if .secret.name -}}{{- $named = append $named . -}}{{- end -}}{{- end -}}
{{- $annotations := dict -}}
{{- /* A pod reads its files at its start, so it is made anew when those of this chart change, but for one that is followed. */ -}}
{{- range $sets -}}
  {{- if ne .set "alerting" -}}{{- $_ := set $annotations (printf "checksum/%s" .set) (index $values .set | toJson | sha256sum) -}}{{- end -}}
{{- end -}}
{{- $annotations = merge $annotations $values.podAnnotations -}}
metadata:
  labels:
    {{- /* No version: a pod is made anew only where something of it changes. */}}
    {{- include "sqm.selector" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $name }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "sqm.fullname" $root | quote }}
  automountServiceAccountToken: false
  {{- /* They would put variables such as SQM_INGEST_SERVICE_HOST into every pod, which our services refuse as misspelt. */}}
  enableServiceLinks: false
  {{- /* A service ends in order within nine seconds, after those of preStop. */}}
  terminationGracePeriodSeconds: 30
  {{- with $values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- include "sqm.placing" $root | nindent 2 }}
  {{- /* Pods that share a volume must be where it is; others are best apart. */}}
  {{- $shared := false }}
  {{- range .volumes }}{{- if .persistentVolumeClaim }}{{- $shared = true }}{{- end }}{{- end }}
  {{- if $shared }}
  affinity:
    podAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        - topologyKey: kubernetes.io/hostname
          labelSelector:
            {{- include "sqm.pods" (list $root $name) | nindent 12 }}
  {{- else }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        {{- include "sqm.pods" (list $root $name) | nindent 8 }}
    {{- end }}
  {{- end }}
  containers:
    - name: {{ $name }}
      image: {{ include "sqm.image" $root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      command: [sqm, serve, {{ $name }}]
      ports:
        - {name: http, containerPort: {{ .port }}}
      env:
        {{- $plain := dict
          "SQM_LOG_LEVEL" $values.logLevel
          "SQM_LOG_FORMAT" "json"
          "SQM_KAFKA__BOOTSTRAP_SERVERS" $kafka.bootstrapServers
          "SQM_KAFKA__TOPIC_PREFIX" $kafka.topicPrefix
          "SQM_KAFKA__CLIENT_ID" (printf "sqm-%s" $name)
          "SQM_KAFKA__SECURITY_PROTOCOL" $kafka.securityProtocol
          "SQM_TOPICS__PARTITIONS" $values.topics.partitions
          "SQM_TOPICS__REPLICATION" $values.topics.replication
          "SQM_TOPICS__CREATE" $values.topics.create
          (printf "SQM_%s_HTTP_HOST" (upper $name)) "0.0.0.0"
          (printf "SQM_%s_HTTP_PORT" (upper $name)) .port
        }}
        {{- if hasPrefix "SASL" $kafka.securityProtocol }}
        {{- $plain = merge $plain (dict "SQM_KAFKA__SASL_MECHANISM" $kafka.saslMechanism "SQM_KAFKA__USERNAME" $kafka.username) }}
        {{- end }}
        {{- range $named }}{{- $_ := set $plain .variable (printf "/run/sqm/secrets/%s" .path) }}{{- end }}
        {{- range $sets }}{{- $_ := set $plain .variable .value }}{{- end }}
        {{- $plain = merge $plain .settings }}
        {{- range $variable, $value := $own.settings }}
        {{- if regexMatch "_(KEY|TOKEN|PASSWORD|HEARTBEAT_URL)(_FILE)?$" $variable }}
        {{- fail (printf "%s.settings: %s is a secret; name a Secret that holds it (README.md lists the values for that)" $name $variable) }}
        {{- end }}
        {{- if hasKey $plain $variable }}
        {{- fail (printf "%s.settings: %s is set by the chart itself; README.md lists the value for it" $name $variable) }}
        {{- end }}
        {{- $_ := set $plain $variable $value }}
        {{- end }}
        {{- range $variable, $value := $plain }}
        {{- /* Numbers of values are floating: a million would be 1e+06. */}}
        {{- $text := and (kindIs "float64" $value) (eq $value (floor $value)) | ternary ($value | int64 | toString) ($value | toString) }}
        - {name: {{ $variable }}, value: {{ $text | quote }}}
        {{- end }}
      {{- with $own.environmentSecret }}
      envFrom:
        - secretRef: {name: {{ . }}}
      {{- end }}
      {{- if eq $name "ingest" }}
      lifecycle:
        {{- /* Until everybody knows that this pod takes no more. */}}
        preStop: {sleep: {seconds: 5}}
      {{- end }}
      {{- /* Alive says nothing of the broker: one that is away restarts nobody. */}}
      startupProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: {{ div .startSeconds 5 }}
      livenessProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 3
      resources:
        {{- toYaml $own.resources | nindent 8 }}
      securityContext:
        {{- include "sqm.containerSecurity" $root | nindent 8 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        {{- if $named }}
        - {name: secrets, mountPath: /run/sqm/secrets, readOnly: true}
        {{- end }}
        {{- range $sets }}
        - {name: {{ .set }}, mountPath: {{ printf "/etc/sqm/%s" .set }}, readOnly: true}
        {{- end }}
        {{- with .mounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {sizeLimit: 256Mi}
    {{- if $named }}
    - name: secrets
      projected:
        defaultMode: 0440
        sources:
          {{- range $named }}
          - secret:
              name: {{ .secret.name }}
              items:
                - {key: {{ .secret.key | quote }}, path: {{ .path }}}
          {{- end }}
    {{- end }}
    {{- range $sets }}
    - name: {{ .set }}
      configMap: {name: {{ .map }}}
    {{- end }}
    {{- with .volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* Where a pod may run, and as whom. */}}
{{- define "sqm.placing" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .Values.podSecurity.runAsUser }}
  runAsGroup: {{ .Values.podSecurity.runAsGroup }}
  fsGroup: {{ .Values.podSecurity.runAsGroup }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
tolerations:
  {{- /* A pod of a node that is gone is made anew elsewhere after half a minute, not after five: clocks run on. */}}
  {{- range list "not-ready" "unreachable" }}
  - {key: node.kubernetes.io/{{ . }}, operator: Exists, effect: NoExecute, tolerationSeconds: 30}
  {{- end }}
  {{- with .Values.tolerations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "sqm.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* The head of something that belongs to one service. Takes a list: the root, the service. */}}
{{- define "sqm.head" -}}
{{- $root := index . 0 -}}
metadata:
  name: {{ include "sqm.fullname" $root }}-{{ index . 1 }}
  labels:
    {{- include "sqm.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* A selector of the pods of one service. Takes a list: the root, the service. */}}
{{- define "sqm.pods" -}}
matchLabels:
  {{- include "sqm.selector" (index . 0) | nindent 2 }}
  app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}
