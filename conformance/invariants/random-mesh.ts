import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import type { Claims } from '../../src/simulator/token';
import type { Dice } from '../fuzz/dice';
import type { Rule } from '../proof/rules';
import { destination, HOST, rules } from '../proof/rules';

/** A service of another namespace, to which some rules lead. */
export const LEDGER = 'ledger.payments.svc.cluster.local';
export const PUBLIC = 'shop.example.com';

const VERSIONS = ['v1', 'v2', 'v3'];
/** A subset without pods, and one that no DestinationRule defines. */
const [EMPTY, UNDEFINED] = ['v8', 'v9'];

function workload(name: string, namespace: string, versions: readonly string[]): object[] {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  };
  return [service, ...versions.map(version => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `${name}-${version}`, namespace },
    spec: {
      template: {
        metadata: { labels: { app: name, version } },
        spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 8080 }] }] },
      },
    },
  }))];
}

const WORLD: readonly object[] = [
  ...workload('catalog', 'shop', VERSIONS), ...workload('webapp', 'shop', ['v1']), ...workload('ledger', 'payments', ['v1']),
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'catalog', namespace: 'shop' },
    spec: { host: HOST, subsets: [...VERSIONS, EMPTY].map(name => ({ name, labels: { version: name } })) },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'public', namespace: 'shop' },
    spec: { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
  },
];

/** A generated mesh. */
export interface RandomMesh {
  readonly objects: readonly KubernetesObject[];
  /** The rules of the service and of the public host, for samples. */
  readonly rules: readonly Rule[];
}

/** Rules, some of which lead to the other service, abort requests or copy them. */
function someRules(dice: Dice): Rule[] {
  return rules(dice).map(({ match, does }) => {
    const ledger = { destination: { host: LEDGER, port: { number: 80 } } };
    if (does.redirect !== undefined) return { match, does };
    if (dice.chance(0.2)) return { match, does: { ...does, route: [ledger] } };
    if (dice.chance(0.05)) return { match, does: { ...does, mirror: ledger.destination } };
    if (dice.chance(0.05)) {
      return { match, does: { ...does, fault: { abort: { httpStatus: 503, percentage: { value: dice.pick([1, 100]) } } } } };
    }
    if (!dice.chance(0.1)) return { match, does };
    return { match, does: { ...does, route: [{ ...destination('v1'), weight: 1 }, { ...ledger, weight: 3 }] } };
  });
}

function virtualService(name: string, spec: object): object {
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name, namespace: 'shop' }, spec };
}

function http(of: readonly Rule[]): object[] {
  return of.map(({ match, does }) => ({ ...(match.length > 0 ? { match } : {}), ...does }));
}

/** A policy with values of the rules, so that both are often about the same requests. */
function policy(dice: Dice, place: number): object {
  const { namespace, app } = dice.pick([{ namespace: 'payments', app: 'ledger' }, { namespace: 'shop', app: 'catalog' }]);
  const paths = ['/a', '/a*', '*b', '/b', '/a/b'];
  const from = dice.maybe(0.6, () => [{
    source: dice.pick([
      { namespaces: [dice.pick(['shop', 'dev', 'istio-system'])] }, { notNamespaces: ['shop'] },
      { principals: [dice.pick(['cluster.local/ns/shop/sa/webapp', 'cluster.local/ns/shop/sa/catalog', 'cluster.local/ns/dev/*'])] },
    ]),
  }]);
  const to = dice.maybe(0.7, () => [{
    operation: dice.pick([
      { methods: [dice.pick(['GET', 'POST'])] }, { paths: dice.some(paths, 0.4).concat('/a') }, { notPaths: [dice.pick(paths)] },
      { methods: ['GET'], notPaths: [dice.pick(paths)] },
    ]),
  }]);
  const when = dice.maybe(0.2, () => [{ key: 'request.headers[x-a]', [dice.pick(['values', 'notValues'])]: [dice.pick(['a', 'a*', 'b'])] }]);
  const rule = { ...(from && { from }), ...(to && { to }), ...(when && { when }) };
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: `policy-${place}`, namespace },
    spec: {
      action: dice.pick(['ALLOW', 'DENY']),
      ...(dice.chance(0.7) && { selector: { matchLabels: { app } } }),
      ...(Object.keys(rule).length > 0 && { rules: [rule] }),
    },
  };
}

export function randomMesh(dice: Dice): RandomMesh {
  return meshOf(dice, someRules(dice), someRules(dice), true);
}

/** A mesh some of whose rules lead to nothing, or back to themselves, and in which rules may not take every request. */
export function meshWithGaps(dice: Dice): RandomMesh {
  return meshOf(dice, withGaps(dice), withGaps(dice), dice.chance(0.8));
}

function withGaps(dice: Dice): Rule[] {
  const missing = { destination: { host: 'missing.shop.svc.cluster.local', port: { number: 80 } } };
  const kept = dice.chance(0.4) ? someRules(dice).filter(({ match }) => match.length > 0) : someRules(dice);
  return kept.map(({ match, does }) => {
    if (does.redirect !== undefined || !dice.chance(0.35)) return { match, does };
    if (dice.chance(0.15)) return { match, does: { redirect: { uri: dice.pick(['/a', '/b', '/a/b']) } } };
    const gap = dice.pick([destination(EMPTY), destination(UNDEFINED), missing]);
    return { match, does: { ...does, route: dice.chance(0.8) ? [gap] : [{ ...destination('v1'), weight: 1 }, { ...gap, weight: 3 }] } };
  });
}

/** Tokens that the conditions on claims tell apart; the gateway knows only one of the issuers. */
export const TOKENS: readonly Claims[] = [
  { iss: 'iss' }, { iss: 'iss', g: 'a' }, { iss: 'iss', g: ['a', 'b'] }, { iss: 'iss', g: 'b', h: { i: 'a' } }, { iss: 'iss', g: 'ab', h: 'a' },
  { iss: 'other', g: 'a' },
];

function onClaims(dice: Dice): object {
  const value = () => dice.pick([{ exact: 'a' }, { exact: 'b' }, { prefix: 'a' }, { regex: 'a|b' }]);
  return { [`@request.auth.claims${dice.pick(['.g', '[g]', '.h.i', '.h'])}`]: value() };
}

/** Entries of a gateway, some of whose alternatives also match claims. */
function withClaims(dice: Dice, of: readonly Rule[]): object[] {
  return http(of.map(({ match, does }) => ({
    does,
    match: match.map(one => ({
      ...one,
      ...dice.maybe(0.25, () => ({ headers: { ...one.headers, ...onClaims(dice) } })),
      ...dice.maybe(0.1, () => ({ withoutHeaders: { ...one.withoutHeaders, ...onClaims(dice) } })),
    })),
  })));
}

function tokensOfGateway(): object {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    metadata: { name: 'tokens', namespace: 'istio-system' },
    spec: { selector: { matchLabels: { istio: 'ingressgateway' } }, jwtRules: [{ issuer: 'iss' }] },
  };
}

function meshOf(dice: Dice, own: readonly Rule[], open: readonly Rule[], verifiesTokens: boolean): RandomMesh {
  const objects = [
    ...WORLD, virtualService('catalog', { hosts: [HOST], http: http(own) }),
    virtualService('public', { hosts: [PUBLIC], gateways: ['public'], http: withClaims(dice, open) }),
    ...dice.times(0, 3, place => policy(dice, place)), ...verifiesTokens ? [tokensOfGateway()] : [],
  ];
  return { objects: parseManifests(objects.map(object => JSON.stringify(object)).join('\n---\n')).objects, rules: [...own, ...open] };
}
