import { Dice } from '../../conformance/fuzz/dice';
import { buildAccessGraph } from '../../src/graph/access-graph';
import type { GraphEdge, MeshGraph } from '../../src/graph/mesh-graph';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { Mesh } from 'cdk8s-istio/simulator';

/** Callers: accounts of pods of the mesh, one that no pod has, and one without an identity. */
const ACCOUNTS = ['shop/web', 'shop/cart', 'other/jobs', 'third/unknown'] as const;
const PLAINTEXT = 'callers in plaintext';
const CALLERS = [...ACCOUNTS, PLAINTEXT];
const METHODS = ['GET', 'POST', 'DELETE'];
const PATHS = ['/', '/api', '/api/x', '/admin', '/x.html'];
const TEAMS = [undefined, 'a', 'b'];
const ADDRESSES = ['10.0.0.1', '192.0.2.1', '172.16.0.1'];
/** The number of requests after which those of other outcomes than the drawn ones are not looked for. */
const ENOUGH = 150;
const TOKENS = [undefined, { iss: 'issuer' }, { iss: 'issuer', role: 'admin' }, { iss: 'another' }];
const SERVICES = ['cart', 'orders'];

const object = (apiVersion: string, kind: string, name: string, namespace: string, spec: object): KubernetesObject => (
  { apiVersion, kind, metadata: { name, namespace }, spec } as KubernetesObject);

const pods = (name: string, namespace: string, account: string, version: string) => object('apps/v1', 'Deployment', `${name}-${version}`, namespace, {
  selector: { matchLabels: { app: name, version } },
  template: { metadata: { labels: { app: name, version } }, spec: { serviceAccountName: account, containers: [] } },
});

const WORLD: readonly KubernetesObject[] = [
  ...SERVICES.map(name => object('v1', 'Service', name, 'shop', {
    selector: { app: name },
    ports: [{ name: 'http', port: 80, targetPort: 8080 }, ...name === 'orders' ? [{ name: 'http-admin', port: 81, targetPort: 8081 }] : []],
  })),
  pods('cart', 'shop', 'cart', 'v1'), pods('orders', 'shop', 'orders', 'v1'), pods('orders', 'shop', 'orders', 'v2'),
  pods('web', 'shop', 'web', 'v1'), pods('jobs', 'other', 'jobs', 'v1'),
];
const MESH_CONFIG = { extensionProviders: [{ name: 'opa', envoyExtAuthzGrpc: { service: 'cart.shop.svc.cluster.local', port: 80 } }] };

function oneOrTwo(dice: Dice, choices: readonly string[]): readonly string[] {
  return dice.times(1, 2, () => dice.pick(choices));
}

function source(dice: Dice, isCustom: boolean): object {
  const block = { ipBlocks: oneOrTwo(dice, ['10.0.0.0/8', '192.0.2.0/24']) };
  if (isCustom) return block;
  return dice.pick([
    block,
    { principals: oneOrTwo(dice, ['cluster.local/ns/shop/sa/web', 'cluster.local/ns/other/*', '*/sa/cart', '*']) },
    { notPrincipals: oneOrTwo(dice, ['cluster.local/ns/shop/sa/web', 'cluster.local/ns/other/sa/jobs']) },
    { namespaces: oneOrTwo(dice, ['shop', 'other', 'absent']) },
    { notNamespaces: oneOrTwo(dice, ['shop', 'other']) },
    { serviceAccounts: oneOrTwo(dice, ['web', 'other/jobs']) },
    { requestPrincipals: ['*'] },
  ]);
}

function operation(dice: Dice): object {
  return dice.pick([
    { methods: oneOrTwo(dice, METHODS) },
    { notMethods: oneOrTwo(dice, METHODS) },
    { paths: oneOrTwo(dice, ['/api*', '/admin', '*.html', '/']) },
    { methods: oneOrTwo(dice, METHODS), notPaths: ['/api*'] },
    { ports: oneOrTwo(dice, ['8080', '8081']) },
  ]);
}

function authorization(dice: Dice, name: string): KubernetesObject {
  const action = dice.pick(['ALLOW', 'ALLOW', 'ALLOW', 'DENY', 'DENY', 'CUSTOM']);
  const isCustom = action === 'CUSTOM';
  const rule = () => dice.fields(0.5, {
    from: () => dice.times(1, 2, () => ({ source: source(dice, isCustom) })),
    to: () => dice.times(1, 2, () => ({ operation: operation(dice) })),
    when: () => [dice.pick([
      { key: 'request.headers[x-team]', values: ['a'] }, { key: 'request.headers[x-team]', notValues: ['a', 'b'] },
      ...isCustom ? [] : [{ key: 'request.auth.claims[role]', values: ['admin'] }],
    ])],
  });
  const rules = action === 'ALLOW' && dice.chance(0.2) ? [] : dice.times(1, 2, rule);
  const labels = dice.pick([undefined, { app: 'cart' }, { app: 'orders' }, { app: 'orders', version: 'v1' }]);
  return object('security.istio.io/v1', 'AuthorizationPolicy', name, dice.pick(['shop', 'shop', 'istio-system', 'other']), {
    action, rules, ...labels && { selector: { matchLabels: labels } }, ...isCustom && { provider: { name: 'opa' } },
  });
}

function generated(seed: number): KubernetesObject[] {
  const dice = new Dice(seed);
  const peers = dice.maybe(0.4, () => object('security.istio.io/v1', 'PeerAuthentication', 'peers', 'shop', {
    mtls: { mode: dice.pick(['STRICT', 'PERMISSIVE', 'DISABLE']) },
  }));
  const tokens = dice.maybe(0.5, () => object('security.istio.io/v1', 'RequestAuthentication', 'tokens', 'shop', {
    jwtRules: [{ issuer: 'issuer', jwks: '{"keys":[]}' }],
  }));
  const client = dice.maybe(0.2, () => object('networking.istio.io/v1', 'DestinationRule', 'cart', dice.pick(['shop', 'other']), {
    host: 'cart.shop.svc.cluster.local',
    trafficPolicy: { tls: { mode: dice.pick(['DISABLE', 'ISTIO_MUTUAL']) } },
    ...dice.chance(0.5) && { exportTo: ['.'] },
  }));
  return [...WORLD, ...dice.times(1, 3, place => authorization(dice, `policy-${place}`)), ...[peers, tokens, client].flatMap(each => each ?? [])];
}

interface Sample {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly team?: string;
  readonly sourceAddress: string;
  readonly token?: (typeof TOKENS)[number];
}

function samplesOf(ports: readonly number[], dice: Dice): Sample[] {
  const all = ports.flatMap(port => METHODS.flatMap(method => PATHS.flatMap(path => TEAMS.flatMap(team => (
    ADDRESSES.flatMap(sourceAddress => TOKENS.map(token => ({ port, method, path, team, sourceAddress, token }))))))));
  return all.map(sample => ({ sample, at: dice.int(0, 1e6) })).sort((a, b) => a.at - b.at).map(({ sample }) => sample);
}

/** What the simulator says of the requests of a caller: of enough of them, and of all others until each drawn outcome is found. */
function outcomesOf(mesh: Mesh, caller: string, service: string, drawn: ReadonlySet<string>, dice: Dice): Set<string> {
  const [namespace, serviceAccount] = caller === PLAINTEXT ? ['shop', 'web'] : caller.split('/');
  const proxy = mesh.sidecar({ namespace }).as({ namespace, serviceAccount });
  const sender = caller === PLAINTEXT ? proxy.plaintext() : proxy;
  const byToken = new Map(TOKENS.map(token => [token, token ? sender.withToken(token) : sender]));
  const found = new Set<string>();
  for (const [place, { port, method, path, team, sourceAddress, token }] of samplesOf(service === 'orders' ? [80, 81] : [80], dice).entries()) {
    if (place >= ENOUGH && [...drawn].every(outcome => found.has(outcome))) break;
    const headers: { [name: string]: string } = team === undefined ? {} : { 'x-team': team };
    const url = `http://${service}.shop.svc.cluster.local:${port}${path}`;
    found.add(byToken.get(token)!.request(method, url, { headers, sourceAddress }).outcome);
  }
  return found;
}

/** Whether a caller is one of a node, beside the callers of all other edges of a service. */
function isAt(node: string, caller: string, others: readonly GraphEdge[]): boolean {
  const [namespace, account] = caller.split('/');
  const isWorkload = caller !== PLAINTEXT;
  const [, group, title] = /^caller ([^/]+)\/(.*)$/.exec(node)!;
  if (title === `account ${account}` && group === namespace) return true;
  const [, every, exceptions] = /^every (caller|workload)(?: except (.*))?$/.exec(title) ?? [];
  if (every !== undefined) {
    const isOfGroup = group === 'any namespace' ? every === 'caller' || isWorkload : group === namespace && isWorkload;
    return isOfGroup && !(exceptions ?? '').split(' and ').some(name => isNamed(name, caller));
  }
  if (title === 'callers in plaintext') return !isWorkload;
  const [, what] = /^all other (caller|workload)s$/.exec(title) ?? [];
  if (what !== undefined) {
    const isOther = !others.some(({ from }) => !/^caller any namespace\/(?:all|every) /.test(from) && isAt(from, caller, []));
    return (what === 'caller' || isWorkload) && isOther;
  }
  const [, suffix] = /^(.*) of any other namespace$/.exec(title) ?? [];
  return suffix !== undefined && isWorkload && account === suffix;
}

function isNamed(name: string, caller: string): boolean {
  return name === caller || name === `every workload of namespace ${caller.split('/')[0]}`;
}

function kindsAt({ nodes, edges }: MeshGraph, caller: string, service: string): Set<string> {
  const id = `service ${service}.shop`;
  if (nodes.some(node => node.id === id && node.badges.some(({ text }) => text === 'open'))) return new Set(['route']);
  const own = edges.filter(({ to }) => to === id);
  return new Set(own.filter(({ from }) => isAt(from, caller, own)).map(({ kind }) => kind));
}

const OUTCOMES: { readonly [kind: string]: string } = { route: 'routed', undecided: 'undecided' };

test.each(Array.from({ length: 8 }, (_, seed) => seed))('the edges of generated mesh %i say which callers the simulator lets in', seed => {
  const objects = generated(seed);
  const mesh = Mesh.fromManifests(objects, { meshConfig: MESH_CONFIG, facts: { complete: true } });
  const { translator, edge } = mesh._parts;
  const graph = buildAccessGraph(objects, { translator, edge, gateways: [], rootNamespace: 'istio-system', defaultNamespace: 'default' });
  const dice = new Dice(seed);
  for (const service of SERVICES) {
    for (const caller of CALLERS) {
      const drawn = new Set([...kindsAt(graph, caller, service)].flatMap(kind => OUTCOMES[kind] ?? []));
      const outcomes = outcomesOf(mesh, caller, service, drawn, dice);
      const [shown, said] = [drawn, outcomes].map(set => Object.values(OUTCOMES).filter(outcome => set.has(outcome)));
      expect({ service, caller, outcomes: shown }).toEqual({ service, caller, outcomes: said });
    }
  }
});
