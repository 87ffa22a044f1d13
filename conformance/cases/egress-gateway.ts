import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { cluster, gatewayRules, listener, route, routeNames, virtualHost } from '../case';
import { World, egress, stranger, web } from '../world';
import {
  Caller, CircuitBreakerPolicy, EgressGateway, EgressPolicy, EgressTarget, ExternalDependency, OutboundTrafficMode, PolicyScope,
  RequestPolicy,
  Resolution, ServicePort, StringMatch, TrafficRoute, WorkloadAccess,
} from 'cdk8s-istio';

const API = 'api.example.com';
const PAYMENTS = 'payments.example.net';
const GATEWAY = 'istio-egressgateway.istio-system.svc.cluster.local';

/** Dependencies behind an egress gateway, for callers and for the gateway. */
export const egressGateway: readonly Case[] = [
  {
    name: 'egress-gateway-http-and-tls',
    proxies: [web, stranger, egress],
    build: app => {
      const world = new World(app);
      world.egress();
      const gateway = new EgressGateway(world.traffic, 'Egress');
      const api = new ExternalDependency(world.traffic, 'Api', {
        hosts: [API],
        ports: [ServicePort.http(8080)],
        resolution: Resolution.DNS,
      });
      const payments = new ExternalDependency(world.traffic, 'Payments', {
        hosts: [PAYMENTS],
        ports: [ServicePort.http(80, { targetPort: 443 }), ServicePort.tls(443)],
        resolution: Resolution.DNS,
      });
      payments.originateTls({ port: 80 });
      api.leaveVia(gateway);
      payments.leaveVia(gateway);
      new RequestPolicy(world.traffic, 'InTime', {
        service: api,
        timeout: Duration.seconds(2),
        retries: { attempts: 1, retryOn: ['5xx'] },
      });
      new TrafficRoute(world.traffic, 'Health', {
        service: api,
        matches: [{ uri: StringMatch.exact('/health') }],
        rewrite: { uri: '/status' },
      });
      new CircuitBreakerPolicy(world.traffic, 'Breaker', {
        service: api,
        connectionPool: { http1MaxPendingRequests: 3 },
        outlierDetection: { consecutive5xxErrors: 2, maxEjectionPercent: 100 },
      });
      new CircuitBreakerPolicy(world.traffic, 'GatewayBreaker', { service: gateway, connectionPool: { maxConnections: 50 } });
    },
    states: [
      [
        'callers go to the gateway',
        route('web', `${API}:8080`, 'to-egress'),
        { route: { cluster: `outbound|80|api-example-com|${GATEWAY}`, timeout: '0s' } },
      ],
      [
        'callers do not retry what the gateway has received',
        route('web', `${API}:8080`, 'to-egress'),
        { route: { retryPolicy: { retryOn: 'connect-failure,refused-stream', numRetries: 2 } } },
      ],
      [
        'also those of other namespaces',
        route('stranger', `${API}:8080`, 'to-egress'),
        { route: { cluster: `outbound|80|api-example-com|${GATEWAY}` } },
      ],
      [
        'with mutual TLS of the mesh and the host as SNI',
        cluster('stranger', GATEWAY, 80, 'api-example-com'),
        { transportSocket: { name: 'envoy.transport_sockets.tls', typedConfig: { sni: API } } },
      ],
      [
        'with the SNI of each host',
        cluster('web', GATEWAY, 80, 'payments-example-net'),
        { transportSocket: { typedConfig: { sni: PAYMENTS } } },
      ],
      [
        'the circuit breaker of the gateway',
        cluster('web', GATEWAY, 80, 'api-example-com'),
        { circuitBreakers: { thresholds: [{ maxConnections: 50 }] } },
      ],
      ['also for TLS', cluster('web', GATEWAY, 443), { circuitBreakers: { thresholds: [{ maxConnections: 50 }] } }],
      [
        'TLS is routed by its server name (SNI)',
        listener('web', '0.0.0.0_443'),
        {
          filterChains: [
            { filterChainMatch: { serverNames: [PAYMENTS] }, filters: [{ typedConfig: { cluster: `outbound|443||${GATEWAY}` } }] },
          ],
        },
      ],
      [
        'one server terminates TLS for both hosts',
        listener('egress', '0.0.0.0_8080'),
        {
          filterChains: [
            {
              filterChainMatch: { serverNames: [API, PAYMENTS] },
              transportSocket: { name: 'envoy.transport_sockets.tls', typedConfig: { requireClientCertificate: true } },
            },
          ],
        },
      ],
      ['the routes of the dependency apply at the gateway', routeNames('egress', `${API}:80`), ['health', 'default']],
      [
        'the rewrite',
        route('egress', `${API}:80`, 'health'),
        { match: { path: '/health' }, route: { prefixRewrite: '/status', cluster: `outbound|8080||${API}` } },
      ],
      [
        'timeout and retries',
        route('egress', `${API}:80`, 'default'),
        { route: { timeout: '2s', retryPolicy: { retryOn: '5xx', numRetries: 1 }, cluster: `outbound|8080||${API}` } },
      ],
      ['limits', cluster('egress', API, 8080), { type: 'STRICT_DNS', circuitBreakers: { thresholds: [{ maxPendingRequests: 3 }] } }],
      ['ejection', cluster('egress', API, 8080), { outlierDetection: { consecutive5xx: 2, maxEjectionPercent: 100 } }],
      [
        'TLS origination at the gateway, with verification',
        cluster('egress', PAYMENTS, 80),
        {
          transportSocket: { name: 'envoy.transport_sockets.tls' },
          typedExtensionProtocolOptions: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
              upstreamHttpProtocolOptions: { autoSni: true, autoSanValidation: true },
            },
          },
        },
      ],
      ['another host as well', route('egress', `${PAYMENTS}:80`, 'default'), { route: { cluster: `outbound|80||${PAYMENTS}` } }],
      [
        'TLS passes through',
        listener('egress', '0.0.0.0_8443'),
        {
          filterChains: [
            {
              filterChainMatch: { serverNames: [PAYMENTS] },
              filters: [{ typedConfig: { cluster: `outbound|443||${PAYMENTS}` } }],
              transportSocket: undefined,
            },
          ],
        },
      ],
    ],
  },
  {
    name: 'egress-gateway-for-payment-alone',
    proxies: [egress],
    build: app => {
      const world = new World(app);
      world.egress();
      const gateway = new EgressGateway(world.traffic, 'Egress');
      const api = new ExternalDependency(world.traffic, 'Api', { hosts: [API], ports: [ServicePort.http(80)], resolution: Resolution.DNS });
      api.leaveVia(gateway);
      new WorkloadAccess(world.traffic, 'OnlyPayment', {
        service: gateway,
        callers: [Caller.serviceAccount('payment', 'shop')],
        methods: ['POST'],
      });
    },
    states: [
      [
        'callers have a certificate',
        listener('egress', '0.0.0.0_8080'),
        { filterChains: [{ transportSocket: { typedConfig: { requireClientCertificate: true } } }] },
      ],
      ['only payment may call, and only post', gatewayRules('egress', '0.0.0.0_8080'), {
        action: undefined,
        policies: {
          'ns[istio-system]-policy[istio-egressgateway]-rule[0]': {
            permissions: [
              { andRules: { rules: [{ orRules: { rules: [{ header: { name: ':method', stringMatch: { exact: 'POST' } } }] } }] } },
            ],
            principals: [
              {
                andIds: {
                  ids: [{ orIds: { ids: [{ authenticated: { principalName: { exact: 'spiffe://cluster.local/ns/shop/sa/payment' } } }] } }],
                },
              },
            ],
          },
        },
      }],
    ],
  },
  {
    name: 'egress-gateway-in-clear-text-of-its-own-namespace',
    proxies: [web, { ...egress, namespace: 'egress' }],
    build: app => {
      const world = new World(app);
      world.egress('egress');
      const gateway = new EgressGateway(world.traffic, 'Egress', { namespace: 'egress', mutualTls: false });
      const api = new ExternalDependency(world.traffic, 'Api', {
        hosts: [API],
        ports: [ServicePort.http(80)],
        resolution: Resolution.DNS,
        exportTo: ['.', 'egress'],
      });
      api.leaveVia(gateway);
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: api, connectionPool: { maxConnections: 3 } });
      new EgressPolicy(world.traffic, 'Lockdown', {
        scope: PolicyScope.namespace(),
        mode: OutboundTrafficMode.REGISTRY_ONLY,
        allow: [EgressTarget.dependency(api)],
      });
    },
    states: [
      [
        'callers go to the gateway, which is not in any list',
        route('web', `${API}:80`, 'to-egress'),
        { route: { cluster: 'outbound|80||istio-egressgateway.egress.svc.cluster.local' } },
      ],
      ['its cluster exists', cluster('web', 'istio-egressgateway.egress.svc.cluster.local', 80), { type: 'EDS' }],
      ['everything else is blocked', virtualHost('web', 'block_all'), { routes: [{ directResponse: { status: 502 } }] }],
      ['the gateway forwards it', route('egress', `${API}:80`, 'default'), { route: { cluster: `outbound|80||${API}` } }],
      ['in plaintext', listener('egress', '0.0.0.0_8080'), { filterChains: [{ transportSocket: undefined }] }],
      ['with the limits of the dependency', cluster('egress', API, 80), { circuitBreakers: { thresholds: [{ maxConnections: 3 }] } }],
    ],
  },
  {
    name: 'egress-gateway-of-its-own-namespace',
    proxies: [web, stranger, { ...egress, namespace: 'egress' }],
    build: app => {
      const world = new World(app);
      world.egress('egress');
      const api = new ExternalDependency(world.traffic, 'Api', {
        hosts: [API],
        ports: [ServicePort.grpc(9000), ServicePort.https(443)],
        resolution: Resolution.DNS_ROUND_ROBIN,
      });
      api.leaveVia(new EgressGateway(world.traffic, 'Out', { namespace: 'egress' }));
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: api, port: 9000, connectionPool: { http2MaxRequests: 9 } });
    },
    states: [
      [
        "the DestinationRule in the gateway's namespace applies to callers of others",
        cluster('web', 'istio-egressgateway.egress.svc.cluster.local', 80, 'api-example-com'),
        { transportSocket: { typedConfig: { sni: API } } },
      ],
      [
        'in any namespace',
        cluster('stranger', 'istio-egressgateway.egress.svc.cluster.local', 80, 'api-example-com'),
        { transportSocket: { typedConfig: { sni: API } } },
      ],
      [
        'over HTTP/2, because of the port name of its Service',
        cluster('stranger', 'istio-egressgateway.egress.svc.cluster.local', 80, 'api-example-com'),
        {
          typedExtensionProtocolOptions: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': { explicitHttpConfig: { http2ProtocolOptions: {} } },
          },
        },
      ],
      [
        'gRPC goes to the gateway',
        route('stranger', `${API}:9000`, 'to-out'),
        { route: { cluster: 'outbound|80|api-example-com|istio-egressgateway.egress.svc.cluster.local' } },
      ],
      ['and on to its host', route('egress', `${API}:80`, 'default'), { route: { cluster: `outbound|9000||${API}` } }],
      ['limits of that port', cluster('egress', API, 9000), { type: 'LOGICAL_DNS', circuitBreakers: { thresholds: [{ maxRequests: 9 }] } }],
      [
        'TLS on the other',
        listener('egress', '0.0.0.0_8443'),
        { filterChains: [{ filters: [{ typedConfig: { cluster: `outbound|443||${API}` } }] }] },
      ],
    ],
  },
];
