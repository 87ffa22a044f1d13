import type { Rivals } from './rivals';
import { rivalsBy } from './rivals';
import { Sidecars } from '../../envoy/sidecars';
import { isHostWithin } from '../../manifest/host-name';
import type { Labels } from '../../manifest/labels';
import type { ManifestOf } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

export type Sidecar = ManifestOf<'Sidecar'>;

export function selectorOf({ spec }: Sidecar): Labels {
  return spec?.workloadSelector?.labels ?? {};
}

/** Whether a Sidecar is for all pods of its namespace. */
export function isForAll(object: Sidecar): boolean {
  return Object.keys(selectorOf(object)).length === 0;
}

/** The Sidecar that the pods of a namespace obey: those with these labels, or without any. */
export function sidecarOf(namespace: string, labels: Labels | undefined, index: TrafficIndex): Sidecar | undefined {
  return index.memo(sidecars).of({ type: 'sidecar', namespace, ...(labels && { labels }) }) as Sidecar | undefined;
}

function sidecars(index: TrafficIndex): Sidecars {
  return new Sidecars(index.of('Sidecar'), index.meshConfig.rootNamespace);
}

/** The Sidecars without a selector, by namespace, in the order of the input. */
export function defaultSidecars(index: TrafficIndex): ReadonlyMap<string, Rivals<Sidecar>> {
  return index.memo(findDefaults);
}

function findDefaults(index: TrafficIndex): ReadonlyMap<string, Rivals<Sidecar>> {
  return rivalsBy(index.of('Sidecar').filter(isForAll), object => index.namespaceOf(object));
}

/** Whether a Sidecar lets the pods of a namespace see a host of a namespace. */
export function imports({ spec: { egress = [] } = {} }: Sidecar, own: string, host: string, namespace: string): boolean {
  const entries = egress.flatMap(({ hosts = [] }) => hosts);
  const covers = (entry: string) => {
    const [scope, name] = splitEntry(entry);
    const from = scope === '.' ? own : scope;
    return (from === '*' || from === namespace) && (name === '*' || isHostWithin(host, name));
  };
  const excluded = entries.filter(entry => entry.startsWith('~')).map(entry => `${entry.startsWith('~/') ? '*' : ''}${entry.slice(1)}`);
  return egress.length === 0 || (entries.some(covers) && !excluded.some(covers));
}

/** The namespace and the host of an entry `namespace/host`. */
export function splitEntry(entry: string): readonly [namespace: string, host: string] {
  const slash = entry.indexOf('/');
  return [entry.slice(0, slash), entry.slice(slash + 1)];
}

/** Namespaces whose pods have no sidecar because ztunnel carries their traffic. */
export function ambientNamespaces(index: TrafficIndex): ReadonlySet<string> {
  return index.memo(findAmbient);
}

function findAmbient(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('Namespace').filter(({ metadata: { labels = {} } }) => (
    labels['istio-injection'] !== 'enabled' && !labels['istio.io/rev'] && labels['istio.io/dataplane-mode'] === 'ambient'))
    .map(({ metadata }) => metadata.name));
}
