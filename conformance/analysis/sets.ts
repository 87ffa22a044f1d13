import { seeded } from '../../src/simulator/load/random';

type Fields = { readonly [field: string]: unknown };

/** A random set of manifests with random mistakes. */
export interface GeneratedSet {
  readonly id: string;
  readonly text: string;
}

const NAMESPACES = ['a', 'b'];
const HOSTS = [
  'catalog',
  'reviews',
  'multi',
  'nobody',
  'catalog.a.svc.cluster.local',
  'reviews.b.svc.cluster.local',
  'catalog.a',
  'api.example.com',
  'db.example.com',
];
const PUBLIC = ['shop.example.com', 'api.example.com', '*.example.com', 'other.org'];
const PATHS = ['/', '/items', '/items/1', '/api', '/cart'];

/** Draws the objects of a set. It always contains every kind that a rule may need. */
class Draw {
  private readonly random: () => number;

  public constructor(seed: number) {
    this.random = seeded(seed);
  }

  public chance(share: number): boolean {
    return this.random() < share;
  }

  public upTo(most: number): number {
    return Math.floor(this.random() * (most + 1));
  }

  public of<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)];
  }

  public some<T>(choices: readonly T[]): T[] {
    const chosen = choices.filter(() => this.chance(0.4));
    return chosen.length > 0 ? chosen : [this.of(choices)];
  }

  public times<T>(most: number, make: (i: number) => T): T[] {
    return Array.from({ length: this.upTo(most) }, (_, i) => make(i));
  }

  public maybe(share: number, fields: () => Fields): Fields {
    return this.chance(share) ? fields() : {};
  }

  /** Never `*` where a destination's host is looked up; see the deviation `public-virtual-service-private-entry`. */
  public exportTo(namespace: string, ...more: readonly string[][]): Fields {
    return this.maybe(0.3, () => ({ exportTo: this.of([['.'], ['b'], ['.', namespace === 'a' ? 'b' : 'a'], ['a'], ...more]) }));
  }

  public virtualService(i: number): Fields {
    const bound = this.of([undefined, undefined, ['mesh'], ['gw-0'], ['a/gw-0', 'mesh'], ['b/gw-1'], ['nowhere']]);
    const mesh = bound === undefined || bound.includes('mesh');
    const hosts = mesh ? [this.of([...HOSTS.slice(0, 6), '*.b.svc.cluster.local', '*.svc.cluster.local'])] : this.some(PUBLIC.slice(0, 2));
    const block = this.of(['http', 'http', 'http', 'http', 'tcp']);
    const namespace = this.of(NAMESPACES);
    return object('networking.istio.io/v1', 'VirtualService', namespace, `vs-${i}`, {
      hosts,
      ...bound && { gateways: bound },
      ...this.exportTo(namespace),
      [block]: Array.from({ length: 1 + this.upTo(2) }, () => (block === 'http' ? this.httpRule(!mesh) : this.tcpRule())),
    });
  }

  public destinationRule(i: number): Fields {
    const tls = () => ({ tls: { mode: this.of(['SIMPLE', 'DISABLE', 'ISTIO_MUTUAL']) } });
    const namespace = this.of(NAMESPACES);
    return object('networking.istio.io/v1', 'DestinationRule', namespace, `dr-${i}`, {
      host: this.of(HOSTS),
      ...this.exportTo(namespace),
      ...this.maybe(0.4, () => ({
        trafficPolicy: { ...tls(), ...this.maybe(0.4, () => ({ portLevelSettings: [{ port: { number: 443 }, ...tls() }] })) },
      })),
      ...this.maybe(0.6, () => ({ subsets: this.some(['v1', 'v2', 'v9']).map(name => ({ name, labels: { version: name } })) })),
    });
  }

  public gateway(i: number): Fields {
    return object('networking.istio.io/v1', 'Gateway', this.of(NAMESPACES), `gw-${i}`, {
      selector: this.of([{ app: 'gate' }, { app: 'gate' }, { app: 'gate', tier: 'front' }, { app: 'nothing' }]),
      servers: [this.of([
        { port: { number: this.of([80, 8080, 9999]), name: 'http', protocol: 'HTTP' }, hosts: this.some(PUBLIC) },
        {
          port: { number: 443, name: 'https', protocol: 'HTTPS' },
          tls: { mode: 'SIMPLE', credentialName: this.of(['cert', 'lost']) },
          hosts: [this.of(PUBLIC)],
        },
        {
          port: { number: 80, name: 'http', protocol: 'HTTP' },
          hosts: [this.of(['a/shop.example.com', './shop.example.com', '*/*', 'b/*'])],
        },
      ])],
    });
  }

  /** One port per host; see the deviation `ports-of-several-entries`. */
  public serviceEntry(i: number): Fields {
    const namespace = this.of(NAMESPACES);
    const [host, number] = this.of([['api.example.com', 443], ['db.example.com', 5432], ['*.wild.example.com', 80]] as const);
    return object('networking.istio.io/v1', 'ServiceEntry', namespace, `se-${i}`, {
      hosts: [host],
      ...this.exportTo(namespace, ['*']),
      ports: [{ number, name: 'port', protocol: this.of(['TLS', 'HTTP', 'TCP', 'https']) }],
      resolution: 'NONE',
      ...this.maybe(0.3, () => ({ addresses: ['240.0.0.9'] })),
    });
  }

  public sidecar(i: number): Fields {
    return object('networking.istio.io/v1', 'Sidecar', this.of(NAMESPACES), `sc-${i}`, {
      ...this.maybe(0.6, () => ({ workloadSelector: { labels: this.of([{ app: 'catalog' }, { version: 'v1' }, { app: 'nobody' }]) } })),
      egress: [{ hosts: ['./*', 'istio-system/*'] }],
    });
  }

  public telemetry(i: number): Fields {
    return object('telemetry.istio.io/v1', 'Telemetry', this.of(NAMESPACES), `tm-${i}`, {
      ...this.maybe(0.5, () => ({ selector: { matchLabels: this.of([{ app: 'catalog' }, { version: 'v1' }, { app: 'nobody' }]) } })),
      accessLogging: [{ ...this.maybe(0.6, () => ({ providers: [{ name: 'envoy' }] })), ...this.maybe(0.2, () => ({ disabled: true })) }],
    });
  }

  public extraService(i: number): Fields {
    return object('v1', 'Service', this.of(NAMESPACES), `extra-${i}`, {
      selector: { app: this.of(['catalog', 'reviews', 'multi']) },
      ports: [
        {
          name: this.of(['http', 'weird', 'tcp-x', 'grpc-web-y']),
          port: this.of([80, 81, 3306]),
          targetPort: 8080,
          protocol: this.of(['TCP', 'TCP', 'UDP']),
          ...this.maybe(0.2, () => ({ appProtocol: this.of(['http', 'strange', 'kubernetes.io/h2c']) })),
        },
      ],
    });
  }

  public externalService(i: number): Fields {
    return object('v1', 'Service', this.of(NAMESPACES), `external-${i}`, {
      type: 'ExternalName',
      externalName: 'api.example.com',
      ports: [
        { name: this.of(['tcp', 'https', 'odd', 'tcp-x']), port: 443, protocol: 'TCP' },
      ],
    });
  }

  public requestAuthentication(i: number): Fields {
    return object('security.istio.io/v1', 'RequestAuthentication', this.of([...NAMESPACES, 'istio-system']), `ra-${i}`, {
      ...this.maybe(
        0.7,
        () => ({ selector: { matchLabels: { app: this.of(['gate', 'catalog']) } } }),
      ),
      jwtRules: [{ issuer: 'issuer.example.com' }],
    });
  }

  public authorizationPolicy(i: number): Fields {
    const from = { source: { [this.of(['namespaces', 'notNamespaces'])]: this.some(['a', 'b*', '*c', 'gone', '*']) } };
    return object('security.istio.io/v1', 'AuthorizationPolicy', this.of(NAMESPACES), `ap-${i}`, { rules: [{ from: [from] }] });
  }

  /** Only subsets of hosts in the cluster; see the deviation `subset-of-foreign-host`. */
  private destination(): Fields {
    const host = this.of(HOSTS);
    const isService = !host.includes('.') || host.endsWith('.svc.cluster.local');
    return {
      host,
      ...this.maybe(isService ? 0.4 : 0, () => ({ subset: this.of(['v1', 'v2', 'v9', 'lost']) })),
      ...this.maybe(0.5, () => ({ port: { number: this.of([80, 80, 443, 8080, 99]) } })),
    };
  }

  private match(bound: boolean): Fields {
    return this.of<() => Fields>([
      () => ({ uri: { prefix: this.of(PATHS) } }),
      () => ({ uri: { exact: this.of(PATHS) } }),
      () => ({ uri: { prefix: this.of(PATHS) }, method: { exact: this.of(['GET', 'POST']) } }),
      () => ({ uri: { prefix: this.of(PATHS) }, headers: { 'x-who': this.of([{ exact: 'a' }, { prefix: 'a' }, { exact: 'b' }]) } }),
      () => ({ headers: { 'x-who': { exact: this.of(['a', 'b']) } } }),
      () => (bound ? { headers: { '@request.auth.claims.group': { exact: this.of(['a', 'b']) } } } : { method: { exact: 'GET' } }),
    ])();
  }

  private httpRule(bound: boolean): Fields {
    const [first, ...others] = [this.destination(), ...this.times(1, () => this.destination())];
    return {
      ...this.maybe(0.6, () => ({ match: Array.from({ length: 1 + this.upTo(1) }, () => this.match(bound)) })),
      route: others.length === 0 ? [{ destination: first }] : [first, ...others].map(destination => ({ destination, weight: 50 })),
      ...this.of<() => Fields>([
        () => ({}), () => ({}), () => ({}), () => ({}), () => ({}), () => ({ mirror: this.destination() }),
        () => ({ mirrors: this.times(2, () => ({ destination: this.destination() })) }),
      ])(),
      ...this.maybe(0.1, () => ({ fault: { delay: { percent: 5, fixedDelay: '1s' } } })),
    };
  }

  private tcpRule(): Fields {
    return { ...this.maybe(0.6, () => ({ match: [{ port: this.of([80, 81]) }] })), route: [{ destination: this.destination() }] };
  }
}

function object(
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string,
  spec: Fields,
  metadata: Fields = {},
): Fields {
  return { apiVersion, kind, metadata: { name, ...namespace !== undefined && { namespace }, ...metadata }, spec };
}

function service(namespace: string, name: string, ports: readonly number[]): Fields {
  return object('v1', 'Service', namespace, name, {
    selector: { app: name },
    ports: ports.map(port => ({ name: `http-${port}`, port, targetPort: 8080, protocol: 'TCP' })),
  });
}

function deployment(namespace: string, app: string, labels: { readonly [name: string]: string }): Fields {
  return object('apps/v1', 'Deployment', namespace, [app, ...Object.values(labels)].join('-'), {
    selector: { matchLabels: { app, ...labels } },
    template: { metadata: { labels: { app, ...labels } }, spec: { containers: [{ name: 'app', image: 'app' }] } },
  });
}

/** The objects of every set, so no rule is silent because a kind is missing. */
const BASE: readonly Fields[] = [
  ...['a', 'b'].map(name => object('v1', 'Namespace', undefined, name, {}, { labels: { 'istio-injection': 'enabled' } })),
  service('a', 'catalog', [80]), service('b', 'reviews', [80]), service('a', 'multi', [80, 8080]), service('a', 'gate', [80, 443]),
  deployment(
    'a',
    'catalog',
    { version: 'v1' },
  ), deployment('a', 'catalog', { version: 'v2' }), deployment('b', 'reviews', { version: 'v1' }),
  deployment('a', 'multi', {}), deployment('a', 'gate', { tier: 'front' }),
  object('networking.istio.io/v1', 'Gateway', 'a', 'apart', {
    selector: { app: 'multi' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['apart.example.net'] }],
  }),
  object('networking.istio.io/v1', 'DestinationRule', 'a', 'apart', {
    host: 'gate',
    trafficPolicy: { loadBalancer: { simple: 'RANDOM' } },
  }),
  { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name: 'cert', namespace: 'a' }, data: {} },
];

/** A host as istiod completes it. */
function fullHost(host: string, namespace: string): string {
  return /[.]/.test(host) ? host : `${host}.${namespace}.svc.cluster.local`;
}

interface Rule { host: string; exportTo?: unknown; subsets?: unknown }

/** DestinationRules, of which those that istiod keeps apart have the same subsets; see the deviation `subset-of-an-unused-rule`. */
function withSubsetsAlike(rules: readonly Fields[]): readonly Fields[] {
  const first = new Map<string, Rule>();
  for (const rule of rules) {
    const [{ namespace }, spec] = [rule.metadata, rule.spec] as [{ namespace: string }, Rule];
    const key = `${namespace}/${fullHost(spec.host, namespace)}`;
    const other = first.get(key) ?? spec;
    first.set(key, other);
    if (JSON.stringify(other.exportTo) === JSON.stringify(spec.exportTo)) continue;
    delete spec.subsets;
    if (other.subsets !== undefined) spec.subsets = other.subsets;
  }
  return rules;
}

interface Destination { host: string; subset?: string }
interface Rules { hosts: string[]; gateways?: string[]; http?: { route: { destination: Destination }[] }[] }

/**
 * VirtualServices in which a gateway's route conflicts with the subset rules of another one, written so that the analyzers, which compare
 * hosts as strings, see the same as we do; see the deviations `ingress-rules-of-another-host` and `ingress-rules-beside`.
 */
function comparable(objects: readonly Fields[]): readonly Fields[] {
  const stated = objects
    .filter(({ kind }) => kind === 'VirtualService')
    .map(({ metadata, spec }) => ({ namespace: String((metadata as Fields).namespace), spec: spec as Rules }));
  const split = new Set<string>();
  for (const { namespace, spec } of stated) {
    const destinations = (spec.http ?? []).flatMap(({ route }) => route.map(({ destination }) => destination));
    const own = new Set(spec.hosts.map(host => fullHost(host, namespace)));
    const isOwn = ({ host, subset }: Destination) => subset !== undefined && own.has(fullHost(host, namespace));
    if (spec.gateways) for (const destination of destinations.filter(isOwn)) delete destination.subset;
    const splits = destinations.filter(isOwn);
    if (splits.length > 0) spec.hosts = [...own];
    for (const destination of spec.gateways ? destinations : splits) destination.host = fullHost(destination.host, namespace);
    for (const { host } of splits) split.add(host);
  }
  for (const { spec } of stated) {
    const meets = (spec.http ?? []).some(({ route }) =>
      route.some(({ destination: { host, subset } }) => subset === undefined && split.has(host)),
    );
    if (meets && spec.gateways?.every(name => name === 'mesh')) delete spec.gateways;
  }
  return objects;
}

/** The set for a seed. Few different names are drawn, so objects refer to each other. */
export function generatedSet(seed: number): GeneratedSet {
  return { id: `set-${seed}`, text: textOf(objectsOf(seed)) };
}

/** The same set, written so that the strings that the analyzers compare are what istiod compares. IST0140 can be compared on it too. */
export function comparableSet(seed: number): GeneratedSet {
  return { id: `comparable-set-${seed}`, text: textOf(comparable(objectsOf(seed))) };
}

function textOf(objects: readonly Fields[]): string {
  return objects.map(one => JSON.stringify(one, null, 1)).join('\n---\n');
}

function objectsOf(seed: number): readonly Fields[] {
  const draw = new Draw(seed);
  return [
    ...BASE,
    ...draw.times(4, i => draw.virtualService(i)),
    ...withSubsetsAlike(draw.times(3, i => draw.destinationRule(i))),
    ...draw.times(3, i => draw.gateway(i)),
    ...draw.times(3, i => draw.serviceEntry(i)),
    ...draw.times(2, i => draw.sidecar(i)),
    ...draw.times(2, i => draw.telemetry(i)),
    ...draw.times(2, i => draw.extraService(i)),
    ...draw.times(1, i => draw.externalService(i)),
    ...draw.times(1, i => draw.requestAuthentication(i)),
    ...draw.times(1, i => draw.authorizationPolicy(i)),
  ];
}
