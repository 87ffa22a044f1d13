import type { Waypoint, Waypoints } from '../../gateway-api/waypoints';
import type { Note } from '../note';
import type { Service } from '../service';
import type { ServiceRegistry } from '../service-registry';

/** The services that a waypoint serves. */
export interface ServedServices {
  /** One per host, in istiod's order. */
  readonly all: readonly Service[];
  readonly isServed: (host: string) => boolean;
}

/** The services whose connections pass a waypoint. Those of which the input does not tell are left out with a note. */
export function servedServices(
  { namespace, name }: Waypoint, waypoints: Waypoints, registry: ServiceRegistry, notes: Note[],
): ServedServices {
  // Of several namespaces with one host, istiod takes the last by name.
  const byHost = new Map<string, Service>();
  for (const service of registry.services) {
    if (service.resolution === 'ALIAS' || registry.find(service.host, service.namespace) !== service) continue;
    const binding = waypoints.ofService(service.object);
    if (binding.is === 'unknown') {
      const message = `whether ${service.host} uses the waypoint ${namespace}/${name} is not known: ${binding.why}`;
      notes.push({ object: service.object, message });
    }
    if (binding.is !== 'bound' || binding.waypoint.name !== name || binding.waypoint.namespace !== namespace) continue;
    if (service.resolution === 'DYNAMIC_DNS') {
      notes.push({ object: service.object, message: `${service.host} is looked up per request, which is not translated for waypoints` });
    } else if ((byHost.get(service.host)?.namespace ?? '') < service.namespace) {
      byHost.set(service.host, service);
    }
  }
  return { all: registry.services.filter(service => byHost.get(service.host) === service), isServed: host => byHost.has(host) };
}
