import type { EndpointBehaviour } from './endpoint';
import { Endpoint, checkBehaviour } from './endpoint';
import type { Destination } from '../clusters';

/**
 * How endpoints behave, by `address:port`, subset, service, `service/subset`, or `*` for all others. A list describes one endpoint per
 * item.
 */
export interface EndpointBehaviours { readonly [destination: string]: EndpointBehaviour | readonly EndpointBehaviour[] }

/** The endpoints of a load. An address is one endpoint, even if several clusters hold it. */
export class Endpoints {
  public readonly byAddress = new Map<string, Endpoint>();

  constructor(private readonly behaviours: EndpointBehaviours, private readonly random: () => number) {
    for (const [of, behaviour] of Object.entries(behaviours)) {
      for (const each of [behaviour].flat() as EndpointBehaviour[]) checkBehaviour(of, each);
      if (Array.isArray(behaviour) && behaviour.length === 0) throw new Error(`endpoints '${of}': the list is empty; add an endpoint`);
    }
  }

  /** The endpoints of a cluster: those in the manifests, else one per behavior, else one. */
  public of(destination: Destination): Endpoint[] {
    const behaviour = this.behaviourOf(destination);
    const list = Array.isArray(behaviour) ? behaviour as readonly EndpointBehaviour[] : undefined;
    const { endpoints: known } = destination;
    const count = list?.length ?? Math.max(known.length, 1);
    const addresses =
      known.length === count
        ? known
        : Array.from({ length: count }, (_, i) => `${destination.subset ?? destination.host ?? destination.cluster} ${i + 1}`);
    return addresses.map((address, i) => this.at(address, list?.[i] ?? behaviour as EndpointBehaviour));
  }

  private at(address: string, behaviour: EndpointBehaviour): Endpoint {
    let endpoint = this.byAddress.get(address);
    if (!endpoint) {
      const own = this.stated(address);
      endpoint = new Endpoint(address, (Array.isArray(own) ? own[0] : own) ?? behaviour, this.random);
      this.byAddress.set(address, endpoint);
    }
    return endpoint;
  }

  private behaviourOf({ host, subset, cluster }: Destination): EndpointBehaviour | readonly EndpointBehaviour[] {
    const services = host === undefined ? [cluster] : [host, host.split('.').slice(0, 2).join('.'), host.split('.')[0]];
    const names = [...(subset === undefined ? [] : [...services.map(service => `${service}/${subset}`), subset]), ...services, '*'];
    return names.map(name => this.stated(name)).find(behaviour => behaviour !== undefined) ?? {};
  }

  private stated(name: string): EndpointBehaviour | readonly EndpointBehaviour[] | undefined {
    return Object.hasOwn(this.behaviours, name) ? this.behaviours[name] : undefined;
  }
}
