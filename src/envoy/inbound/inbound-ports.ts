import type { SidecarSpec } from '../../manifest/istio-specs.generated';
import { byAge } from '../../manifest/kubernetes-object';
import type { Protocol } from '../protocol';
import { parseProtocol } from '../protocol';
import type { Proxy } from '../proxy';
import type { Service } from '../service';
import type { ServiceRegistry } from '../service-registry';

/** A port of the pod that the sidecar knows. */
export interface InboundPort {
  /** The port of the pod. */
  readonly target: number;
  /** The port of the Service, or of the Sidecar's ingress listener. */
  readonly number: number;
  readonly protocol: Protocol;
  /** The first service that has it; undefined for a port of a Sidecar that no service has. */
  readonly service?: Service;
  /** Whether a Sidecar states it. */
  readonly isIngress?: boolean;
  /** The `defaultEndpoint` of the Sidecar. */
  readonly endpoint?: string;
  /** The address that names its chains, and that a listener of its own binds to. @default every address */
  readonly bind?: string;
  /** Whether it has a listener of its own, as connections to it are not redirected. */
  readonly bindsToPort?: boolean;
}

/** The ports that a proxy's own listeners take. */
const OWN: ReadonlySet<number> = new Set([15001, 15006]);

/** The ports of a pod, by number: those of the Sidecar's ingress listeners, else those of the services that select the pod. */
export function inboundPorts(proxy: Proxy, { ingress = [] }: SidecarSpec, registry: ServiceRegistry): InboundPort[] {
  const ofServices = servicePorts(registry.selecting(proxy.namespace, proxy.labels ?? {}), proxy, registry);
  const all = ingress.length > 0 ? ingress.map((listener): InboundPort => ({
    target: listener.port?.number ?? 0,
    number: listener.port?.number ?? 0,
    protocol: parseProtocol(listener.port?.protocol ?? ''),
    service: ofServices.find(({ target }) => target === listener.port?.number)?.service,
    isIngress: true,
    endpoint: listener.defaultEndpoint,
    bind: listener.bind || registry.pods(proxy.namespace, proxy.labels ?? {})[0]?.address,
    bindsToPort: listener.captureMode === 'NONE',
  })) : ofServices;
  const first = new Map<number, InboundPort>();
  for (const port of all) if (!first.has(port.target)) first.set(port.target, port);
  return [...first.values()].sort((a, b) => a.target - b.target);
}

function servicePorts(selecting: readonly Service[], proxy: Proxy, registry: ServiceRegistry): InboundPort[] {
  const byHost = selecting.map(service => ({
    service,
    place: { ...service.object, metadata: { ...service.object.metadata, name: service.host } },
  }));
  return byHost.sort((a, b) => byAge(a.place, b.place)).flatMap(({ service }) => portsOf(service, proxy, registry));
}

/** The ports of the pod behind the ports of one service. Several may be the same port of the pod. */
export function portsOf(service: Service, proxy: Proxy, registry: ServiceRegistry): InboundPort[] {
  return service.ports.flatMap(({ number, protocol }, place) => {
    const target = protocol === 'UDP' ? undefined : targetPort(service, place, proxy, registry);
    return target === undefined || OWN.has(target) ? [] : [{ target, number, protocol, service }];
  });
}

/** The port of the pod behind a port of a service; undefined for a name that no container of the pod has. */
function targetPort(
  { object, ports }: Service,
  place: number,
  { namespace, labels = {} }: Proxy,
  registry: ServiceRegistry,
): number | undefined {
  const { number } = ports[place];
  const stated = object.spec?.ports?.[place]?.targetPort;
  if (typeof stated !== 'string') return stated || number;
  return registry.pods(namespace, labels).map(pod => pod.ports.get(stated)).find(port => port !== undefined);
}
