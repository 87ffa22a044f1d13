import type { Claims } from './claim';
import { props, reasons } from './claim';

const BY_AUDIENCE = 'an audience has a VirtualService of its own (`audiences`), whose gateways are the rule\'s';

const headers = (place: string, prop: string) => props(place, prop, {
  'request.add{}': 'request.add',
  'request.remove[]': 'request.remove',
  'request.set{}': 'request.set',
  'response.add{}': 'response.add',
  'response.remove[]': 'response.remove',
  'response.set{}': 'response.set',
});

const destination = (place: string, construct: string, host: string) => props(place, construct, { 'host': host, 'port.number': host, 'subset': host });

function matches(): Claims {
  const text = (field: string, prop: string) => props('http[].match[]', 'TrafficRoute.matches', {
    [`${field}.exact`]: `${prop}.exact`, [`${field}.prefix`]: `${prop}.prefix`, [`${field}.regex`]: `${prop}.regex`,
  });
  return {
    ...['authority', 'method', 'scheme', 'uri'].reduce((all, field) => ({ ...all, ...text(field, field) }), {}),
    ...['headers', 'queryParams', 'withoutHeaders'].reduce((all, field) => ({ ...all, ...text(`${field}{}`, field) }), {}),
    ...props('http[].match[]', 'TrafficRoute.matches', { 'ignoreUriCase': 'ignoreUriCase', 'port': 'port', 'sourceLabels{}': 'sourceLabels', 'sourceNamespace': 'sourceNamespace' }),
    ...reasons('http[].match[]', ['gateways[]'], BY_AUDIENCE),
    ...reasons('http[].match[]', ['name'], 'only completes the route\'s name, which is the construct\'s own'),
  };
}

export const virtualService: Claims = {
  ...props('', 'MeshService', { 'exportTo[]': 'exportTo', 'hosts[]': 'name' }),
  ...props('', 'PublicHost', { 'gateways[]': 'gateway' }),
  ...matches(),
  ...props('http[]', 'TrafficRoute', { 'name': 'name', 'match[].statPrefix': 'statPrefix' }),
  ...props('http[].rewrite', 'TrafficRoute.rewrite', {
    'authority': 'authority', 'uri': 'uri', 'uriRegexRewrite.match': 'uriRegexRewrite.match', 'uriRegexRewrite.rewrite': 'uriRegexRewrite.rewrite',
  }),
  ...destination('http[].route[].destination', 'TrafficRoute', 'target'),
  ...props('http[].route[]', 'CanaryRelease', { weight: 'canaryPercent' }),
  ...headers('http[].headers', 'TrafficRoute.headers'),
  ...headers('http[].route[].headers', 'TrafficRoute.targets.headers'),
  ...destination('http[].mirror', 'MirroredService', 'mirror'),
  ...destination('http[].mirrors[].destination', 'MirroredService', 'mirror'),
  ...props('http[]', 'MirroredService', { 'mirrorPercentage.value': 'percent', 'mirrors[].percentage.value': 'percent' }),
  ...reasons('http[]', ['mirror_percent', 'mirrorPercent'], 'replaced by mirrorPercentage', 'deprecated'),
  ...props('http[]', 'RequestPolicy', { timeout: 'timeout' }),
  ...props('http[].retries', 'RequestPolicy.retries', {
    attempts: 'attempts',
    backoff: 'backoff',
    perTryTimeout: 'perTryTimeout',
    retryIgnorePreviousHosts: 'retryIgnorePreviousHosts',
    retryOn: 'retryOn',
    retryRemoteLocalities: 'retryRemoteLocalities',
  }),
  ...props('http[].redirect', 'TrafficRoute.redirect', {
    authority: 'authority',
    derivePort: 'derivePort',
    port: 'port',
    prefixRewrite: 'prefixRewrite',
    redirectCode: 'redirectCode',
    scheme: 'scheme',
    uri: 'uri',
  }),
  ...props('http[].directResponse', 'TrafficRoute.directResponse', { 'body.bytes': 'bodyBase64', 'body.string': 'body', 'status': 'status' }),
  ...props('http[].corsPolicy', 'TrafficRoute.cors', {
    'allowCredentials': 'allowCredentials',
    'allowHeaders[]': 'allowHeaders',
    'allowMethods[]': 'allowMethods',
    'allowOrigins[].exact': 'allowOrigins.exact',
    'allowOrigins[].prefix': 'allowOrigins.prefix',
    'allowOrigins[].regex': 'allowOrigins.regex',
    'exposeHeaders[]': 'exposeHeaders',
    'maxAge': 'maxAge',
    'unmatchedPreflights': 'unmatchedPreflights',
  }),
  ...reasons('http[].corsPolicy', ['allowOrigin[]'], 'replaced by allowOrigins', 'deprecated'),
  ...props('http[].delegate', 'Delegation', { name: '', namespace: '' }),
  ...props('http[].fault', 'FaultInjection', {
    'abort.grpcStatus': 'abort.grpcStatus',
    'abort.httpStatus': 'abort.httpStatus',
    'abort.percentage.value': 'abort.percentage',
    'delay.fixedDelay': 'delay.fixedDelay',
    'delay.percentage.value': 'delay.percentage',
  }),
  ...reasons('http[].fault', ['abort.http2Error', 'delay.exponentialDelay'], 'admission rejects it: not implemented', 'ignored'),
  ...reasons('http[].fault', ['delay.percent'], 'replaced by percentage', 'deprecated'),
  ...props('tcp[].match[]', 'TcpRoute', {
    'destinationSubnets[]': 'matches.destinationSubnets', 'port': 'ports', 'sourceLabels{}': 'matches.sourceLabels', 'sourceNamespace': 'matches.sourceNamespace',
  }),
  ...reasons('tcp[].match[]', ['sourceSubnet'], 'istiod takes no notice of it', 'ignored'),
  ...destination('tcp[].route[].destination', 'TcpRoute', 'target'),
  ...props('tcp[].route[]', 'TcpRoute', { weight: 'targets.weight' }),
  ...props('tls[].match[]', 'TlsRoute', {
    'port': 'ports', 'sniHosts[]': 'matches.sniHosts', 'sourceLabels{}': 'matches.sourceLabels', 'sourceNamespace': 'matches.sourceNamespace',
  }),
  ...reasons('tls[].match[]', ['destinationSubnets[]'], 'istiod carries the subnets of one match into the next ones'),
  ...destination('tls[].route[].destination', 'TlsRoute', 'target'),
  ...props('tls[].route[]', 'TlsRoute', { weight: 'targets.weight' }),
  ...reasons('', ['tcp[].match[].gateways[]', 'tls[].match[].gateways[]'], BY_AUDIENCE),
};
