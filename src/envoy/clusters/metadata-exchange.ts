import type { Cluster } from '../xds/cluster';

/** The filter by which Istio's proxies exchange their identity. It changes no routing. */
export const METADATA_EXCHANGE: Cluster['filters'] = Object.freeze([Object.freeze({
  name: 'istio.metadata_exchange',
  typedConfig: Object.freeze({
    '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct',
    'typeUrl': 'type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange',
    'value': Object.freeze({ enable_discovery: true, protocol: 'istio-peer-exchange' }),
  } as const),
})]);
