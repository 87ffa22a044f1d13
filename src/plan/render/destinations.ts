import type { VirtualServiceSpecHttpRoute, VirtualServiceSpecHttpRouteDestination } from '../../../imports/networking.istio.io';
import type { Share, Target } from '../model/target';
import { destinationPort, receiving } from '../model/target';

/** A cluster as Istio writes it, by its port. */
export function destination(target: Target, port: number): VirtualServiceSpecHttpRouteDestination {
  return { host: target.host, subset: target.subset, port: { number: destinationPort(target, port) } };
}

/** Shares of zero are left out, as istiod would; a lone one needs no weight. */
export function destinations(shares: readonly Share[], port: number): VirtualServiceSpecHttpRoute[] {
  const targets = receiving(shares);
  return targets.map(({ target, weight, headers }) => ({
    destination: destination(target, port), weight: targets.length > 1 ? weight : undefined, headers,
  }));
}
