import { isDeepStrictEqual } from 'node:util';
import { INGRESS } from '../fuzz/gateways';
import type { Json, ProxyConfig, TranslateCase } from '../istiod/client';
import { translated } from '../translation';

type Settings = { readonly [field: string]: unknown };

/** MeshConfig and ProxyConfig settings for the accepted requests and forwarding headers. */
const OF_MESH: readonly Settings[] = [
  {}, ...['NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'].map(normalization => ({ pathNormalization: { normalization } })),
];
const OF_PROXY: readonly Settings[] = [
  {},
  { gatewayTopology: { numTrustedProxies: 1 } },
  { gatewayTopology: { numTrustedProxies: 2, forwardClientCertDetails: 'ALWAYS_FORWARD_ONLY' } },
  { connectionSettings: { profile: 'EDGE' } },
  { connectionSettings: { profile: 'EDGE', httpMergeSlashes: false, httpPathWithEscapedSlashesAction: 'REJECT_REQUEST' } },
  {
    connectionSettings: {
      httpHeadersWithUnderscoresAction: 'HEADERS_WITH_UNDERSCORES_DROP_HEADER',
      httpPathWithEscapedSlashesAction: 'UNESCAPE_AND_REDIRECT',
    },
  },
  { connectionSettings: { profile: 'EDGE', httpIdleTimeout: '60s', httpMaxConcurrentStreams: 7, listenerPerConnectionBufferLimitBytes: 1 } },
  { connectionSettings: { httpRequestTimeout: '90s', http2InitialStreamWindowSize: 70_000, httpMaxStreamDuration: '120s' } },
  { proxyMetadata: { ISTIO_META_HTTP10: '1' }, gatewayTopology: { forwardClientCertDetails: 'SANITIZE' } },
];

const NAMED = { name: 'ingress', namespace: 'istio-system' };

/** Whether an object is the Deployment of the ingress gateway. */
function isIngress({ kind, spec }: Json): boolean {
  return kind === 'Deployment' && isDeepStrictEqual(spec.template.metadata.labels, INGRESS);
}

/** Manifests in which the pods of the ingress gateway have settings of their own. */
function withGatewayPods(manifests: string, settings: Settings): string {
  const annotations = { 'proxy.istio.io/config': JSON.stringify(settings) };
  const objects: Json[] = manifests.split('\n---\n').map(text => JSON.parse(text));
  const made = objects.find(isIngress) ?? {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: NAMED, spec: { template: { metadata: { labels: INGRESS }, spec: { containers: [] } } },
  };
  const { spec } = made;
  const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations } };
  return [...objects.filter(object => object !== made), { ...made, spec: { ...spec, template } }]
    .map(object => JSON.stringify(object)).join('\n---\n');
}

/** A case with settings of the mesh and of proxies, in MeshConfig, in an annotation of the gateway's pods, or both. */
export function withEdges(asked: TranslateCase, seed: number): TranslateCase {
  const chosen = (list: readonly Settings[], place: number) => list[place % list.length];
  const ofProxy = chosen(OF_PROXY, seed);
  const inMesh = seed % 3 !== 1;
  const stated = JSON.parse(asked.meshConfig ?? '{}');
  const defaultConfig = { ...stated.defaultConfig, ...(inMesh ? ofProxy : {}) };
  return {
    ...asked,
    meshConfig: JSON.stringify({ ...stated, ...chosen(OF_MESH, Math.floor(seed / 2)), defaultConfig }),
    manifests: seed % 3 === 0 ? asked.manifests : withGatewayPods(asked.manifests, inMesh ? chosen(OF_PROXY, seed + 3) : ofProxy),
  };
}

const FIELDS = [
  'useRemoteAddress', 'xffNumTrustedHops', 'forwardClientCertDetails', 'setCurrentClientCertDetails', 'normalizePath', 'mergeSlashes',
  'pathWithEscapedSlashesAction', 'httpProtocolOptions', 'upgradeConfigs',
  'commonHttpProtocolOptions', 'streamIdleTimeout', 'requestTimeout', 'requestHeadersTimeout', 'drainTimeout', 'http2ProtocolOptions',
];

/** What the connection managers of a proxy accept, by listener. */
function accepted({ listeners }: Pick<ProxyConfig, 'listeners'>): ReadonlyMap<string, Json> {
  return new Map(listeners.flatMap(({
    name,
    filterChains = [],
    trafficDirection,
  }) => (trafficDirection === 'INBOUND' || name === 'virtualInbound' ? []
    : filterChains.flatMap(({ filters }: Json, place: number) => filters
      .filter((filter: Json) => filter.name === 'envoy.filters.network.http_connection_manager')
      .map(({ typedConfig }: Json) => [`${name}, chain ${place}`, acceptedBy(typedConfig)] as const)))));
}

function acceptedBy(manager: Json): Json {
  const { headersWithUnderscoresAction } = manager.commonHttpProtocolOptions ?? {};
  const normalized = (field: string) =>
    (manager[field] === false && field !== 'normalizePath') || manager[field] === 'KEEP_UNCHANGED' ? undefined : manager[field];
  return JSON.parse(
    JSON.stringify({ ...Object.fromEntries(FIELDS.map(field => [field, normalized(field)])), headersWithUnderscoresAction }),
  );
}

/** The differences between istiod's connection managers and those of our translation. */
export function differingManagers(asked: TranslateCase, answers: readonly ProxyConfig[]): string[] {
  const ours = translated(asked);
  return answers.flatMap(answer => {
    const [theirs, own] = [accepted(answer), accepted(ours.get(answer.name) as Json)];
    return [...theirs].filter(([place, fields]) => !isDeepStrictEqual(own.get(place), fields))
      .map(([place, fields]) => `${asked.id}: ${answer.name}: ${place}: ${JSON.stringify(own.get(place))}, istiod's is ${JSON.stringify(fields)}`);
  });
}
