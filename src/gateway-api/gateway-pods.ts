import { DEFAULT_FLAGS, GatewayClasses } from './gateway-classes';
import { isManaged } from './listener';
import { GATEWAY_NAME } from './managed-services';
import type { Labels } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { manifestsOf } from '../manifest/manifest';

/** The pods of a gateway. */
export interface GatewayPods {
  readonly namespace: string;
  readonly labels: Labels;
}

/** The pods of the Gateways of the Gateway API that serve routes: those that Istio runs, and those of the Services that a Gateway names. */
export function gatewayPods(manifests: readonly Manifest[], defaultNamespace: string): GatewayPods[] {
  const classes = new GatewayClasses(manifestsOf(manifests, 'GatewayClass'), DEFAULT_FLAGS);
  return manifestsOf(manifests, 'KubernetesGateway').flatMap(({ metadata: { name, namespace = defaultNamespace }, spec = {} }): GatewayPods[] => {
    const controller = classes.controllerOf(spec.gatewayClassName ?? '');
    if (!controller || controller.isRemote || controller.isWaypoint) return [];
    if (isManaged(spec)) return [{ namespace, labels: { [GATEWAY_NAME]: name } }];
    const named = new Set((spec.addresses ?? []).map(({ value = '' }) => value.split('.')[0]));
    return manifestsOf(manifests, 'Service').filter(service => (
      named.has(service.metadata.name) && (service.metadata.namespace ?? defaultNamespace) === namespace))
      .flatMap(service => (Object.keys(service.spec?.selector ?? {}).length > 0 ? [{ namespace, labels: service.spec!.selector! }] : []));
  });
}
