import type { Case } from '../case';
import { connectionManager, listener } from '../case';
import { gateway, web } from '../world';
import type { Manifest } from './plain-mesh';
import { deployment, networking, plainMesh, service } from './plain-mesh';

const INGRESS = { app: 'istio-ingressgateway', istio: 'ingressgateway' };

/** A service behind an ingress gateway of one HTTP port, whose pods may have annotations. */
function exposed(annotations?: { readonly [key: string]: string }): Manifest[] {
  const spec = { containers: [{ name: 'istio-proxy', image: 'auto' }] };
  return [
    deployment('catalog', 'v1'), service('catalog'),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: INGRESS.app, namespace: 'istio-system' },
      spec: { selector: { matchLabels: INGRESS }, template: { metadata: { labels: INGRESS, annotations }, spec } },
    },
    networking('Gateway')('main', {
      selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    }, { namespace: 'istio-system' }),
  ];
}

const into = connectionManager('gateway', '0.0.0.0_80');
const out = connectionManager('web', '0.0.0.0_80');
const settings = (name: string, meshConfig: object, states: Case['states'], annotations?: { readonly [key: string]: string }) => (
  plainMesh(`settings-${name}`, exposed(annotations), { proxies: [web, gateway], meshConfig: JSON.stringify(meshConfig), states }));

const COLLECTOR = 'collector.istio-system.svc.cluster.local';
const TO = { service: COLLECTOR, port: 4317 };
const grpcService = { envoyGrpc: { clusterName: `outbound|4317||${COLLECTOR}`, authority: COLLECTOR } };
const LOGGED = {
  logName: 'shop',
  filterStateObjectsToLog: ['wasm.peer'],
  additionalRequestHeadersToLog: ['x-user'],
  additionalResponseHeadersToLog: ['x-cache'],
  additionalResponseTrailersToLog: ['grpc-status'],
};

const collector = service('collector', { ports: [{ name: 'grpc', port: 4317 }] }, { namespace: 'istio-system' });
const telemetry = (spec: object): Manifest => (
  { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { name: 'mesh', namespace: 'istio-system' }, spec });

/** Traces to one provider of a type. */
function traced(type: string, typedConfig: object): Case {
  return plainMesh(`settings-traces-${type}`, [
    deployment('catalog', 'v1'), service('catalog'), collector, telemetry({ tracing: [{ providers: [{ name: type }] }] }),
  ], {
    proxies: [web],
    meshConfig: JSON.stringify({ extensionProviders: [{ name: type, [type]: TO }] }),
    states: [[`traces go to ${type}`, out, { tracing: { provider: { name: `envoy.tracers.${type}`, typedConfig } } }]],
  });
}

/** Settings of the mesh and of the pods of a proxy, for all of its requests. */
export const meshSettings: readonly Case[] = [
  plainMesh('settings-log-services', [
    deployment('catalog', 'v1'), service('catalog'), collector,
    telemetry({ accessLogging: [{ providers: ['requests', 'connections', 'plain'].map(name => ({ name })) }] }),
  ], {
    proxies: [web],
    meshConfig: JSON.stringify({
      extensionProviders: [
        { name: 'requests', envoyHttpAls: { ...TO, ...LOGGED } }, { name: 'connections', envoyTcpAls: { ...TO, ...LOGGED } },
        { name: 'plain', envoyHttpAls: TO },
      ],
    }),
    states: [['requests are logged to three services, in the order of their names', out, {
      accessLog: [
        { name: 'envoy.tcp_grpc_access_log', typedConfig: { commonConfig: { logName: 'shop', grpcService } } },
        { name: 'envoy.access_loggers.http_grpc', typedConfig: { commonConfig: { logName: 'http_envoy_accesslog', grpcService } } },
        { name: 'envoy.access_loggers.http_grpc', typedConfig: { additionalRequestHeadersToLog: ['x-user'] } },
      ],
    }]],
  }),
  traced('datadog', { collectorCluster: `outbound|4317||${COLLECTOR}`, collectorHostname: COLLECTOR }),
  traced('skywalking', { grpcService }),
  traced('opentelemetry', { grpcService }),
  settings('edge', { defaultConfig: { connectionSettings: { profile: 'EDGE' } } }, [
    ['a gateway merges slashes and rejects headers with underscores', into, {
      mergeSlashes: true, commonHttpProtocolOptions: { headersWithUnderscoresAction: 'REJECT_REQUEST' },
    }],
    ['a gateway limits the time for the headers of a request and for a whole request', into, {
      requestHeadersTimeout: '60s', requestTimeout: '300s', streamIdleTimeout: '300s', http2ProtocolOptions: { maxConcurrentStreams: 100 },
    }],
    ['a gateway buffers little per connection', listener('gateway', '0.0.0.0_80'), { perConnectionBufferLimitBytes: 32768 }],
    ['a sidecar does neither', out, { mergeSlashes: undefined, commonHttpProtocolOptions: undefined }],
  ]),
  settings('underscores-dropped', {
    defaultConfig: { connectionSettings: { httpHeadersWithUnderscoresAction: 'HEADERS_WITH_UNDERSCORES_DROP_HEADER' } },
  }, [['headers with underscores are dropped', into, { commonHttpProtocolOptions: { headersWithUnderscoresAction: 'DROP_HEADER' } }]]),
  settings('underscores-rejected', {
    defaultConfig: { connectionSettings: { httpHeadersWithUnderscoresAction: 'HEADERS_WITH_UNDERSCORES_REJECT_REQUEST' } },
  }, [['requests with such headers are rejected', into, {
    commonHttpProtocolOptions: { headersWithUnderscoresAction: 'REJECT_REQUEST' },
  }]]),
  settings('merged-slashes', { pathNormalization: { normalization: 'MERGE_SLASHES' } }, [
    ['slashes of paths are merged at a gateway', into, { mergeSlashes: true }],
    ['and at a sidecar', out, { mergeSlashes: true }],
  ]),
  settings('decoded-and-merged-slashes', { pathNormalization: { normalization: 'DECODE_AND_MERGE_SLASHES' } }, [
    ['slashes of paths are merged', into, { mergeSlashes: true }],
  ]),
  settings('of-one-pod', { defaultConfig: { proxyMetadata: { ISTIO_META_HTTP10: '1' } } }, [
    ['two proxies before the gateway are trusted', into, { xffNumTrustedHops: 2 }],
    ['the gateway still accepts HTTP/1.0, as the mesh says', into, { httpProtocolOptions: { acceptHttp10: true } }],
  ], { 'proxy.istio.io/config': 'gatewayTopology: { numTrustedProxies: 2 }' }),
];
