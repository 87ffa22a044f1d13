import type { PolicyTargetReference, WorkloadSelector } from '../../manifest/istio-specs.generated';
import type { ObjectMeta } from '../../manifest/kubernetes-object';
import type { Proxy } from '../proxy';
import { hasLabels } from '../proxy';

/** The label of the pods of a Gateway of the Gateway API. */
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** An object that is attached to proxies by labels, or to the objects that it names. */
export interface AttachedObject {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly selector?: WorkloadSelector;
    readonly targetRef?: PolicyTargetReference;
    readonly targetRefs?: readonly PolicyTargetReference[];
  };
}

/** Whether a policy of the proxy's or of the root namespace applies to a proxy. References count for the pods of the Gateway API alone. */
export function isAttached({ metadata: { namespace }, spec = {} }: AttachedObject, proxy: Proxy): boolean {
  const references = spec.targetRefs?.length ? spec.targetRefs : spec.targetRef ? [spec.targetRef] : [];
  const gateway = proxy.labels?.[GATEWAY_NAME];
  if (references.length === 0) return hasLabels(proxy, spec.selector?.matchLabels);
  if (gateway === undefined || namespace !== proxy.namespace) return false;
  return references.some(({ group, kind, name, namespace: stated = '' }) => (
    group === 'gateway.networking.k8s.io' && kind === 'Gateway' && name === gateway && (stated === '' || stated === proxy.namespace)));
}
