import { delegating } from './delegations';
import type { Dice } from './dice';
import { httpMatch } from './http-matches';
import { corsPolicy, fault, headers, mirrorOf, redirect, retries, rewrite } from './treatments';
import { duration, exportTo, host, NAMESPACES, object, OUTSIDE, SERVICES } from './world';
import type { L4MatchAttributes, TLSMatchAttributes } from '../../src/manifest/istio-specs.generated';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Labels } from '../../src/manifest/labels';

type Fields = { [field: string]: unknown };

const HOSTS = [
  ...SERVICES, ...SERVICES, ...['shop', 'other'].flatMap(namespace => SERVICES.map(name => host(name, namespace))),
  ...OUTSIDE, 'shop.example.com', 'catalog.shop', 'Shop.Example.com', '*.shop.svc.cluster.local', 'missing',
];
const GATEWAYS = ['istio-system/main', 'main', 'istio-system/second', 'shop/own', 'own', 'main.istio-system.svc.cluster.local'];
const BOUND = [
  ['istio-system/main'],
  ['istio-system/main'],
  ['istio-system/main', 'istio-system/second'],
  ['istio-system/second', 'shop/own'],
];

/** The destinations of requests or connections. */
export function destination(dice: Dice): Fields {
  const names = [
    ...SERVICES,
    ...SERVICES,
    host('catalog', 'shop'),
    host('orders', 'other'),
    'api.example.com',
    'missing',
    'eu.pay.example.com',
  ];
  return {
    host: dice.pick(names),
    ...dice.fields(0.45, {
      subset: () => dice.pick(['v1', 'v2', 'odd']),
      port: () => ({ number: dice.pick([80, 8080, 9000, 5432, 443]) }),
    }),
  };
}

function httpRoutes(dice: Dice): Fields[] {
  const count = dice.pick([1, 1, 2, 3]);
  return Array.from({ length: count }, (_, place) => ({
    destination: destination(dice),
    ...(count > 1 || dice.chance(0.2) ? { weight: place === 0 ? dice.int(1, 99) : dice.int(0, 50) } : {}),
    ...(dice.chance(0.2) ? { headers: headers(dice) } : {}),
  }));
}

/** A valid HTTP entry; `atGateways`, one of a VirtualService that the mesh does not have. */
export function httpRule(dice: Dice, place: number, atGateways = false): Fields {
  const match = dice.maybe(0.75, () => dice.times(1, 3, () => httpMatch(dice, GATEWAYS, atGateways)));
  const common = {
    ...(dice.chance(0.6) ? { name: `rule-${place}` } : {}),
    ...(match ? { match } : {}),
  };
  const way = dice.int(1, 10);
  if (way === 1) {
    const treated = dice.fields(0.2, { headers: () => headers(dice), corsPolicy: () => corsPolicy(dice) });
    const to = redirect(dice);
    return { ...common, ...'prefixRewrite' in to ? { match: [{ uri: { prefix: '/items' } }] } : {}, redirect: to, ...treated };
  }
  if (way === 2) {
    const body = dice.maybe(0.7, () => dice.pick([{ string: 'sorry' }, { bytes: 'c29ycnk=' }, { string: '' }]));
    const directResponse = { status: dice.pick([200, 404, 503]), ...(body ? { body } : {}) };
    return { ...common, directResponse, ...dice.fields(0.2, { headers: () => headers(dice) }) };
  }
  return {
    ...common,
    route: httpRoutes(dice),
    ...dice.fields(0.25, {
      timeout: () => duration(dice),
      retries: () => retries(dice),
      fault: () => fault(dice),
      corsPolicy: () => corsPolicy(dice),
      headers: () => headers(dice),
      rewrite: () => rewrite(dice),
    }),
    ...(dice.chance(0.2) ? mirrorOf(dice, destination) : {}),
  };
}

function connectionRoutes(dice: Dice): Fields[] {
  const count = dice.pick([1, 1, 2]);
  return Array.from({ length: count }, () => ({ destination: destination(dice), ...(count > 1 ? { weight: dice.int(1, 90) } : {}) }));
}

/** A value for each field of a match of connections, and its probability. */
type ConnectionMakers<M> = { readonly [F in keyof M]-?: readonly [probability: number, make: (dice: Dice) => M[F]] };

const COMMON = {
  sourceLabels: [0.15, dice => dice.pick<Labels>([{ app: 'web' }, { app: 'stranger' }])],
  sourceNamespace: [0.15, dice => dice.pick(['shop', 'other'])],
  gateways: [0.15, dice => dice.pick([['mesh'], ['istio-system/main'], ['mesh', 'istio-system/main']])],
} satisfies Partial<ConnectionMakers<L4MatchAttributes>>;

const TCP_MATCH: ConnectionMakers<L4MatchAttributes> = {
  ...COMMON,
  port: [0.4, dice => dice.pick([5432, 443, 6443, 7000, 31400])],
  destinationSubnets: [0.4, dice => dice.some(['240.2.0.0/16', '240.2.7.0/16', '240.3.0.1/32', '10.0.0.7'], 0.6)],
  sourceSubnet: [0.05, dice => dice.pick(['10.0.0.0/8', '192.168.0.1'])],
};

const TLS_MATCH: ConnectionMakers<Omit<TLSMatchAttributes, 'sniHosts'>> = {
  ...COMMON,
  port: [0.2, dice => dice.pick([443, 6443])],
  destinationSubnets: [0.2, dice => dice.pick([['240.2.0.0/16'], ['240.2.7.0/16']])],
};

function connectionMatch<M>(dice: Dice, makers: ConnectionMakers<M>): Fields {
  const all = Object.entries(makers) as [string, readonly [number, (dice: Dice) => unknown]][];
  return Object.fromEntries(all.filter(([, [probability]]) => dice.chance(probability)).map(([field, [, make]]) => [field, make(dice)]));
}

function tcpRule(dice: Dice): Fields {
  const match = dice.maybe(0.7, () => dice.times(1, 2, () => connectionMatch(dice, TCP_MATCH)));
  return { ...(match ? { match } : {}), route: connectionRoutes(dice) };
}

function tlsRule(dice: Dice, hosts: readonly string[]): Fields {
  const names = hosts.filter(name => name.includes('.'));
  const match = dice.times(1, 2, () => ({
    sniHosts: dice.chance(0.8) ? [dice.pick(names)] : names,
    ...connectionMatch(dice, TLS_MATCH),
  }));
  return { match, route: connectionRoutes(dice) };
}

/** A valid VirtualService, usually for HTTP. */
export function virtualService(dice: Dice, name: string, about?: string): KubernetesObject {
  const gateways = dice.maybe(0.5, () => (dice.chance(0.6) ? dice.pick(BOUND) : dice.some(['mesh', ...GATEWAYS.slice(0, 4)], 0.4)));
  const bound = gateways !== undefined && gateways.length > 0 && !gateways.includes('mesh');
  const hosts = [...new Set([about ?? dice.pick(bound ? [...HOSTS, '*'] : HOSTS), ...dice.times(0, 1, () => dice.pick(HOSTS))])]
    .filter((each, _, all) => each === '*' || !all.includes('*') || all.length === 1).filter((each, place, all) => place === 0 || !overlaps(each, all[0]));
  const named = hosts.filter(each => each.includes('.'));
  const namespace = dice.pick(NAMESPACES);
  const spec = {
    hosts,
    ...(gateways && gateways.length > 0 ? { gateways } : {}),
    ...(dice.chance(0.3) ? { exportTo: exportTo(dice).filter((each, _, all) => each !== namespace || !all.includes('.')) } : {}),
    http: dice.times(1, 4, place => httpRule(dice, place, bound)),
    ...(dice.chance(0.2) ? { tcp: dice.times(1, 2, () => tcpRule(dice)) } : {}),
    ...(dice.chance(0.3) && named.length > 0 ? { tls: dice.times(1, 2, () => tlsRule(dice, named)) } : {}),
  };
  return object(dice, 'networking.istio.io/v1', 'VirtualService', name, namespace, spec);
}

const overlaps = (a: string, b: string) =>
  a.toLowerCase() === b.toLowerCase()
  || [
    [a, b],
    [b, a],
  ].some(([x, y]) => x.startsWith('*') && y.endsWith(x.slice(1)));

/** Two VirtualServices for one host of a gateway. Their routes are in one virtual host, those for every request last. */
function sharing(dice: Dice): KubernetesObject[] {
  const hosts = [dice.pick(['shop.example.com', 'api.example.com'])];
  return ['share-a', 'share-b'].map(name => object(dice, 'networking.istio.io/v1', 'VirtualService', name, dice.pick(NAMESPACES), {
    hosts,
    gateways: ['istio-system/main'],
    http: [...dice.times(0, 2, place => httpRule(dice, place, true)), ...(dice.chance(0.6) ? [{ name, route: httpRoutes(dice) }] : [])],
  })).filter(({ spec }) => (spec as { readonly http: readonly unknown[] }).http.length > 0);
}

/** Some VirtualServices, often several per host. */
export function virtualServices(dice: Dice): KubernetesObject[] {
  const shared = dice.maybe(0.6, () => dice.pick(HOSTS.slice(0, 12)));
  const own = dice.times(0, 4, place => virtualService(dice, `vs-${dice.int(0, 9)}-${place}`, dice.chance(0.65) ? shared : undefined));
  return [...own, ...(dice.chance(0.15) ? sharing(dice) : []), ...(dice.chance(0.2) ? delegating(dice, httpRule) : [])];
}
