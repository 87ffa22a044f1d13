import { externalAuthorizers } from '../../../envoy/access/external-authorizers';
import { providerCluster } from '../../../envoy/telemetry/telemetries';
import { nearest } from '../../../traffic/nearest';
import { enforcedAction } from '../../facts/access-rules';
import { translatedMesh } from '../../facts/translated-mesh';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

export const rule = defineRule({
  id: 'custom-provider-refused',
  codes: [],
  severity: 'error',
  subjects: ['AuthorizationPolicy'],
  needs: ['MeshConfig'],
  title: 'A CUSTOM policy asks a provider that istiod refuses',
  effect: 'Envoy denies the requests that the rules of the policy name with 403. It asks no external authorizer.',
  example: {
    meshConfig: { extensionProviders: [{ name: 'opa', envoyExtAuthzGrpc: { service: 'opa.shop.svc.cluster.local', port: 9191 } }] },
    words: 'a mesh with the provider opa',
  },
  check(object, report, index) {
    const name = object.spec?.provider?.name ?? '';
    if (enforcedAction(object) !== 'CUSTOM' || name === '') return;
    const problem = problemOf(name, index);
    if (problem === undefined) return;
    const close = nearest(name, index.meshConfig.extensionProviders.map(provider => provider.name ?? ''));
    report('spec.provider.name', `${problem}, so Envoy denies every request that the rules name`,
      close === undefined || close === name ? 'correct the provider in extensionProviders of MeshConfig' : `write '${close}', or add it to extensionProviders`);
  },
});

/** Why istiod refuses a provider; undefined if it accepts it, or if the input may lack the Service of the provider. */
function problemOf(name: string, index: TrafficIndex): string | undefined {
  const stated = index.meshConfig.extensionProviders.filter(provider => provider.name === name);
  if (stated.length === 0) return `MeshConfig has no provider '${name}'`;
  const authorizers = stated.flatMap(({ envoyExtAuthzHttp: http, envoyExtAuthzGrpc: grpc }) => http ?? grpc ?? []);
  if (authorizers.length === 0) return `the provider '${name}' of MeshConfig is not an external authorizer`;
  const mesh = translatedMesh(index);
  if (authorizers.length > 1) return `MeshConfig has ${authorizers.length} providers with the name '${name}'`;
  const isKnown = providerCluster(mesh, authorizers[0]) !== undefined;
  return isKnown && !index.memo(acceptedAuthorizers).has(name) ? `istiod refuses the settings of the provider '${name}'` : undefined;
}

function acceptedAuthorizers(index: TrafficIndex): ReadonlyMap<string, unknown> {
  return externalAuthorizers(translatedMesh(index));
}
