import type { Labels } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { isOfKind } from '../manifest/manifest';

/** The label of the pods of a Gateway of the Gateway API, with its name. */
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** The title of a gateway: the name of its Gateway of the Gateway API, else its labels. */
export function gatewayTitle(labels: Labels = {}): string {
  const { [GATEWAY_NAME]: name, ...others } = labels;
  if (name !== undefined && Object.keys(others).length === 0) return `Gateway ${name}`;
  return Object.entries(labels).map(pair => pair.join('=')).join(', ') || 'gateway';
}

interface GatewayPods {
  readonly namespace: string;
  readonly labels?: Labels;
}

/** A key of the node of a Gateway of the Gateway API; undefined for other gateways. */
export function gatewayKey({ namespace, labels = {} }: GatewayPods): string | undefined {
  return labels[GATEWAY_NAME] === undefined ? undefined : `Gateway ${namespace}/${labels[GATEWAY_NAME]}`;
}

/** The hosts that an object configures, and the keys of gateways. */
export function configuredBy(manifest: Manifest): readonly string[] {
  const { namespace = '', name } = manifest.metadata;
  if (isOfKind(manifest, 'Service')) return [name];
  if (isOfKind(manifest, 'DestinationRule')) return manifest.spec?.host === undefined ? [] : [manifest.spec.host];
  if (isOfKind(manifest, 'VirtualService') || isOfKind(manifest, 'ServiceEntry')) return manifest.spec?.hosts ?? [];
  if (isOfKind(manifest, 'KubernetesGateway')) return [`Gateway ${namespace}/${name}`];
  if (isOfKind(manifest, 'HTTPRoute') || isOfKind(manifest, 'GRPCRoute') || isOfKind(manifest, 'TLSRoute')) {
    return [...manifest.spec?.hostnames ?? [], ...servicesOf(manifest.spec?.parentRefs ?? [], namespace)];
  }
  return isOfKind(manifest, 'TCPRoute') ? servicesOf(manifest.spec?.parentRefs ?? [], namespace) : [];
}

interface Parent {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** The services among the parents of a route. */
function servicesOf(parents: readonly Parent[], own: string): string[] {
  return parents.flatMap(({ kind, namespace = own, name }) => (kind === 'Service' ? [`${name ?? ''}.${namespace}`] : []));
}
