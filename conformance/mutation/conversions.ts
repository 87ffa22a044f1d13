import { convertGatewayApi } from '../../src/gateway-api/conversion';
import { conditionOf } from '../../src/gateway-api/problem';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { readManifests } from '../../src/manifest/manifest';

/**
 * An input of Istio's own test of its gateway controller. The part `foreign` and a test of conditions compare what we
 * make of it with what istiod makes.
 */
export interface ConversionQuestion {
  readonly id: string;
  readonly objects: readonly KubernetesObject[];
}

/** What our conversion makes of a question, and the conditions that it reports. */
export function conversionOf({ objects }: ConversionQuestion): unknown {
  const { gateways, virtualServices, destinationRules, problems } = convertGatewayApi(readManifests(objects).manifests, {
    clusterDomain: 'domain.suffix', flags: { ambient: true, multiNetwork: true }, assumesCertificates: false,
  });
  const conditions = problems.map(({ object: { kind, metadata }, path, reason }) => (
    [kind, metadata.namespace, metadata.name, path, reason, conditionOf(reason)]));
  return [gateways, virtualServices, destinationRules, conditions];
}
