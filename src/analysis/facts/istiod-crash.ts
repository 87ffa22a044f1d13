import type { ServiceEntry } from './entry-ports';
import { hostAndWildcards } from './host-lookup';
import { policiesByHost } from './host-policies';
import type { DestinationRule } from './visibility';
import { PINNED } from '../../envoy/istio-versions';
import type { PortTrafficPolicy, TrafficPolicy } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** How istiod crashes: nothing in it catches the panic, and the next istiod reads the same objects. */
export const CRASH = `istiod ${PINNED} panics (nil pointer, or index out of range) while it makes a proxy's configuration, `
  + 'and nothing catches the panic: it exits, and so does the next one that reads these objects';

/** What every crash means for Envoy. */
export const CRASH_EFFECT = 'Envoy gets no further changes: istiod panics before it has made the configuration.';

/** A policy for a host as a whole, or for a port of it; those of subsets crash nothing. */
export interface CrashLevel {
  readonly object: DestinationRule;
  readonly policy: TrafficPolicy | PortTrafficPolicy | undefined;
  readonly path: string;
}

/** The policies that the hosts of a ServiceEntry may have, for the ports that it has. */
export function crashLevels({ spec: { ports = [], hosts = [] } = {} }: ServiceEntry, index: TrafficIndex): CrashLevel[] {
  const numbers = new Set(ports.map(({ number }) => number));
  const names = new Set(hosts.flatMap(hostAndWildcards));
  return [...names].flatMap(host => policiesByHost(index).get(host) ?? []).flatMap(({ object, policy }): CrashLevel[] => [
    { object, policy, path: 'spec.trafficPolicy' },
    ...(policy?.portLevelSettings ?? []).map((entry, e) => ({ object, policy: entry, path: `spec.trafficPolicy.portLevelSettings[${e}]` }))
      .filter(({ policy: { port } }) => numbers.has(port?.number)),
  ]);
}
