import type { ConsistentHashLB, LoadBalancerSettings } from '../../manifest/istio-specs.generated';
import type { LoadBalancing, SlowStartConfig } from '../xds/cluster';
import { durationOf } from '../xds/proto-values';

const LEAST_REQUEST: LoadBalancing = Object.freeze({ lbPolicy: 'LEAST_REQUEST' });

/** How a cluster chooses an endpoint. Round robin is Envoy's default, so its `lbPolicy` is absent. */
export function balancing(stated: LoadBalancerSettings | undefined): LoadBalancing {
  if (stated === undefined) return LEAST_REQUEST;
  const simple = simpleBalancing(stated);
  return stated.consistentHash ? hashing(stated.consistentHash, simple) : simple;
}

/** Whether connections keep their original destination. */
export function isPassthrough(stated: LoadBalancerSettings | undefined): boolean {
  return stated?.simple === 'PASSTHROUGH';
}

function simpleBalancing(stated: LoadBalancerSettings): LoadBalancing {
  const slowStartConfig = slowStart(stated);
  switch (stated.simple) {
    case 'RANDOM': return { lbPolicy: 'RANDOM' };
    case 'ROUND_ROBIN': return slowStartConfig ? { roundRobinLbConfig: { slowStartConfig } } : {};
    default: return slowStartConfig ? { ...LEAST_REQUEST, leastRequestLbConfig: { slowStartConfig } } : LEAST_REQUEST;
  }
}

function slowStart({ warmup, warmupDurationSecs }: LoadBalancerSettings): SlowStartConfig | undefined {
  if (warmup) {
    const { duration, aggression = 1, minimumPercent = 10 } = warmup;
    return {
      ...(duration === undefined ? {} : { slowStartWindow: durationOf(duration) }),
      aggression: { ...(aggression === 0 ? {} : { defaultValue: aggression }), runtimeKey: '(' }, // istiod's placeholder for an empty key
      minWeightPercent: minimumPercent === 0 ? {} : { value: minimumPercent },
    };
  }
  return warmupDurationSecs === undefined ? undefined : { slowStartWindow: durationOf(warmupDurationSecs) };
}

/** Consistent hashing. A size that is set replaces the warm-up, which istiod keeps in the field of the simple algorithm. */
function hashing({ maglev, ringHash, minimumRingSize }: ConsistentHashLB, { lbPolicy: _, ...config }: LoadBalancing): LoadBalancing {
  if (maglev) {
    const { tableSize } = maglev;
    return { lbPolicy: 'MAGLEV', ...(isStated(tableSize) ? { maglevLbConfig: { tableSize: `${tableSize}` } } : config) };
  }
  const size = ringHash ? ringHash.minimumRingSize : isStated(minimumRingSize) ? minimumRingSize : 1024;
  return { lbPolicy: 'RING_HASH', ...(isStated(size) ? { ringHashLbConfig: { minimumRingSize: `${size}` } } : config) };
}

function isStated(size: number | undefined): size is number {
  return size !== undefined && size !== 0;
}
