import type { Proxy } from '../envoy/proxy';
import type { Service } from '../envoy/service';
import type { Translator } from '../envoy/translator';

/** A service that is called, and the waypoint that callers in ambient mode pass on the way. */
export interface CalledService {
  readonly service: Service;
  readonly binding: ReturnType<Translator['waypoints']['ofService']>;
}

/** The service that a caller of a namespace means by a host; undefined for a host without a service in the input. */
export function calledService(
  host: string, namespace: string, { services, clusterDomain, waypoints }: Translator,
): CalledService | undefined {
  const name = (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase();
  const full = [name, `${name}.${namespace}.svc.${clusterDomain}`, `${name}.svc.${clusterDomain}`, `${name}.${clusterDomain}`];
  const service = full.map(each => services.find(known => known.host === each)).find(found => found !== undefined);
  return service && { service, binding: waypoints.ofService(service.object) };
}

/** What a ztunnel does with the connections of a pod in ambient mode to a service. */
export function describeZtunnel({ service: { host }, binding }: CalledService): string {
  if (binding.is === 'bound') {
    const { waypoint: { namespace, name }, weighted } = binding;
    const share = weighted ? ', or to its canary, by weight' : '';
    return `ztunnel hands the connection to the waypoint ${namespace}/${name}${share}, which the labels choose; nothing on the side of the caller routes it`;
  }
  if (binding.is === 'unknown') return `whether ${host} uses a waypoint is not known: ${binding.why}`;
  return `ztunnel hands the connection to a pod of ${host}, without a waypoint: ${binding.why}. No route, subset, retry or policy on requests applies`;
}

/** What a sidecar or a gateway does with the waypoint of a service that it calls; undefined for a service without one. */
export function describeBypass(
  { type }: Proxy, { service: { host, object }, binding }: CalledService, { waypoints }: Translator,
): string | undefined {
  if (binding.is !== 'bound') return undefined;
  const name = `the waypoint ${binding.waypoint.namespace}/${binding.waypoint.name} of ${host}`;
  if (type === 'sidecar') return `${name} is bypassed: sidecars route by themselves`;
  const takes = waypoints.takesIngress(object);
  if (takes === undefined) return `whether ${name} gets the request is not known: the labels of the namespace are not in the input`;
  return takes ? `${name} gets the request next, and routes it again; --waypoint asks it`
    : `${name} is bypassed: the label istio.io/ingress-use-waypoint is not true`;
}
