import type { Fields } from './fields';
import { isObject, items, texts } from './fields';
import type { TrafficIndex } from './traffic-index';
import { addToGroup } from '../manifest/group-by';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** A rule of a root VirtualService that leaves its requests to a delegate. */
export interface Delegation {
  readonly root: KubernetesObject;
  readonly rule: Fields;
  readonly path: string;
  /** `namespace/name` of the delegate. */
  readonly key: string;
  readonly delegate: KubernetesObject | undefined;
}

/** Made once for each set of manifests. */
const KNOWN = new WeakMap<TrafficIndex, { readonly all: readonly Delegation[]; readonly to: ReadonlyMap<KubernetesObject, readonly Delegation[]> }>();

export function delegations(index: TrafficIndex): readonly Delegation[] {
  return known(index).all;
}

/** Those that take a VirtualService for their delegate. */
export function delegationsTo(index: TrafficIndex, delegate: KubernetesObject): readonly Delegation[] {
  return known(index).to.get(delegate) ?? [];
}

/** Whether a VirtualService is written for roots to delegate to. */
export function isDelegate({ spec }: KubernetesObject): boolean {
  return texts(spec?.hosts).length === 0;
}

function known(index: TrafficIndex) {
  const found = KNOWN.get(index);
  if (found) return found;
  const all = [...read(index)];
  const to = new Map<KubernetesObject, Delegation[]>();
  for (const delegation of all) {
    if (delegation.delegate) addToGroup(to, delegation.delegate, delegation);
  }
  const made = { all, to };
  KNOWN.set(index, made);
  return made;
}

function* read(index: TrafficIndex): Generator<Delegation> {
  const byName = new Map(index.of('VirtualService').map(object => [index.nameOf(object), object]));
  for (const root of index.of('VirtualService')) {
    if (isDelegate(root)) continue;
    for (const [r, rule] of items(root.spec?.http).entries()) {
      if (!isObject(rule.delegate)) continue;
      const key = `${rule.delegate.namespace || index.namespaceOf(root)}/${rule.delegate.name}`;
      yield { root, rule, path: `spec.http[${r}].delegate`, key, delegate: byName.get(key) };
    }
  }
}
