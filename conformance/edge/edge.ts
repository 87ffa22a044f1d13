import { isDeepStrictEqual } from 'node:util';
import type { OneChange } from './changes';
import { oneChange } from './changes';
import { notJudgedOf } from '../../src/analysis/not-judged';
import { diffTraffic, callersOfBoth } from '../../src/diff/traffic-diff';
import { Edge } from '../../src/edge/edge';
import type { NotJudged } from '../../src/edge/not-judged';
import { unreadDifferences } from '../../src/edge/unread-differences';
import { Translator } from '../../src/envoy/translator';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Json, Proxy, ProxyConfig, TranslateCase } from '../istiod/client';
import { translate } from '../istiod/client';
import type { Report } from '../report';

const PROXIES: readonly Proxy[] = [
  { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web' } },
  { name: 'catalog', type: 'sidecar', namespace: 'shop', labels: { app: 'catalog', version: 'v1' } },
  { name: 'gate', type: 'gateway', namespace: 'shop', labels: { istio: 'ingressgateway' } },
];
const MESH_CONFIG = { extensionProviders: [{ name: 'zipkin', zipkin: { service: 'other.shop.svc.cluster.local', port: 80 } }] };

/** The side of a change as our `diff` reads it. */
function sideOf(objects: readonly KubernetesObject[]) {
  const options = { meshConfig: MESH_CONFIG };
  return { objects, meshConfig: MESH_CONFIG, translator: new Translator(objects, options), edge: new Edge(objects, options) };
}

/** Whether our `diff` says that something changes, or that something is not judged. Undefined where we refuse the manifests. */
function isTold({ before, after }: OneChange): boolean | undefined {
  try {
    const [old, now] = [sideOf(before), sideOf(after)];
    return unreadDifferences(old.edge, now.edge).length > 0 || diffTraffic(old, now, callersOfBoth(old, now)).length > 0;
  } catch (error) {
    if (/Refused/.test((error as Error).constructor.name)) return undefined;
    throw error;
  }
}

/**
 * Which of `request` and `analyze` do not name an object, where `diff` only says that it does not judge it. Items that reach no answer,
 * such as the content of certificates, concern `diff` alone.
 */
function silent({ before, after }: OneChange): string[] {
  const [old, now] = [sideOf(before), sideOf(after)];
  if (diffTraffic(old, now, callersOfBoth(old, now)).length > 0) return [];
  const changed = unreadDifferences(old.edge, now.edge)
    .flatMap(({ added, removed, changed: both }) => [...added, ...removed, ...both]);
  const items = [old, now].flatMap(({ edge }) => edge.items);
  const reaching = new Set(items.filter(({ reaches }) => reaches.length > 0).map(({ name }) => name));
  if (!changed.some(object => reaching.has(object))) return [];
  const isNamed = (notJudged: readonly NotJudged[]) => notJudged.some(({ objects }) => objects.some(object => changed.includes(object)));
  const ofRequests = [old, now].flatMap(({ edge }) => PROXIES.flatMap(proxy => edge.at(proxy).notJudged()));
  const ofAnalysis = [before, after].flatMap(objects => notJudgedOf(objects, { meshConfig: MESH_CONFIG }));
  return [...(isNamed(ofRequests) ? [] : ['request']), ...(isNamed(ofAnalysis) ? [] : ['analyze'])];
}

/** Names of statistics and of objects, and how istiod delivers them. */
const NAMES: ReadonlySet<string> = new Set([
  'altStatName',
  'statPrefix',
  'metadata',
  'decorator',
  'logFormat',
  'routeConfigName',
  'accessLog',
  'tracing',
]);

/** Lists that istiod writes in the order of its maps. */
const UNORDERED: ReadonlySet<string> = new Set(['headers', 'queryParameters', 'requestHeadersToAdd', 'responseHeadersToAdd']);

function meaning(value: Json, field = ''): Json {
  if (Array.isArray(value)) {
    const items = value.map(item => meaning(item));
    return UNORDERED.has(field) ? items.map(item => JSON.stringify(item)).sort() : items;
  }
  // The addresses of pods are those of the harness, in the order of its Deployments.
  if (typeof value === 'string') return value.replace(/\b10\.10\.\d+\.\d+/, 'pod');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).filter(key => !NAMES.has(key)).sort().map(key => [key, meaning(value[key], key)]));
}

/** What a proxy does, without the order in which istiod sends its parts. */
function sentTo({ listeners, clusters, routes, endpoints }: ProxyConfig): Json {
  const sorted = (list: readonly Json[]) => list.map(each => JSON.stringify(meaning(each))).sort();
  const served = sorted(routes.map(({ name: _, ...route }) => route));
  const accepted = sorted(listeners);
  // What nothing refers to gets no request.
  const all = [...accepted, ...served].join('');
  const isUsed = (name: string) => all.includes(JSON.stringify(name));
  const pods = Object.entries(endpoints).filter(([name]) => isUsed(name))
    .map(([name, addresses]) => [name, meaning(addresses).sort()]);
  return [accepted, sorted(clusters.filter(({ name }) => isUsed(name))), served, pods.sort()];
}

type Sent = { readonly proxies: readonly ProxyConfig[] };

function differs(before: Sent, after: Sent): string[] {
  return before.proxies.filter((proxy, i) => !isDeepStrictEqual(sentTo(proxy), sentTo(after.proxies[i]))).map(({ name }) => name);
}

/** A change, and what istiod sends before and after it. */
interface Judged {
  readonly each: OneChange;
  readonly before: Sent;
  readonly after: Sent;
  readonly isTold: boolean;
}

function asked(objects: readonly KubernetesObject[], id: string): TranslateCase {
  const manifests = objects.map(each => JSON.stringify(each)).join('\n---\n');
  return { id, manifests, proxies: PROXIES, meshConfig: JSON.stringify(MESH_CONFIG) };
}

/** A change with istiod's answers, for each of some seeds; undefined where istiod or our side refuses it. */
async function judgedChanges(seeds: readonly number[]): Promise<(Judged | undefined)[]> {
  const cases = seeds.map(seed => oneChange(seed));
  const answers = await translate(cases.flatMap(({ before, after }, i) => [asked(before, `${i} before`), asked(after, `${i} after`)]));
  return cases.map((each, i) => {
    const [before, after] = [answers[2 * i], answers[2 * i + 1]];
    if (before.error !== undefined || after.error !== undefined) return undefined;
    const told = isTold(each);
    return told === undefined ? undefined : { each, before, after, isTold: told };
  });
}

/** A refused change proves nothing, so another one takes its place: so many times, by seeds at this distance. */
const [ROUNDS, DISTANCE] = [4, 1_000_000];
/** The maximum share of changes for which no other one is accepted either. */
const REFUSED = 0.02;

/** Compares `diff` on meshes in which one object changes with what istiod sends: where that differs, `diff` must not say "the same". */
export async function judgeEdge(report: Report, count: number, seed = 1): Promise<void> {
  const judged: Judged[] = [];
  let [waiting, refused] = [Array.from({ length: count }, (_, i) => seed + i), 0];
  for (let round = 0; round < ROUNDS && waiting.length > 0; round++) {
    const changes = await judgedChanges(waiting);
    judged.push(...changes.filter(change => change !== undefined));
    waiting = waiting.filter((_, i) => changes[i] === undefined).map(each => each + DISTANCE);
    refused += waiting.length;
  }
  let differing = 0;
  const wrong = judged.flatMap(({ each, before, after, isTold: told }) => {
    const proxies = differs(before, after);
    if (proxies.length === 0) return [];
    differing++;
    return (told ? silent(each) : ['diff']).map(
      command => `${each.id}: what istiod sends to ${proxies.join(' and ')} differs, and ${command} says nothing`);
  });
  report.add('where istiod sends something else after a change of one object, diff mentions a change or what is not judged; '
    + 'in the second case request and analyze mention it too', [
    ...wrong, ...waiting.length > count * REFUSED ? [`${waiting.length} of ${count} changes are refused, and ${ROUNDS - 1} in their place too`] : [],
  ], `${judged.length} changes: ${differing} of what istiod sends, ${judged.length - differing} of nothing that it sends; `
    + `${refused} refused ones are replaced`);
}
