import type { Claims } from './claim';
import { props, reasons } from './claim';

const TLS = [
  'caCertCredentialName', 'caCertificates', 'caCrl', 'cipherSuites[]', 'credentialNames[]', 'insecureSkipVerify', 'maxProtocolVersion',
  'privateKey',
  'serverCertificate', 'subjectAltNames[]', 'tlsCertificates[].caCertificates', 'tlsCertificates[].privateKey',
  'tlsCertificates[].serverCertificate',
  'verifyCertificateHash[]', 'verifyCertificateSpki[]',
];

export const serviceEntry: Claims = props('', 'ExternalDependency', {
  'addresses[]': 'addresses',
  'endpoints[].address': 'endpoints.address',
  'endpoints[].labels{}': 'endpoints.labels',
  'endpoints[].locality': 'endpoints.locality',
  'endpoints[].network': 'endpoints.network',
  'endpoints[].ports{}': 'endpoints.ports',
  'endpoints[].serviceAccount': 'endpoints.serviceAccount',
  'endpoints[].weight': 'endpoints.weight',
  'exportTo[]': 'exportTo',
  'hosts[]': 'hosts',
  'location': 'location',
  'ports[].name': 'ports.http.name',
  'ports[].number': 'ports.http',
  'ports[].protocol': 'ports.http',
  'ports[].targetPort': 'ports.http.targetPort',
  'resolution': 'resolution',
  'subjectAltNames[]': 'subjectAltNames',
  'workloadSelector.labels{}': 'workloadSelector',
});

export const gateway: Claims = {
  ...props('', 'IngressGateway', {
    'selector{}': 'selector',
    'servers[].name': 'listeners.http.name',
    'servers[].port.name': 'listeners.http.name',
    'servers[].port.number': 'listeners.http',
    'servers[].port.protocol': 'listeners.https',
    'servers[].tls.credentialName': 'listeners.https.credentialName',
    'servers[].tls.httpsRedirect': 'listeners.http.httpsRedirect',
    'servers[].tls.minProtocolVersion': 'listeners.https.minProtocolVersion',
    'servers[].tls.mode': 'listeners.mutualHttps',
  }),
  ...props('', 'PublicHost', { 'servers[].hosts[]': 'host' }),
  ...reasons('servers[]', ['bind'], 'the Service of a gateway has its addresses'),
  ...reasons('servers[]', ['defaultEndpoint'], 'istiod ignores it on a gateway', 'ignored'),
  ...reasons('servers[]', ['port.targetPort'], 'admission rejects it', 'ignored'),
  ...reasons('servers[].tls', TLS, 'a Secret (credentialName) holds what a listener needs; files and pins are set by an operator'),
};

export const sidecar: Claims = {
  ...props('', 'EgressPolicy', {
    'egress[].hosts[]': 'allow',
    'outboundTrafficPolicy.mode': 'mode',
    'workloadSelector.labels{}': 'scope.workload',
  }),
  ...reasons('', ['egress[].bind', 'egress[].captureMode', 'egress[].port'], 'listeners of proxies without traffic capture'),
  ...reasons(
    '',
    ['outboundTrafficPolicy.egressProxy'],
    "routing all unknown hosts through one host is an operator's decision for the mesh",
  ),
  ...reasons(
    '',
    ['ingress[]', 'inboundConnectionPool'],
    'inbound traffic is controlled by the owner of the workload; this library controls calls',
  ),
};

export const telemetry: Claims = {
  ...props('accessLogging[]', 'AccessLogging', {
    'disabled': 'disabled',
    'filter.expression': 'filter',
    'match.mode': 'mode',
    'providers[].name': 'providers',
  }),
  ...props('', 'AccessLogging', { 'selector.matchLabels{}': 'scope.workload' }),
  ...props('tracing[]', 'Tracing', {
    'customTags{}.environment.defaultValue': 'customTags.environment',
    'customTags{}.environment.name': 'customTags.environment',
    'customTags{}.header.defaultValue': 'customTags.header',
    'customTags{}.header.name': 'customTags.header',
    'customTags{}.literal.value': 'customTags.literal',
    'disableSpanReporting': 'disableSpanReporting',
    'providers[].name': 'provider',
    'randomSamplingPercentage': 'samplingPercent',
  }),
  ...reasons('tracing[]', [
    'customTags{}.formatter.value',
    'disableContextPropagation',
    'enableIstioTags',
    'match.mode',
    'useRequestIdForTraceSampling',
  ],
  'it sets how spans are written, not which requests are traced'),
  ...reasons('', ['metrics[]'], 'metrics do not control traffic'),
  ...reasons('', ['targetRef', 'targetRefs[]'], 'logs and traces of waypoints and of gateways of the Gateway API, which this library does not configure'),
};
