import type { CallerClass } from './caller-classes';
import { CallerWords } from './caller-words';
import type { Caller } from './callers';
import { describeDestination, destinationOf } from './destination';
import { ProxyTraffic } from './proxy-traffic';
import type { Side } from './traffic-diff';
import { usedClusters } from './used-clusters';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** What fails while only a part of the new manifests is applied. */
export interface RolloutProblem {
  readonly kind: 'routed-before-it-exists' | 'gone-while-routed-to';
  readonly destination: string;
  readonly callers: readonly Caller[];
  readonly message: string;
  readonly repair: string;
}

/** Translates a set of objects for a caller. */
export type Translate = (objects: readonly KubernetesObject[]) => Side;

/**
 * Problems of the order: proxies receive VirtualServices and DestinationRules one by one. A destination that needs both fails with 503 if
 * one of them arrives first. Two intermediate states are checked: new routes with old destinations, and old routes with new destinations.
 */
export function rolloutProblems(old: Side, now: Side, sideOf: Translate, classes: readonly CallerClass[]): RolloutProblem[] {
  const isRule = ({ kind }: KubernetesObject) => kind === 'DestinationRule';
  const routesFirst = sideOf([...now.objects.filter(o => !isRule(o)), ...old.objects.filter(isRule)]);
  const rulesFirst = sideOf([...old.objects.filter(o => !isRule(o)), ...now.objects.filter(isRule)]);
  const problems = new Map<string, RolloutProblem & { readonly callers: Caller[] }>();
  const add = (kind: RolloutProblem['kind'], cluster: string, callers: readonly Caller[]) => {
    const key = `${kind} ${cluster}`;
    const known = problems.get(key);
    if (known) known.callers.push(...callers);
    else problems.set(key, problem(kind, cluster, [...callers]));
  };
  for (const { representative, members } of classes) {
    const missing = (side: Side) => missingClusters(new ProxyTraffic(side.translator.translate(representative)));
    const [before, after] = [missing(old), missing(now)];
    for (const cluster of missing(routesFirst)) {
      if (!before.has(cluster) && !after.has(cluster)) add('routed-before-it-exists', cluster, members);
    }
    for (const cluster of missing(rulesFirst)) {
      if (!before.has(cluster) && !after.has(cluster)) add('gone-while-routed-to', cluster, members);
    }
  }
  const words = new CallerWords(classes.flatMap(({ members }) => members));
  return [...problems.values()].map(p => ({ ...p, message: `${p.message} (${words.describe(p.callers)})` }));
}

/** Clusters that get requests but that the proxy does not have. */
function missingClusters(traffic: ProxyTraffic): Set<string> {
  return new Set([...usedClusters(traffic)].filter(cluster => !traffic.hasCluster(cluster)));
}

function problem(kind: RolloutProblem['kind'], cluster: string, callers: Caller[]): RolloutProblem & { readonly callers: Caller[] } {
  const destination = describeDestination(destinationOf(cluster));
  return kind === 'routed-before-it-exists'
    ? {
      kind,
      destination,
      callers,
      message: `${destination} gets requests before it exists if the VirtualService arrives first: 503`,
      repair: 'apply the DestinationRule first, and the VirtualService after it has arrived',
    }
    : {
      kind,
      destination,
      callers,
      message: `${destination} is gone while old routes still use it if the DestinationRule arrives first: 503`,
      repair: 'keep the subset for one more release, and remove it when no route uses it',
    };
}
