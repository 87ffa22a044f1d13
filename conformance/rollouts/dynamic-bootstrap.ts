import { PINS } from '../../src/envoy/pins';
import type { Address } from '../envoy/backend';
import type { Json, Proxy } from '../istiod/client';

const V3 = { resourceApiVersion: 'V3' };
const HTTP2 = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
    'explicitHttpConfig': { http2ProtocolOptions: {} },
  },
};

/** A bootstrap as Istio's agent writes it: everything comes over one stream. */
export function dynamicBootstrap({ name, namespace, labels }: Proxy, xds: Address): Json {
  return {
    node: {
      // The address is not that of any pod.
      id: `sidecar~10.254.0.1~${name}.${namespace}~${namespace}.svc.cluster.local`,
      cluster: `${name}.${namespace}`,
      metadata: { NAMESPACE: namespace, LABELS: labels, CLUSTER_ID: 'Kubernetes', ISTIO_VERSION: `${PINS.istio}.0` },
    },
    admin: { address: socketAddress({ host: '127.0.0.1', port: 0 }) },
    dynamicResources: {
      adsConfig: { apiType: 'GRPC', transportApiVersion: 'V3', grpcServices: [{ envoyGrpc: { clusterName: 'xds' } }] },
      ldsConfig: { ads: {}, ...V3 },
      cdsConfig: { ads: {}, ...V3 },
    },
    staticResources: {
      clusters: [{
        name: 'xds',
        type: 'STATIC',
        connectTimeout: '5s',
        typedExtensionProtocolOptions: HTTP2,
        loadAssignment: { clusterName: 'xds', endpoints: [{ lbEndpoints: [{ endpoint: { address: socketAddress(xds) } }] }] },
      }],
    },
  };
}

function socketAddress({ host, port }: Address): Json {
  return { socketAddress: { address: host, portValue: port } };
}
