import * as yaml from 'js-yaml';
import type { Difference } from './difference';
import { differences } from './difference';
import type { Json, TranslateCase } from './istiod/client';
import { normalize } from './normalize';
import type { MeshConfigFields } from '../src/envoy/mesh-config';
import type { ProxyConfig } from '../src/envoy/proxy-config';
import type { TranslatorOptions } from '../src/envoy/translator';
import { Translator } from '../src/envoy/translator';
import type { KubernetesObject } from '../src/manifest/kubernetes-object';

/** The kinds of resources that are compared. */
export const RESOURCES = ['routes', 'clusters', 'endpoints', 'listeners'] as const;

/** What our translator makes of a question for istiod, by proxy. */
export function translated(
  { manifests, namespace, meshConfig, features, proxies }: Omit<TranslateCase, 'id'>, { istioVersion }: Pick<TranslatorOptions, 'istioVersion'> = {},
): Map<string, ProxyConfig> {
  const objects = (yaml.loadAll(manifests) as KubernetesObject[]).filter(object => object !== null && object !== undefined);
  const translator = new Translator(objects, {
    meshConfig: meshConfig === undefined ? {} : yaml.load(meshConfig) as MeshConfigFields,
    ...namespace && { defaultNamespace: namespace },
    ...features && { features },
    ...istioVersion && { istioVersion },
  });
  return new Map(proxies.map(proxy => [proxy.name, translator.translate(proxy)]));
}

/** What our translator answers to a question for istiod, as goldens keep it. */
export function ourAnswers(asked: Omit<TranslateCase, 'id'>, options: Pick<TranslatorOptions, 'istioVersion'> = {}): Map<string, Json> {
  return new Map([...translated(asked, options)].map(([name, config]) => [name, asKept(name, config)]));
}

/** What our translator makes of a proxy, as goldens keep it. */
export function asKept(name: string, { routes, clusters, listeners, endpoints }: ProxyConfig): Json {
  return JSON.parse(JSON.stringify(normalize({ name, routes, clusters, listeners, endpoints: endpoints as Json })));
}

/** Where ours and istiod's differ in one kind of resource. */
export function mismatches(resource: typeof RESOURCES[number], istiod: Json, ours: Json): Difference[] {
  return differences(compared(resource, istiod[resource]), compared(resource, ours[resource]));
}

/** A kind of resource as far as it is compared: routes, clusters and endpoints whole. */
export function compared(resource: typeof RESOURCES[number], value: Json): Json {
  return resource === 'listeners' ? value.filter(({ name }: Json) => name !== 'virtualInbound').map(reducedListener) : value;
}

/** The certificates that a gateway shows, and how it checks those of its callers. */
function reducedSocket({ name, typedConfig: { requireClientCertificate } }: Json): Json {
  return { name, requireClientCertificate };
}

/** A listener without what our translation leaves out: filters of who may call, and all but the presence of a gateway's TLS. */
function reducedListener(listener: Json): Json {
  return {
    ...listener,
    filterChains: listener.filterChains?.map(reducedChain),
    ...listener.defaultFilterChain && { defaultFilterChain: reducedChain(listener.defaultFilterChain) },
  };
}

function reducedChain({ transportSocket, ...chain }: Json): Json {
  return { ...chain, ...transportSocket && { transportSocket: reducedSocket(transportSocket) } };
}
