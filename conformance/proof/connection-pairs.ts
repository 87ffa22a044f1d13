import type { ConnectedPair } from './connections-on-envoy';
import { judgeConnected } from './connections-on-envoy';
import { becomes, replayProblem } from './replay';
import { callersOfBoth, diffTraffic } from '../../src/diff/traffic-diff';
import { resourceRefusals } from '../../src/envoy/refusals/resource-refusals';
import { Translator } from '../../src/envoy/translator';
import { parseManifests } from '../../src/manifest/loader';
import { Mesh } from '../../src/simulator/mesh';
import { Dice } from '../fuzz/dice';
import type { Report } from '../report';

/** A rule for connections: server names or ranges of addresses, and the subset to which they go. */
interface Rule {
  readonly conditions: readonly string[];
  readonly subset: string;
}

const NAMES = ['a.example.com', 'b.example.com', 'c.b.example.com', '*.b.example.com', '*.example.com'];
const RANGES = ['10.1.0.0/16', '10.1.2.0/24', '10.1.2.3', '10.2.0.0/16', '192.168.4.0/24'];
/** An address of the service: Envoy refuses a listener with a rule for it and for another range. */
const OWN_RANGE = '192.168.0.0/16';
const SUBSETS = ['v1', 'v2', 'v3'];

interface Kind {
  readonly pool: readonly string[];
  readonly manifests: (rules: readonly Rule[]) => string;
  /** Connections with values of the pool, and with similar values. */
  readonly samples: readonly string[];
  readonly caller: { readonly type: 'sidecar' | 'gateway'; readonly namespace: string; readonly labels?: { readonly [key: string]: string } };
}

const list = (items: readonly string[]) => `[${items.map(item => `'${item}'`).join(', ')}]`;
const destination = (subset: string) => `route: [{ destination: { host: db.shop.svc.cluster.local, subset: ${subset}, port: { number: 3306 } } }]`;

const WORLD = `
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { selector: { app: db }, ports: [{ name: tcp, port: 3306 }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: outside, namespace: shop }
spec:
  hosts: [outside.example.com]
  addresses: [10.0.0.0/8, 192.168.0.0/16]
  ports: [{ name: tcp, number: 3306, protocol: TCP }]
  resolution: NONE
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: db, namespace: shop }
spec: { host: db.shop.svc.cluster.local, subsets: [${SUBSETS.map(name => `{ name: ${name}, labels: { version: ${name} } }`).join(', ')}] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: tls, namespace: istio-system }
spec: { selector: { istio: ingressgateway }, servers: [{ hosts: ['*'], port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: routes, namespace: shop }
`;

const BY_NAME: Kind = {
  pool: NAMES,
  manifests: rules => `${WORLD}spec: { hosts: ['*.example.com'], gateways: [istio-system/tls], tls: [${rules.map(({ conditions, subset }) => (
    `{ match: [{ port: 443, sniHosts: ${list(conditions)} }], ${destination(subset)} }`)).join(', ')}] }\n`,
  samples: ['tls://a.example.com:443', 'tls://b.example.com:443', 'tls://c.b.example.com:443', 'tls://d.b.example.com:443',
    'tls://d.example.com:443', 'tls://example.com:443', 'tcp://192.0.2.1:443'],
  caller: { type: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } },
};

const BY_ADDRESS: Kind = {
  pool: RANGES,
  manifests: rules => `${WORLD}spec: { hosts: [outside.example.com], tcp: [${rules.map(({ conditions, subset }) => (
    `{ match: [{ port: 3306, destinationSubnets: ${list(conditions)} }], ${destination(subset)} }`)).join(', ')}] }\n`,
  samples: ['10.1.2.3', '10.1.2.4', '10.1.3.0', '10.2.0.1', '10.3.0.0', '192.168.4.4', '192.168.5.5', '192.0.2.1']
    .map(address => `tcp://${address}:3306`),
  caller: { type: 'sidecar', namespace: 'shop' },
};

const KINDS: readonly Kind[] = [BY_NAME, BY_ADDRESS, { ...BY_ADDRESS, pool: [...RANGES, OWN_RANGE] }];

/** Rules without a common condition, as Envoy refuses two filter chains for one. */
function drawn(dice: Dice, pool: readonly string[]): Rule[] {
  const rules: Rule[] = [];
  let open = pool.filter(() => dice.chance(0.7));
  while (open.length > 0) {
    const count = dice.int(1, Math.min(3, open.length));
    rules.push({ conditions: open.slice(0, count), subset: dice.pick(SUBSETS) });
    open = open.slice(count);
  }
  return rules;
}

/** The same rules in another order, each condition a rule of its own. */
function rewritten(dice: Dice, rules: readonly Rule[]): Rule[] {
  const single = rules.flatMap(({ conditions, subset }) => conditions.map(condition => ({ conditions: [condition], subset })));
  return single.map(rule => [dice.int(0, 1000), rule] as const).sort(([a], [b]) => a - b).map(([, rule]) => rule);
}

/** Of so many pairs with examples, a real Envoy gets those of one. */
const CONNECTED = 10;

/**
 * Compares generated rules for connections. Sends the examples and sampled connections through the simulator, and a part of the examples
 * through a real Envoy.
 */
export async function judgeConnectionPairs(report: Report, count: number): Promise<void> {
  let [examples, alike] = [0, 0];
  const [pairs, refused]: [ConnectedPair[], ConnectedPair[]] = [[], []];
  const wrong = Array.from({ length: count }, (_, i) => i + 1).flatMap(seed => {
    const dice = new Dice(seed);
    const { pool, manifests, samples, caller } = dice.pick(KINDS);
    const old = drawn(dice, pool);
    const isSame = dice.chance(0.5);
    const now = isSame ? rewritten(dice, old) : drawn(dice, pool);
    const sides = [old, now].map(rules => parseManifests(manifests(rules)).objects);
    const [before, after] = sides.map(objects => ({ objects, translator: new Translator(objects) }));
    const [oldMesh, newMesh] = sides.map(objects => Mesh.fromManifests(objects));
    const isRefused = [before, after].some(({ translator }) => resourceRefusals(translator.translate(caller)).length > 0);
    if (isRefused) {
      refused.push({ seed, caller, sides: [manifests(old), manifests(now)], connections: [] });
      return [];
    }
    const changes = diffTraffic(before, after, callersOfBoth(before, after)).filter(({ connection }) => connection);
    examples += changes.length;
    const connections = changes.flatMap(({ connection }) => connection ?? []);
    if (connections.length > 0) pairs.push({ seed, caller, sides: [manifests(old), manifests(now)], connections });
    const problems = changes.flatMap(change => replayProblem(change, oldMesh, newMesh) ?? []);
    const noticed = samples.find(url => becomes(oldMesh, caller, { url }) !== becomes(newMesh, caller, { url }));
    if (noticed !== undefined && changes.length === 0) problems.push(`we report no change, but ${noticed} is treated differently`);
    if (noticed === undefined) alike++;
    if (isSame && changes.length > 0) problems.push(`is the same, but we report ${JSON.stringify(changes[0])}`);
    return problems.map(problem => `connections, seed ${seed}: ${problem}; ${JSON.stringify([old, now])}`);
  });
  report.add(
    `${count} generated pairs of rules for TCP and TLS without a reported change treat connections the same, and every example shows its change`,
    wrong,
    `${alike} the same, ${examples} examples; Envoy refuses ${refused.length} more`,
  );
  await judgeConnected(report, [...pairs, ...refused].filter((_, place) => place % CONNECTED === 0));
}
