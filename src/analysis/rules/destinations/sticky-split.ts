import type { PortTrafficPolicy, TrafficPolicy } from '../../../manifest/istio-specs.generated';
import { hostPolicyOf } from '../../facts/host-policies';
import { routeDestinations } from '../../facts/route-destinations';
import type { DestinationRule } from '../../facts/visibility';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function isHashed(policy: TrafficPolicy | undefined): boolean {
  const levels: readonly (TrafficPolicy | PortTrafficPolicy | undefined)[] = [policy, ...policy?.portLevelSettings ?? []];
  return levels.some(stated => stated?.loadBalancer?.consistentHash !== undefined);
}

/** The hosts with consistent hashing, with the DestinationRule that states it. */
function hashedHosts(index: TrafficIndex): ReadonlyMap<string, DestinationRule> {
  return new Map(index.of('DestinationRule').flatMap(object => {
    const { host = '', policy, subsets = [] } = hostPolicyOf(object, index) ?? {};
    return isHashed(policy) || subsets.some(subset => isHashed(subset.trafficPolicy)) ? [[host, object] as const] : [];
  }));
}

export const rule = defineRule({
  id: 'sticky-split',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A weighted split breaks the stickiness of consistent hashing',
  effect: 'Envoy draws the subset again for each request, and hashes within the subset alone.',
  check(object, report, index) {
    const hashed = index.memo(hashedHosts);
    if (hashed.size === 0) return;
    for (const { destinations, path } of routeDestinations(object, index)) {
      const split = destinations.filter(({ mirror, weight = 0 }) => !mirror && weight > 0);
      const policy = split.map(({ host }) => hashed.get(host)).find(found => found !== undefined);
      if (split.length < 2 || !policy) continue;
      report(`${path}.route`, `DestinationRule ${index.nameOf(policy)} hashes requests to keep each caller on one pod, but this `
        + 'entry draws a '
        + `destination for each request before Envoy hashes: callers move between ${
          split.map(({ subset, host }) => subset ?? host).join(' and ')}`,
      'match what tells the callers of each version apart, such as a cookie with the version, and send each to one destination; or '
        + 'remove the hash');
    }
  },
});
