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

/** The compared kinds of resources. */
export const RESOURCES = ['routes', 'clusters', 'endpoints', 'listeners'] as const;

/** The translator of the mesh of a question. */
export function translatorFor(
  { manifests, namespace, meshConfig, features }: Omit<TranslateCase, 'id' | 'proxies'>,
  { istioVersion }: Pick<TranslatorOptions, 'istioVersion'> = {},
): Translator {
  const objects = (yaml.loadAll(manifests) as KubernetesObject[]).filter(object => object !== null && object !== undefined);
  return new Translator(objects, {
    meshConfig: meshConfig === undefined ? {} : yaml.load(meshConfig) as MeshConfigFields,
    ...namespace && { defaultNamespace: namespace },
    ...features && { features },
    ...istioVersion && { istioVersion },
  });
}

/** Our translation of a question for istiod, by proxy. */
export function translated(
  asked: Omit<TranslateCase, 'id'>,
  options: Pick<TranslatorOptions, 'istioVersion'> = {},
): Map<string, ProxyConfig> {
  const translator = translatorFor(asked, options);
  return new Map(asked.proxies.map(proxy => [proxy.name, translator.translate(proxy)]));
}

/** Our answer to a question for istiod, in the form of goldens. */
export function ourAnswers(asked: Omit<TranslateCase, 'id'>, options: Pick<TranslatorOptions, 'istioVersion'> = {}): Map<string, Json> {
  return new Map([...translated(asked, options)].map(([name, config]) => [name, asKept(name, config)]));
}

/** Our translation for a proxy, in the form of goldens. */
export function asKept(name: string, { routes, clusters, listeners, endpoints }: ProxyConfig): Json {
  return JSON.parse(JSON.stringify(normalize({ name, routes, clusters, listeners, endpoints: endpoints as Json })));
}

/** The differences between our resources of one kind and those of istiod. */
export function mismatches(resource: typeof RESOURCES[number], istiod: Json, ours: Json): Difference[] {
  return differences(compared(resource, istiod[resource]), compared(resource, ours[resource]));
}

/** The compared part of a kind of resource: routes, clusters and endpoints are compared in full. */
export function compared(resource: typeof RESOURCES[number], value: Json): Json {
  return resource === 'listeners' ? value.filter(({ name }: Json) => name !== 'virtualInbound').map(reducedListener) : value;
}

/** The server certificates of a gateway, and the verification of client certificates. */
function reducedSocket({ name, typedConfig: { requireClientCertificate } }: Json): Json {
  return { name, requireClientCertificate };
}

/** A listener without the parts that our translation omits: access filters, and everything except the presence of a gateway's TLS. */
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
