import type { Claims } from './claim';
import { props, reasons } from './claim';
import type { L4MatchAttributes, TLSMatchAttributes } from '../../src/manifest/istio-specs.generated';
import type { WrittenField } from '../../src/manifest/written-match';
import { WRITTEN_FIELDS } from '../../src/manifest/written-match';
import type { FieldOf } from '../../src/traffic/match-fields';
import { HTTP_MATCH_FIELDS } from '../../src/traffic/match-fields';

const BY_AUDIENCE = 'each audience has its own VirtualService (`audiences`), whose gateways apply to the rule';

const headers = (place: string, prop: string) => props(place, prop, {
  'request.add{}': 'request.add',
  'request.remove[]': 'request.remove',
  'request.set{}': 'request.set',
  'response.add{}': 'response.add',
  'response.remove[]': 'response.remove',
  'response.set{}': 'response.set',
});

const destination = (place: string, construct: string, host: string) =>
  props(place, construct, { 'host': host, 'port.number': host, 'subset': host });

const MATCH = 'http[].match[]';

const texts = (field: string, prop: string) => props(MATCH, 'TrafficRoute.matches', {
  [`${field}.exact`]: `${prop}.exact`, [`${field}.prefix`]: `${prop}.prefix`, [`${field}.regex`]: `${prop}.regex`,
});
const itself = (leaf: string, field: string) => props(MATCH, 'TrafficRoute.matches', { [leaf]: field });

type Http = typeof HTTP_MATCH_FIELDS;
type NotStated = FieldOf<Http, { readonly shape: 'gateways' | 'name' }>;

/** The claims about a field of a match that authors set, by shape. */
const BY_SHAPE: { readonly [S in Http[Exclude<WrittenField, NotStated>]['shape']]: (field: string) => Claims } = {
  'path': field => texts(field, field),
  'string-match': field => texts(field, field),
  'string-matches': field => texts(`${field}{}`, field),
  'absences': field => texts(`${field}{}`, field),
  'port': field => itself(field, field),
  'string': field => itself(field, field),
  'labels': field => itself(`${field}{}`, field),
  'flag': field => itself(field, field),
};

/** The other fields of a match. */
const NOT_STATED: { readonly [F in NotStated]: Claims } = {
  gateways: reasons(MATCH, ['gateways[]'], BY_AUDIENCE),
  name: reasons(MATCH, ['name'], 'it only completes the name of the route, which the construct sets'),
  statPrefix: props(MATCH, 'TrafficRoute', { statPrefix: 'statPrefix' }),
};

function claimsOf(field: WrittenField): Claims {
  return field in NOT_STATED ? NOT_STATED[field as NotStated] : BY_SHAPE[HTTP_MATCH_FIELDS[field].shape as keyof typeof BY_SHAPE](field);
}

const ofCallers = (construct: string) => ({
  sourceLabels: props('', construct, { 'sourceLabels{}': 'matches.sourceLabels' }),
  sourceNamespace: props('', construct, { sourceNamespace: 'matches.sourceNamespace' }),
  port: props('', construct, { port: 'ports' }),
  gateways: reasons('', ['gateways[]'], BY_AUDIENCE),
});

const TCP_MATCH: { readonly [F in keyof L4MatchAttributes]-?: Claims } = {
  ...ofCallers('TcpRoute'),
  destinationSubnets: props('', 'TcpRoute', { 'destinationSubnets[]': 'matches.destinationSubnets' }),
  sourceSubnet: reasons('', ['sourceSubnet'], 'istiod ignores it', 'ignored'),
};

const TLS_MATCH: { readonly [F in keyof TLSMatchAttributes]-?: Claims } = {
  ...ofCallers('TlsRoute'),
  sniHosts: props('', 'TlsRoute', { 'sniHosts[]': 'matches.sniHosts' }),
  destinationSubnets: reasons('', ['destinationSubnets[]'], 'istiod adds the subnets of one match to the following ones'),
};

/** Claims by their leaves below a place. */
function below(place: string, fields: { readonly [field: string]: Claims }): Claims {
  const all = Object.values(fields).flatMap(claims => Object.entries(claims));
  return Object.fromEntries(all.map(([leaf, claim]) => [`${place}.${leaf}`, claim]));
}

export const virtualService: Claims = {
  ...props('', 'MeshService', { 'exportTo[]': 'exportTo', 'hosts[]': 'name' }),
  ...props('', 'PublicHost', { 'gateways[]': 'gateway' }),
  ...Object.assign({}, ...WRITTEN_FIELDS.map(claimsOf)),
  ...props('http[]', 'TrafficRoute', { name: 'name' }),
  ...props('http[].rewrite', 'TrafficRoute.rewrite', {
    'authority': 'authority',
    'uri': 'uri',
    'uriRegexRewrite.match': 'uriRegexRewrite.match',
    'uriRegexRewrite.rewrite': 'uriRegexRewrite.rewrite',
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
  ...props('http[].directResponse', 'TrafficRoute.directResponse', {
    'body.bytes': 'bodyBase64',
    'body.string': 'body',
    'status': 'status',
  }),
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
  ...below('tcp[].match[]', TCP_MATCH),
  ...destination('tcp[].route[].destination', 'TcpRoute', 'target'),
  ...props('tcp[].route[]', 'TcpRoute', { weight: 'targets.weight' }),
  ...below('tls[].match[]', TLS_MATCH),
  ...destination('tls[].route[].destination', 'TlsRoute', 'target'),
  ...props('tls[].route[]', 'TlsRoute', { weight: 'targets.weight' }),
};
