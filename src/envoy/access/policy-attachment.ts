import type { PolicyTargetReference, WorkloadSelector } from '../../manifest/istio-specs.generated';
import type { ObjectMeta } from '../../manifest/kubernetes-object';
import type { Proxy } from '../proxy';
import { hasLabels } from '../proxy';
import type { Service } from '../service';

const API = 'gateway.networking.k8s.io';
/** The label of the pods of a Gateway of the Gateway API. */
const GATEWAY_NAME = `${API}/gateway-name`;

/** An object that is attached to proxies by labels, or to the objects that it names. */
export interface AttachedObject {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly selector?: WorkloadSelector;
    readonly targetRef?: PolicyTargetReference;
    readonly targetRefs?: readonly PolicyTargetReference[];
  };
}

/** What policies of a waypoint may be attached to beside the waypoint itself: the service that a filter chain is for. */
export type AttachedService = Pick<Service, 'name' | 'namespace' | 'registry' | 'object'>;

/** What attaches a policy to a proxy. */
export interface Attachment {
  readonly proxy: Proxy;
  readonly rootNamespace: string;
  readonly service?: AttachedService;
}

/** Whether a policy of a namespace that the proxy reads applies to it. References count for the pods of the Gateway API alone. */
export function isAttached(object: AttachedObject, { proxy, ...others }: Attachment): boolean {
  const { metadata: { namespace }, spec = {} } = object;
  const references = spec.targetRefs?.length ? spec.targetRefs : spec.targetRef ? [spec.targetRef] : [];
  const gateway = proxy.labels?.[GATEWAY_NAME];
  const isWaypoint = proxy.type === 'waypoint';
  if (references.length === 0) return !isWaypoint && hasLabels(proxy, spec.selector?.matchLabels);
  if (gateway === undefined) return false;
  return references.some(reference => {
    const { group = '', kind, name, namespace: stated = '' } = reference;
    if (isWaypoint && isForWaypoint(reference, namespace, others)) return true;
    if (namespace !== proxy.namespace) return false;
    return group === API && kind === 'Gateway' && name === gateway && (stated === '' || stated === proxy.namespace);
  });
}

function isForWaypoint(
  { group = '', kind, name }: PolicyTargetReference, namespace: string | undefined, { service, rootNamespace }: Omit<Attachment, 'proxy'>,
): boolean {
  if (group === API && kind === 'GatewayClass') return namespace === rootNamespace && name === 'istio-waypoint';
  if (service?.namespace !== namespace) return false;
  if (service?.registry === 'Kubernetes') return (group === '' || group === 'core') && kind === 'Service' && name === service.name;
  return service !== undefined && group === 'networking.istio.io' && kind === 'ServiceEntry' && name === service.object.metadata.name;
}
