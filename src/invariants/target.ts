import type { CheckedMesh } from './checked-mesh';
import type { TargetFields } from './invariant';
import { hasSubset } from './subsets';
import { nearest } from '../traffic/nearest';

/** What a destination is compared by. */
export interface Place {
  readonly host?: string;
  readonly subset?: string;
  readonly port?: number;
}

/** A destination of an invariant, found in the registry. */
export interface Target {
  readonly words: string;
  /** The full hosts of its services. Empty for what has none. */
  readonly hosts: readonly string[];
  readonly subset?: string;
  readonly takes: (place: Place) => boolean;
  /** Why it is not in the input, so that nothing is proven of it. */
  readonly problem?: string;
}

/** Finds the destination that an invariant names. */
export function targetOf({ host, namespace, subset, port }: TargetFields, mesh: CheckedMesh): Target {
  const { clusterDomain } = mesh.parts.translator;
  if (host === undefined) {
    const ending = `.${namespace}.svc.${clusterDomain}`;
    const hosts = [...mesh.services.keys()].filter(each => each.endsWith(ending));
    const takes = (place: Place) => place.host?.endsWith(ending) === true;
    const problem = `the input has no Service of namespace ${namespace}`;
    return { words: `a Service of namespace ${namespace}`, hosts, takes, ...(hosts.length === 0 && { problem }) };
  }
  const [full, ...others] = mesh.hostsNamed(host);
  const words = `${subset === undefined ? '' : `${subset} of `}${full ?? host}${port === undefined ? '' : `, port ${port}`}`;
  const takes = (place: Place) => place.host === full && (subset === undefined || place.subset === subset)
    && (port === undefined || place.port === port);
  const hosts = full === undefined ? [] : [full];
  return { words, hosts, takes, ...(subset !== undefined && { subset }), ...problemOf({ host, subset, port }, full, others, mesh) };
}

function problemOf(
  { host, subset, port }: TargetFields, full: string | undefined, others: readonly string[], mesh: CheckedMesh,
): Pick<Target, 'problem'> {
  if (full === undefined) {
    const close = nearest(host!, [...mesh.services.keys()].flatMap(name => [name, name.split('.').slice(0, 2).join('.')]));
    const advice = close === undefined ? '' : `; did you mean ${close}?`;
    return { problem: `the input has no Service or ServiceEntry with the host ${host}${advice}` };
  }
  if (others.length > 0) return { problem: `${host} stands for ${[full, ...others].sort().join(' and ')}; write one of them` };
  const ports = mesh.services.get(full)!.flatMap(service => service.ports.map(({ number }) => number));
  if (subset !== undefined && !hasSubset(full, subset, mesh.parts)) return { problem: `no DestinationRule for ${full} has a subset ${subset}` };
  if (port !== undefined && !ports.includes(port)) return { problem: `${full} has no port ${port}; it has ${ports.join(', ')}` };
  return {};
}
