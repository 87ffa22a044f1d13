import type { Known } from './known';
import type { Reach } from './reach';
import type { Manifest } from '../manifest/manifest';
import { readValue } from '../manifest/shape';

const LABELS = { '*': 'string' } as const;
const REFERENCE = { group: 'string', kind: 'string', name: 'string', namespace: 'string' } as const;
const SELECTOR = { matchLabels: LABELS, labels: LABELS } as const;
const POLICY = { spec: { selector: SELECTOR, workloadSelector: SELECTOR, targetRef: REFERENCE, targetRefs: [REFERENCE] } } as const;

/** What an object of Istio is attached to: the pods that it selects, or the objects that it names. */
export type Target = Pick<Reach, 'namespace' | 'selector' | 'hosts'>;

/** The targets of an object with a selector or `targetRefs`. In the root namespace a selector counts for every namespace. */
export function targetsOf(object: Manifest, known: Known): readonly Target[] {
  const own = object.metadata.namespace ?? '';
  const { selector, workloadSelector } = readValue(POLICY, object)?.spec ?? {};
  const references = referencesOf(object);
  if (references.length > 0) return references.flatMap(reference => referred(reference, own, known));
  const labels = { ...selector?.matchLabels, ...workloadSelector?.matchLabels, ...workloadSelector?.labels };
  return [{
    ...(own === known.rootNamespace ? {} : { namespace: own }),
    ...(Object.keys(labels).length === 0 ? {} : { selector: labels }),
  }];
}

/** Whether an object is attached to pods by labels, or to gateways other than waypoints. */
export function isForPods(object: Manifest, known: Known): boolean {
  const own = object.metadata.namespace ?? '';
  return referencesOf(object).every(({ kind, name = '', namespace }) => kind === 'Gateway' && !known.isWaypoint(name, namespace || own));
}

function referencesOf(object: Manifest): readonly Reference[] {
  const { targetRef, targetRefs = [] } = readValue(POLICY, object)?.spec ?? {};
  return targetRef ? [...targetRefs, targetRef] : targetRefs;
}

type Reference = { readonly kind?: string; readonly name?: string; readonly namespace?: string };

function referred({ kind = '', name = '', namespace: stated }: Reference, own: string, known: Known): readonly Target[] {
  const namespace = stated || own;
  switch (kind) {
    case 'Service': return [{ hosts: [known.hostOf(name, namespace)] }];
    case 'ServiceEntry': return [{ hosts: known.hostsOfEntry(name, namespace) ?? ['*'] }];
    case 'Gateway': return known.isWaypoint(name, namespace) ? [{ namespace }] : known.podsOfGateway(name, namespace);
    case 'GatewayClass': return [{}];
    default: return [];
  }
}

/** The targets as reaches on a side. */
export function reaching(side: Reach['side'], targets: readonly Target[]): readonly Reach[] {
  return targets.map(target => ({ side, ...target }));
}
