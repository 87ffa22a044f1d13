import type { VirtualServiceSpecHttpRoute, VirtualServiceSpecHttpRouteDestination } from '../../../imports/networking.istio.io';
import type { Share, Target } from '../model/target';
import { destinationPort, receiving } from '../model/target';

/** A destination in Istio's form, with its port. */
export function destination(target: Target, port: number): VirtualServiceSpecHttpRouteDestination {
  return { host: target.host, subset: target.subset, port: { number: destinationPort(target, port) } };
}

/** Omits shares with weight 0, like istiod. A single destination needs no weight. */
export function destinations(shares: readonly Share[], port: number): VirtualServiceSpecHttpRoute[] {
  const targets = receiving(shares);
  return targets.map(({ target, weight, headers }) => ({
    destination: destination(target, port), weight: targets.length > 1 ? weight : undefined, headers,
  }));
}
