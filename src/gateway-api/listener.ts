import type { Controller } from './gateway-classes';
import type { KindKey } from './references';
import { GROUP, kindOf } from './references';
import type { Listener, GatewaySpec } from '../manifest/gateway-api-specs.generated';
import type { ManifestOf } from '../manifest/manifest';
import type { FieldPath } from '../manifest/provenance';

/** The object that states a listener. */
export type ListenerOwner = ManifestOf<'KubernetesGateway'> | ManifestOf<'ListenerSet'>;

/** A listener of a Gateway, or of a ListenerSet that adds to it. */
export interface StatedListener {
  readonly owner: ListenerOwner;
  readonly path: FieldPath;
  /** With the port that it listens on; 0 if it has none. */
  readonly listener: Listener;
  /** The Gateway that it belongs to. */
  readonly gateway: ManifestOf<'KubernetesGateway'>;
}

/** The listeners of a Gateway itself. */
export function listenersOf(gateway: ManifestOf<'KubernetesGateway'>): StatedListener[] {
  return (gateway.spec?.listeners ?? []).map((listener, i) => ({ owner: gateway, path: ['spec', 'listeners', i], listener, gateway }));
}

/** The listeners that a ListenerSet adds to a Gateway. Its HTTP and HTTPS listeners may leave out the port. */
export function listenersOfSet(set: ManifestOf<'ListenerSet'>, gateway: ManifestOf<'KubernetesGateway'>): StatedListener[] {
  return (set.spec?.listeners ?? []).map((stated, i) => {
    const port = stated.port || DEFAULT_PORTS.get(stated.protocol ?? '') || 0;
    return { owner: set, path: ['spec', 'listeners', i], listener: { ...stated, port }, gateway };
  });
}

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([['HTTP', 80], ['HTTPS', 443]]);

/** The kinds of routes that a listener takes. */
export function routeKinds({ protocol, tls, allowedRoutes }: Listener): KindKey[] {
  const kinds = kindsOfProtocol(protocol, tls?.mode).map((kind): KindKey => `${GROUP}/${kind}`);
  const allowed = allowedRoutes?.kinds ?? [];
  if (allowed.length === 0) return kinds;
  const keys = new Set(allowed.map(kind => kindOf(kind, `${GROUP}/`)));
  return kinds.filter(kind => keys.has(kind));
}

function kindsOfProtocol(protocol: string | undefined, mode: string | undefined): readonly string[] {
  switch (protocol) {
    case 'HTTP':
    case 'HTTPS': return ['HTTPRoute', 'GRPCRoute'];
    case 'TCP': return ['TCPRoute'];
    case 'TLS': return mode === 'Terminate' ? ['TLSRoute', 'TCPRoute'] : ['TLSRoute'];
    default: return [];
  }
}

/** Whether Istio runs the Deployment and the Service of a Gateway: not if it names Services that run already. */
export function isManaged({ addresses = [] }: GatewaySpec): boolean {
  if (addresses.length > 1) return false;
  return addresses.length === 0 || (addresses[0].type ?? 'IPAddress') === 'IPAddress';
}

/** The name of the Service of a managed Gateway, which may state another than the usual one. */
export function serviceName(gateway: ManifestOf<'KubernetesGateway'>, controller: Controller): string {
  return gateway.metadata.annotations?.['gateway.istio.io/name-override'] || managedName(gateway, controller);
}

/** The usual name of the Service, the Deployment and the ServiceAccount that Istio makes for a Gateway. */
export function managedName({ metadata, spec = {} }: ManifestOf<'KubernetesGateway'>, { isWaypoint, isEastWest }: Controller): string {
  return isWaypoint || isEastWest ? metadata.name : `${metadata.name}-${spec.gatewayClassName ?? ''}`;
}
