import { canonicalText } from './canonical-text';
import type { RegisteredHost } from './registry';
import type { VirtualService } from './virtual-services';
import { fullHostsOf, isForMesh, matchesIn } from './virtual-services';
import type { Workload } from './workloads';
import { groupBy } from '../../manifest/group-by';
import type { Labels } from '../../manifest/labels';
import type { Manifest } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

/** A call that the input declares: by the labels of callers in a VirtualService, or by the options. */
export interface StatedCall {
  readonly caller: Workload;
  /** The called host in full. */
  readonly host: string;
  /** Where a VirtualService states it. */
  readonly path?: string;
}

/** With callers in more namespaces, the labels of a match say nothing about who calls. */
const MOST_NAMESPACES = 5;

function knownCallers(): Map<string, readonly Workload[]> {
  return new Map();
}

/** The workloads that a match takes for its callers. */
function callersBy(labels: Labels, namespace: string | undefined, index: TrafficIndex): readonly Workload[] {
  const known = index.memo(knownCallers);
  const key = canonicalText([labels, namespace]);
  let callers = known.get(key);
  if (!callers) {
    const all = index.workloads.selectedBy(labels, namespace);
    known.set(key, callers = new Set(all.map(caller => caller.namespace)).size > MOST_NAMESPACES ? [] : all);
  }
  return callers;
}

/** The calls that a VirtualService states, each once. */
export function callsIn(object: VirtualService, index: TrafficIndex): readonly StatedCall[] {
  if (!isForMesh(object)) return [];
  const hosts = [...new Set(fullHostsOf(object, index))];
  return matchesIn(object).flatMap(({ match: { sourceLabels = {}, sourceNamespace }, path }) => {
    if (Object.keys(sourceLabels).length === 0) return [];
    const callers = callersBy(sourceLabels, sourceNamespace || undefined, index);
    return callers.flatMap(caller => hosts.map(host => ({ caller, host, path: `${path}.sourceLabels` })));
  });
}

/** The calls that the options state, each once, by the Service or ServiceEntry whose pods call. */
export function callsByOptions(index: TrafficIndex): ReadonlyMap<Manifest, readonly StatedCall[]> {
  return index.memo(findByOptions);
}

function findByOptions(index: TrafficIndex): ReadonlyMap<Manifest, readonly StatedCall[]> {
  const told = new Set<string>();
  const calls = index.callers.flatMap(from => index.registry.named(from).flatMap(registered => callsOf(registered, index.callsOf(from),
    index)));
  const once = calls.filter(({ caller, host }) => {
    const key = `${caller.object.kind} ${index.nameOf(caller.object)} ${host}`;
    return !told.has(key) && told.add(key);
  });
  return groupBy(once, ({ object }) => object);
}

function callsOf({ object, selector, namespace }: RegisteredHost, hosts: readonly string[],
  { workloads }: TrafficIndex): (StatedCall & { readonly object: Manifest })[] {
  return selector ? workloads.selectedBy(selector, namespace).flatMap(caller => hosts.map(host => ({ object, caller, host }))) : [];
}
