import { asProtoDuration } from '../../manifest/duration';
import type { Json } from '../proxy-config';
import type { LoadBalancer } from '../traffic-policy';

/** How a cluster chooses an endpoint; round robin is Envoy's own default, and so is absent. */
export type Balancing = { readonly lbPolicy?: string; readonly [config: string]: Json };

const LEAST_REQUEST: Balancing = Object.freeze({ lbPolicy: 'LEAST_REQUEST' });

export function balancing(stated: LoadBalancer | undefined): Balancing {
  if (stated === undefined) return LEAST_REQUEST;
  const simple = simpleBalancing(stated);
  return stated.consistentHash ? hashing(stated.consistentHash, simple) : simple;
}

/** Whether connections go where they went anyway. */
export function isPassthrough(stated: LoadBalancer | undefined): boolean {
  return stated?.simple === 'PASSTHROUGH';
}

function simpleBalancing(stated: LoadBalancer): Balancing {
  const slowStartConfig = slowStart(stated);
  switch (stated.simple) {
    case 'RANDOM': return { lbPolicy: 'RANDOM' };
    case 'ROUND_ROBIN': return slowStartConfig ? { roundRobinLbConfig: { slowStartConfig } } : {};
    default: return slowStartConfig ? { ...LEAST_REQUEST, leastRequestLbConfig: { slowStartConfig } } : LEAST_REQUEST;
  }
}

function slowStart({ warmup, warmupDurationSecs }: LoadBalancer): Json {
  if (warmup) {
    const { duration, aggression = 1, minimumPercent = 10 } = warmup;
    return {
      ...(duration === undefined ? {} : { slowStartWindow: asProtoDuration(duration) }),
      aggression: { ...(aggression === 0 ? {} : { defaultValue: aggression }), runtimeKey: '(' }, // istiod's way to name no key
      minWeightPercent: minimumPercent === 0 ? {} : { value: minimumPercent },
    };
  }
  return warmupDurationSecs === undefined ? undefined : { slowStartWindow: asProtoDuration(warmupDurationSecs) };
}

/** Consistent hashing; the sizes that are stated replace the warm-up of the algorithm that it takes the place of. */
function hashing({ maglev, ringHash, minimumRingSize }: NonNullable<LoadBalancer['consistentHash']>, { lbPolicy: _, ...config }: Balancing): Balancing {
  if (maglev) return { lbPolicy: 'MAGLEV', ...(isStated(maglev.tableSize) ? { maglevLbConfig: { tableSize: String(maglev.tableSize) } } : config) };
  const size = ringHash ? ringHash.minimumRingSize : isStated(minimumRingSize) ? minimumRingSize : 1024;
  return { lbPolicy: 'RING_HASH', ...(isStated(size) ? { ringHashLbConfig: { minimumRingSize: String(size) } } : config) };
}

function isStated(size: number | string | undefined): boolean {
  return size !== undefined && Number(size) !== 0;
}
