import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Dice } from '../fuzz/dice';
import { object } from '../fuzz/world';

export const NAMESPACES = ['shop', 'other', 'istio-system'] as const;

const PRINCIPALS = [
  '*',
  'cluster.local/ns/shop/sa/web',
  'td1/ns/other/sa/*',
  'td*/ns/shop/sa/web',
  '*/sa/orders',
  'cluster.local/ns/*',
  'other.td/ns/shop/sa/web',
  'sa/x',
  '*-td/ns/a/sa/b',
];
const BLOCKS = ['10.0.0.1', '10.1.2.0/24', '10.1.2.3/16', '::1', '2001:DB8:0:0::1/64', '0.0.0.0/0'];
const PATHS = ['/', '/api', '/api/*', '*/info', '*', '/t/{*}/x', '/g/{**}', '/a+b/(c)'];
const HOSTS = ['shop.example.com', '*.example.com', 'shop.*', '*', 'shop.example.com:8080'];
const WORDS = ['*', 'a', 'a*', '*b', 'x.y+z'];
const SUBJECTS = ['*', 'iss/sub', 'iss/*', '*/sub', 'iss*', '*sub', 'https://iss.example/x/sub', 'plain'];

const CONDITIONS: { readonly [key: string]: readonly string[] } = {
  'request.headers[x-tenant]': WORDS,
  'request.headers[:method]': ['GET', 'P*'],
  'request.headersX[a]': WORDS,
  'source.ip': BLOCKS,
  'remote.ip': BLOCKS,
  'source.namespace': ['shop', 'o*r', '*'],
  'source.principal': PRINCIPALS,
  'source.serviceAccount': ['web', 'shop/orders'],
  'source.trustDomain': ['cluster.local', 'td1', 't*', '*'],
  'request.auth.principal': SUBJECTS,
  'request.auth.audiences': WORDS,
  'request.auth.presenter': WORDS,
  'request.auth.claims[groups]': WORDS,
  'request.auth.claims[a][b]': WORDS,
  'destination.ip': BLOCKS,
  'destination.port': ['80', '8080', '0', '65535'],
  'connection.sni': ['a.example.com', '*.example.com'],
  'experimental.envoy.filters.network.mysql_proxy[db.table]': ['[update]', 'select', '[a*]'],
};
/** The keys that CUSTOM policies must not have. */
const WITHOUT_CUSTOM = /^(?:source\.(?:namespace|serviceAccount|trustDomain|principal)|request\.auth\.)/;

function values(dice: Dice, choices: readonly string[]): readonly string[] {
  const some = dice.some(choices, 0.3);
  return some.length === 0 ? [dice.pick(choices)] : some;
}

function pair(dice: Dice, field: string, choices: readonly string[]): { readonly [field: string]: unknown } {
  const not = `not${field[0].toUpperCase()}${field.slice(1)}`;
  return { [field]: dice.maybe(0.7, () => values(dice, choices)), [not]: dice.maybe(0.3, () => values(dice, choices)) };
}

/** An object with at least one field. */
function anyOf(dice: Dice, fields: readonly (readonly [string, readonly string[]])[]): object {
  const chosen = dice.some(fields, 0.3);
  const all = (chosen.length === 0 ? [dice.pick(fields)] : chosen).map(([field, choices]) => pair(dice, field, choices));
  const stated = Object.entries(Object.assign({}, ...all) as object).filter(([, value]) => value !== undefined);
  if (stated.length > 0) return Object.fromEntries(stated);
  const [field, choices] = fields[0];
  return { [field]: values(dice, choices) };
}

function source(dice: Dice, isCustom: boolean): object {
  const addresses = [['ipBlocks', BLOCKS], ['remoteIpBlocks', BLOCKS]] as const;
  if (isCustom) return anyOf(dice, addresses);
  if (dice.chance(0.2)) {
    return { serviceAccounts: values(dice, ['web', 'shop/orders', 'a.b/c']), ...dice.maybe(0.5, () => anyOf(dice, addresses)) };
  }
  const identities = [
    ['principals', PRINCIPALS], ['requestPrincipals', SUBJECTS], ['namespaces', ['shop', 'o*r', '*', 'a.b']], [
      'trustDomains',
      ['td1', 'cluster.local', '*', 't*'],
    ],
  ] as const;
  return anyOf(dice, [...identities, ...addresses]);
}

function rule(dice: Dice, isCustom: boolean): object {
  const keys = Object.keys(CONDITIONS).filter(key => !isCustom || !WITHOUT_CUSTOM.test(key));
  const operation = () =>
    anyOf(dice, [
      ['ports', ['80', '8080', '9090']],
      ['methods', ['GET', 'POST', '*', 'P*']],
      ['paths', PATHS],
      ['hosts', HOSTS],
    ]);
  return dice.fields(0.5, {
    from: () => dice.times(1, 2, () => ({ source: source(dice, isCustom) })),
    to: () => dice.times(1, 2, () => ({ operation: operation() })),
    when: () => dice.times(1, 2, () => {
      const key = dice.pick(keys);
      return { key, ...dice.chance(0.8) ? { values: values(dice, CONDITIONS[key]) } : { notValues: values(dice, CONDITIONS[key]) } };
    }),
  });
}

function selector(dice: Dice): object | undefined {
  return dice.pick([
    undefined,
    undefined,
    { matchLabels: { app: 'web' } },
    { matchLabels: { app: 'web', version: 'v1' } },
    { matchLabels: { istio: 'ingressgateway' } },
    {},
  ]);
}

/** A Gateway of the Gateway API, whose name its pods have as a label. */
export const ATTACHED = 'edge';

/** The proxies that a policy applies to: by labels, or by what it refers to. */
function place(dice: Dice): object {
  if (dice.chance(0.8)) return { selector: selector(dice) };
  const reference = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: dice.pick([ATTACHED, ATTACHED, 'other']) };
  return { targetRefs: [dice.chance(0.8) ? reference : { kind: 'Service', group: '', name: 'web-0' }] };
}

export function authorizationPolicy(dice: Dice, name: string): KubernetesObject {
  const action = dice.pick(['ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT', 'CUSTOM', undefined]);
  const isCustom = action === 'CUSTOM';
  const isBare = (action === 'ALLOW' || action === undefined) && dice.chance(0.1);
  const spec = {
    ...(action ? { action } : {}),
    ...dice.maybe(0.6, () => place(dice)),
    ...(isCustom ? { provider: { name: dice.chance(0.8) ? 'authz' : dice.pick(['authz-http', 'unknown']) } } : {}),
    ...(isBare ? {} : { rules: dice.times(1, 2, () => rule(dice, isCustom)) }),
  };
  const isDry = (action === 'ALLOW' || action === 'DENY') && dice.chance(0.2);
  const metadata = isDry ? { annotations: { 'istio.io/dry-run': dice.pick(['true', '1', 'false']) } } : {};
  return object(dice, 'security.istio.io/v1', 'AuthorizationPolicy', name, dice.pick(NAMESPACES), spec, metadata);
}

const KEYS = '{"keys":[{"kty":"RSA","e":"AQAB","kid":"a","n":"xAE7"}]}';

export function requestAuthentication(dice: Dice, name: string): KubernetesObject {
  const rules = dice.times(0, 2, () => ({
    issuer: dice.pick(['https://iss.example', 'iss', 'a']),
    jwks: KEYS,
    ...dice.fields(0.3, {
      audiences: () => ['aud-1', 'aud-2'],
      fromHeaders: () => [{ name: 'x-jwt' }, { name: 'authorization', prefix: 'Token ' }],
      fromParams: () => ['token'],
      fromCookies: () => ['session'],
      outputPayloadToHeader: () => 'x-payload',
      forwardOriginalToken: () => dice.chance(0.5),
      outputClaimToHeaders: () => [{ header: 'x-sub', claim: 'sub' }],
      spaceDelimitedClaims: () => ['roles', 'scope'],
      timeout: () => '3s',
    }),
  }));
  return object(dice, 'security.istio.io/v1', 'RequestAuthentication', name, dice.pick(NAMESPACES), {
    ...place(dice),
    jwtRules: rules,
  });
}

export function peerAuthentication(dice: Dice, name: string): KubernetesObject {
  const mode = () => ({ mode: dice.pick(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']) });
  const chosen = dice.maybe(0.5, () => ({ matchLabels: dice.pick([{ app: 'web' }, { version: 'v1' }]) }));
  const ports = chosen && dice.maybe(0.5, () => Object.fromEntries(dice.some([8080, 9090, 80, 7777], 0.5).map(port => [port, mode()])));
  const spec = {
    ...(chosen ? { selector: chosen } : {}),
    ...dice.maybe(0.8, () => ({ mtls: mode() })),
    ...(ports && Object.keys(ports).length > 0 ? { portLevelMtls: ports } : {}),
  };
  return object(dice, 'security.istio.io/v1', 'PeerAuthentication', name, dice.pick(NAMESPACES), spec);
}
