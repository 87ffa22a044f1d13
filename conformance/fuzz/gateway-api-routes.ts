import type { Dice } from './dice';
import { NAMESPACES, object, SERVICES } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

type Fields = { [field: string]: unknown };

const API = 'gateway.networking.k8s.io/v1';
const HOSTNAMES = ['shop.example.com', 'api.example.com', '*.example.com', '*.shop.example.com', 'www.shop.example.com', 'example.org', '*.com'];
/** The namespaces with services. */
const CALLED = NAMESPACES.slice(0, 2);
const PATHS = ['/', '/items', '/items/', '/items/1', '/Cart', '/v1.0/items', '/items/+'];

/** What routes attach to. */
function parentRefs(dice: Dice): Fields[] {
  const parents = dice.times(1, 3, (): Fields => {
    if (dice.chance(0.45)) {
      return {
        group: '',
        kind: 'Service',
        name: dice.pick([...SERVICES, ...SERVICES, 'missing']),
        ...dice.fields(0.5, { namespace: () => dice.pick(CALLED) }),
        ...dice.fields(0.3, { port: () => dice.pick([80, 8080, 9000, 5432]) }),
      };
    }
    if (dice.chance(0.1)) return { group: 'networking.istio.io', kind: 'ServiceEntry', name: 'entry-0' };
    if (dice.chance(0.15)) return { kind: 'ListenerSet', name: 'more', ...dice.fields(0.5, { namespace: () => 'shop' }) };
    return {
      name: dice.pick(['main', 'main', 'own', 'manual']),
      namespace: dice.pick(['istio-system', 'istio-system', 'shop']),
      ...dice.fields(0.15, { sectionName: () => dice.pick(['http', 'https', 'tls', 'tcp', 'wide']), port: () => dice.pick([80, 443, 8080]) }),
    };
  });
  // Kubernetes requires that references to one parent differ.
  const keyOf = ({ kind, name, namespace, sectionName, port }: Fields) => JSON.stringify([kind, name, namespace, sectionName, port]);
  return [...new Map(parents.map(parent => [keyOf(parent), parent])).values()];
}

function backendRef(dice: Dice): Fields {
  if (dice.chance(0.05)) return { group: 'networking.istio.io', kind: 'Hostname', name: 'api.example.com', port: 443 };
  if (dice.chance(0.03)) return { group: 'example.com', kind: 'Bucket', name: 'files' };
  if (dice.chance(0.03)) return { group: 'multicluster.x-k8s.io', kind: 'ServiceImport', name: 'catalog', port: 80 };
  return {
    name: dice.chance(0.01) ? 'catalog.shop' : dice.pick([...SERVICES, ...SERVICES, 'missing']),
    ...dice.fields(0.4, { namespace: () => dice.pick(CALLED) }),
    ...dice.chance(0.99) ? { port: dice.pick([80, 80, 8080, 9000, 5432, 443]) } : {},
  };
}

function backendRefs(dice: Dice, filters?: (dice: Dice) => Fields[]): Fields[] {
  return dice.times(0, 3, () => ({
    ...backendRef(dice),
    ...dice.fields(0.4, { weight: () => dice.pick([0, 1, 5, 50]) }),
    ...filters && dice.chance(0.15) ? { filters: filters(dice) } : {},
  }));
}

function headerModifier(dice: Dice): Fields {
  return dice.fields(0.5, {
    set: () => [{ name: 'X-Set', value: 'a' }, ...dice.some([{ name: 'x-set', value: 'b' }, { name: 'Host', value: 'inside.example.com' }], 0.2)],
    add: () => [{ name: 'X-Add', value: dice.pick(['1', '2 %', 'three']) }],
    remove: () => ['X-Remove', 'x-other'],
  });
}

const headerFilters = (dice: Dice): Fields[] => dice.some([
  { type: 'RequestHeaderModifier', requestHeaderModifier: headerModifier(dice) },
  { type: 'ResponseHeaderModifier', responseHeaderModifier: headerModifier(dice) },
], 0.6);

function mirror(dice: Dice): Fields {
  return {
    type: 'RequestMirror',
    requestMirror: {
      backendRef: backendRef(dice),
      ...dice.pick<Fields>([
        {}, { percent: dice.pick([0, 1, 50, 100]) },
        { fraction: { numerator: dice.int(0, 3), ...dice.fields(0.5, { denominator: () => 3 }) } },
      ]),
    },
  };
}

function path(dice: Dice): Fields {
  return dice.pick<Fields>([
    { type: 'ReplaceFullPath', replaceFullPath: dice.pick(['/', '/all', '/one?x=1']) },
    { type: 'ReplacePrefixMatch', replacePrefixMatch: dice.pick(['/', '', '/other', '/other/']) },
  ]);
}

const cors = (dice: Dice): Fields => ({
  type: 'CORS',
  cors: dice.fields(0.5, {
    allowOrigins: () => dice.some(['*', 'https://shop.example.com', 'https://*.example.com', 'https://shop.*'], 0.5),
    allowMethods: () => dice.some(['GET', 'POST'], 0.7),
    allowHeaders: () => ['x-user'],
    exposeHeaders: () => ['x-total'],
    maxAge: () => dice.pick([1, 86400]),
    allowCredentials: () => dice.chance(0.5),
  }),
});

function httpFilters(dice: Dice): Fields[] {
  return [
    ...dice.chance(0.3) ? headerFilters(dice) : [],
    ...dice.chance(0.15) ? [{ type: 'URLRewrite', urlRewrite: dice.fields(0.7, { hostname: () => 'new.example.com', path: () => path(dice) }) }] : [],
    ...dice.chance(0.15) ? dice.times(1, 2, () => mirror(dice)) : [],
    ...dice.chance(0.1) ? [cors(dice)] : [],
    ...dice.chance(0.02) ? [{ type: 'ExtensionRef', extensionRef: { group: 'example.com', kind: 'Filter', name: 'own' } }] : [],
  ];
}

function redirectFilter(dice: Dice): Fields {
  return {
    type: 'RequestRedirect',
    requestRedirect: dice.fields(0.5, {
      scheme: () => dice.pick(['http', 'https']),
      hostname: () => 'other.example.com',
      port: () => dice.pick([80, 443, 8443]),
      statusCode: () => dice.pick([301, 302, 303, 307, 308]),
      path: () => path(dice),
    }),
  };
}

const conditions = (dice: Dice, names: readonly string[]): Fields[] => dice.some(names, 0.5).map(name => (
  { name, value: dice.pick(['me', 'v[0-9]+']), ...dice.fields(0.5, { type: () => dice.pick(['Exact', 'RegularExpression']) }) }));

function httpMatch(dice: Dice): Fields {
  return {
    ...dice.fields(0.7, {
      path: () => ({ value: dice.pick(PATHS), ...dice.fields(0.8, { type: () => dice.pick(['Exact', 'PathPrefix', 'PathPrefix', 'RegularExpression']) }) }),
    }),
    ...dice.fields(0.2, {
      headers: () => conditions(dice, ['x-user', 'X-Version', 'cookie']),
      queryParams: () => conditions(dice, ['q', 'page']),
      method: () => dice.pick(['GET', 'POST']),
    }),
  };
}

function httpRule(dice: Dice): Fields {
  const redirects = dice.chance(0.1);
  return {
    ...dice.fields(0.8, { matches: () => dice.times(0, 3, () => httpMatch(dice)) }),
    ...dice.fields(0.2, {
      name: () => dice.pick(['first', 'second', 'third']),
      timeouts: () => dice.fields(0.6, { request: () => dice.pick(['5s', '1500ms', '0s']), backendRequest: () => dice.pick(['1s', '250ms']) }),
      retry: () => dice.fields(0.6, { attempts: () => dice.int(0, 3), codes: () => [500, 503], backoff: () => '100ms' }),
    }),
    filters: [...httpFilters(dice), ...redirects ? [redirectFilter(dice)] : []],
    ...redirects && dice.chance(0.8) ? {} : { backendRefs: backendRefs(dice, headerFilters) },
  };
}

function grpcRule(dice: Dice): Fields {
  const method = (): Fields => dice.pick<Fields>([
    { service: 'shop.Catalog', method: 'Get' }, { service: 'shop.Catalog' }, { method: 'Get' },
    { service: 'shop[.].+', type: 'RegularExpression' }, { service: 'shop', method: 'G.t', type: 'RegularExpression' },
  ]);
  return {
    ...dice.fields(0.8, {
      matches: () => dice.times(0, 2, () => dice.fields(0.7, { method, headers: () => conditions(dice, ['x-user', 'x-version']) })),
    }),
    filters: [...dice.chance(0.2) ? headerFilters(dice) : [], ...dice.chance(0.1) ? [mirror(dice)] : []],
    backendRefs: backendRefs(dice, headerFilters),
  };
}

function hostnames(dice: Dice, share = 0.6): Fields {
  return dice.fields(share, { hostnames: () => [...new Set(dice.times(1, 2, () => dice.pick(HOSTNAMES)))] });
}

/** Routes of all kinds, with what permits their backends. */
export function routes(dice: Dice): KubernetesObject[] {
  const route = (kind: string, name: string, spec: Fields) => (
    object(dice, API, kind, name, dice.pick([...CALLED, ...CALLED, 'istio-system']), { parentRefs: parentRefs(dice), ...spec }));
  return [
    ...dice.times(2, 6, place => route('HTTPRoute', `http-${place}`, { ...hostnames(dice), rules: dice.times(1, 3, () => httpRule(dice)) })),
    ...dice.times(0, 1, place => route('GRPCRoute', dice.chance(0.1) ? 'http-0' : `grpc-${place}`, { ...hostnames(dice), rules: dice.times(1, 2, () => grpcRule(dice)) })),
    ...dice.times(0, 1, place => route('TLSRoute', `tls-${place}`, { ...hostnames(dice, 1), rules: [{ backendRefs: backendRefs(dice) }] })),
    ...dice.times(0, 1, place => route('TCPRoute', `tcp-${place}`, { rules: [{ backendRefs: backendRefs(dice) }] })),
    ...dice.times(0, 2, place => grant(dice, `grant-${place}`)),
  ];
}

function grant(dice: Dice, name: string): KubernetesObject {
  const from = dice.some(['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'Gateway', 'ListenerSet'], 0.5).map(kind => (
    { group: 'gateway.networking.k8s.io', kind, namespace: dice.pick(NAMESPACES) }));
  const to = [{ group: '', kind: dice.pick(['Service', 'Service', 'Secret']), ...dice.fields(0.3, { name: () => dice.pick(SERVICES) }) }];
  return object(dice, 'gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', name, dice.pick(NAMESPACES), { from, to });
}

/** Policies for the TLS of services. */
export function backendPolicies(dice: Dice): KubernetesObject[] {
  return dice.times(0, 2, place => object(dice, API, 'BackendTLSPolicy', `tls-${place}`, dice.pick(NAMESPACES), {
    targetRefs: [{ group: '', kind: 'Service', name: dice.pick(SERVICES), ...dice.fields(0.3, { sectionName: () => dice.pick(['http', 'https']) }) }],
    validation: {
      hostname: 'inside.example.com',
      ...dice.pick<Fields>([{ wellKnownCACertificates: 'System' }, { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'roots' }] }]),
      ...dice.fields(0.3, { subjectAltNames: () => [{ type: 'Hostname', hostname: 'a.example.com' }, { type: 'URI', uri: 'spiffe://x/y' }] }),
    },
  }));
}
