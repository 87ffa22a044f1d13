import { ApiObject } from 'cdk8s';
import type { Case } from '../case';
import { cluster, endpoints, listener, virtualHost } from '../case';
import { World, stranger, web } from '../world';
import { CircuitBreakerPolicy, ClientTlsSettings, ExternalDependency, Location, Resolution, ServicePort, Tunnel } from 'cdk8s-istio';
import type { ExternalDependencyProps } from 'cdk8s-istio';

const HOST = 'api.example.com';
const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const at = (port = 80, host = HOST, proxy = 'web') => cluster(proxy, host, port);
const byHost = {
  typedExtensionProtocolOptions: { [OPTIONS]: { upstreamHttpProtocolOptions: { autoSni: true, autoSanValidation: true } } },
};
const endpoint = (address: string, portValue: number) => ({ endpoint: { address: { socketAddress: { address, portValue } } } });
const TLS = { transportSocket: { name: 'envoy.transport_sockets.tls' } };

function dependency(
  name: string,
  props: Partial<ExternalDependencyProps>,
  states: Case['states'],
  more: (it: ExternalDependency, world: World) => void = () => {},
): Case {
  return {
    name: `dependency-${name}`,
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      more(
        new ExternalDependency(world.traffic, 'Api', {
          hosts: [HOST],
          ports: [ServicePort.http(80)],
          resolution: Resolution.DNS,
          ...props,
        }),
        world,
      );
    },
    states,
  };
}

const twoPorts = [ServicePort.http(80, { targetPort: 443 }), ServicePort.https(443)];

/** Hosts outside of the cluster: every resolution, endpoints, visibility, TLS origination. */
export const dependencies: readonly Case[] = [
  dependency('dns', {}, [
    ['resolved continuously', at(), { type: 'STRICT_DNS', loadAssignment: { endpoints: [{ lbEndpoints: [endpoint(HOST, 80)] }] } }],
    ['requests to it are routed', virtualHost('web', `${HOST}:80`), { domains: [HOST, `${HOST}.`] }],
    ['also in other namespaces', virtualHost('stranger', `${HOST}:80`), { domains: [HOST, `${HOST}.`] }],
    ['no mutual TLS outside of the mesh', at(), { transportSocket: undefined, transportSocketMatches: undefined }],
  ]),
  dependency('dns-round-robin', { resolution: Resolution.DNS_ROUND_ROBIN }, [
    ['the first resolved address', at(), { type: 'LOGICAL_DNS' }],
  ]),
  dependency('none', { resolution: Resolution.NONE, hosts: ['*.example.com'] }, [
    ['the address that the caller used', at(80, '*.example.com'), { type: 'ORIGINAL_DST', lbPolicy: 'CLUSTER_PROVIDED' }],
    ['for every host of the wildcard', virtualHost('web', '*.example.com:80'), { domains: ['*.example.com', '*.example.com.'] }],
  ]),
  dependency('dynamic-dns', { resolution: Resolution.DYNAMIC_DNS, hosts: ['*.example.com'] }, [
    [
      'the host of the request is resolved',
      at(80, '*.example.com'),
      { clusterType: { name: 'envoy.clusters.dynamic_forward_proxy' }, lbPolicy: 'CLUSTER_PROVIDED' },
    ],
  ]),
  dependency('dynamic-dns-tls', { resolution: Resolution.DYNAMIC_DNS, hosts: ['*.example.com'] }, [
    ['over TLS, verified by Host', at(80, '*.example.com'), { ...TLS, ...byHost }],
  ], it => it.originateTls({ port: 80 })),
  dependency('static', {
    resolution: Resolution.STATIC,
    ports: [ServicePort.http(80, { name: 'http' })],
    addresses: ['240.1.1.1'],
    endpoints: [
      { address: '10.1.1.1', ports: { http: 8080 }, labels: { version: 'v1' }, locality: 'eu-west/zone1', weight: 3 },
      { address: '10.1.1.2', network: 'eu', serviceAccount: 'api' },
    ],
  }, [
    ['the configured endpoints', endpoints('web', HOST, 80), ['10.1.1.2:80', '10.1.1.1:8080']],
    ['delivered by EDS', at(), { type: 'EDS' }],
    ['also reachable by address', virtualHost('web', `${HOST}:80`), { domains: [HOST, `${HOST}.`, '240.1.1.1'] }],
  ]),
  dependency('static-dns-endpoints', {
    endpoints: [
      { address: 'eu.example.com', locality: 'eu-west/zone1', weight: 3 },
      { address: 'us.example.com', locality: 'us-east/zone1/rack1', weight: 1 },
    ],
  }, [
    ['localities and weights', at(), {
      type: 'STRICT_DNS',
      loadAssignment: {
        endpoints: [
          { locality: { region: 'eu-west', zone: 'zone1' }, loadBalancingWeight: 3, lbEndpoints: [endpoint('eu.example.com', 80)] },
          {
            locality: { region: 'us-east', zone: 'zone1', subZone: 'rack1' },
            loadBalancingWeight: 1,
            lbEndpoints: [endpoint('us.example.com', 80)],
          },
        ],
      },
    }],
  ]),
  dependency('mesh-internal-vms', {
    resolution: Resolution.STATIC,
    location: Location.MESH_INTERNAL,
    workloadSelector: { app: 'legacy' },
  }, [
    ['workloads with the labels are its endpoints', endpoints('web', HOST, 80), ['10.1.1.9:80']],
    ['with mutual TLS of the mesh', at(), { transportSocketMatches: ['tlsMode-istio', 'tlsMode-disabled'] }],
  ], (_, world) => new ApiObject(world.traffic, 'Vm', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { name: 'vm' },
    spec: {
      address: '10.1.1.9',
      labels: { app: 'legacy' },
    },
  })),
  dependency('private', { exportTo: ['.'] }, [
    ['known in its namespace', at(), { circuitBreakers: { thresholds: [{ maxConnections: 7 }] } }],
    ['and nowhere else', at(80, HOST, 'stranger'), undefined],
  ], (it, world) => new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: it, connectionPool: { maxConnections: 7 } })),
  dependency('tcp', { ports: [ServicePort.tcp(5432)], addresses: ['240.1.1.2'] }, [
    [
      'its own listener per address',
      listener('web', '240.1.1.2_5432'),
      { address: { socketAddress: { address: '240.1.1.2', portValue: 5432 } } },
    ],
  ]),
  dependency('tls-origination', { ports: twoPorts }, [
    ['plaintext to port 80 leaves to port 443', at(), { loadAssignment: { endpoints: [{ lbEndpoints: [endpoint(HOST, 443)] }] } }],
    [
      'over TLS',
      at(),
      {
        transportSocket: {
          typedConfig: {
            sni: undefined,
            commonTlsContext: { combinedValidationContext: { validationContextSdsSecretConfig: { name: 'file-root:system' } } },
          },
        },
      },
    ],
    ['with SNI and verification by the Host of each request', at(), byHost],
    [
      'the circuit breaker still applies',
      at(),
      { circuitBreakers: { thresholds: [{ maxConnections: 5 }] }, outlierDetection: { consecutive5xx: 3 } },
    ],
    [
      'TLS of callers is not encrypted again',
      at(443),
      { transportSocket: undefined, circuitBreakers: { thresholds: [{ maxConnections: 5 }] } },
    ],
    [
      'also for callers of other namespaces',
      at(80, HOST, 'stranger'),
      { ...TLS, ...byHost, circuitBreakers: { thresholds: [{ maxConnections: 5 }] } },
    ],
  ], (it, world) => {
    it.originateTls({ port: 80 });
    new CircuitBreakerPolicy(world.traffic, 'Breaker', {
      service: it, connectionPool: { maxConnections: 5 }, outlierDetection: { consecutive5xxErrors: 3, maxEjectionPercent: 100 },
    });
  }),
  dependency('tls-origination-names', { ports: twoPorts, subjectAltNames: ['san.example.com'] }, [
    [
      'the name of the ServiceEntry',
      at(),
      {
        transportSocket: {
          typedConfig: {
            commonTlsContext: {
              combinedValidationContext: { defaultValidationContext: { matchSubjectAltNames: [{ exact: 'san.example.com' }] } },
            },
          },
        },
      },
    ],
  ], it => it.originateTls({ port: 80 })),
  dependency('tls-origination-mutual', { ports: twoPorts }, [
    [
      'the client certificate, and the server name',
      at(),
      {
        transportSocket: {
          typedConfig: { sni: HOST, commonTlsContext: { tlsCertificateSdsSecretConfigs: [{ name: 'file-cert:/c.pem~/k.pem' }] } },
        },
      },
    ],
  ], it => it.originateTls({
    port: 80,
    tls: ClientTlsSettings.mutual({ clientCertificate: '/c.pem', privateKey: '/k.pem', sni: HOST, subjectAltNames: [HOST] }),
  })),
  dependency('tunnel', { hosts: ['proxy.example.com'], ports: [ServicePort.tcp(3128)], addresses: ['240.1.1.3'] }, [
    ['connections through the forward proxy', listener('web', '240.1.1.3_3128'), {
      filterChains: [
        {
          filters: [
            {
              name: 'envoy.filters.network.tcp_proxy',
              typedConfig: { cluster: 'outbound|3128||proxy.example.com', tunnelingConfig: { hostname: 'db.example.com:5432' } },
            },
          ],
        },
      ],
    }],
  ], (it, world) => new Tunnel(world.traffic, 'Tunnel', { service: it, targetHost: 'db.example.com', targetPort: 5432 })),
];
