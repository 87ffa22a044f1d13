import type { Case } from '../case';
import { cluster } from '../case';
import { World, gateway, stranger, web } from '../world';
import { HOST } from './catalog';
import { CircuitBreakerPolicy, ClientTls, ClientTlsSettings, ProxyProtocol, ProxyProtocolVersion } from 'cdk8s-istio';
import type { ClientTlsProps } from 'cdk8s-istio';

const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const at = (subset?: string, proxy = 'web') => cluster(proxy, HOST, 80, subset);
const tls = (context: object) => ({ transportSocket: { name: 'envoy.transport_sockets.tls', typedConfig: context } });
const checked = (names: string[] | undefined, root: string) => ({
  commonTlsContext: {
    combinedValidationContext: {
      defaultValidationContext: names ? { matchSubjectAltNames: names.map(exact => ({ exact })) } : { matchSubjectAltNames: undefined },
      validationContextSdsSecretConfig: { name: root },
    },
  },
});
const byHost = {
  typedExtensionProtocolOptions: { [OPTIONS]: { upstreamHttpProtocolOptions: { autoSni: true, autoSanValidation: true } } },
};

function spoken(name: string, settings: ClientTlsSettings, states: Case['states'], options: Partial<ClientTlsProps> = {}): Case {
  return {
    name: `tls-${name}`,
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      world.ingress();
      new ClientTls(world.traffic, 'Tls', { service: world.catalog(), tls: settings, ...options });
    },
    states,
  };
}

/** The TLS of callers, field by field, and the PROXY protocol with it. */
export const clientTls: readonly Case[] = [
  spoken('disable', ClientTlsSettings.disable(), [
    ['plaintext, without mutual TLS of the mesh', at(), { transportSocket: undefined, transportSocketMatches: undefined }],
    ['for a subset too', at('v1'), { transportSocket: undefined, transportSocketMatches: undefined }],
  ]),
  spoken('simple', ClientTlsSettings.simple(), [
    ['TLS, verified by the system\'s certificates', at(), tls({ sni: undefined, ...checked(undefined, 'file-root:system') })],
    ['SNI and verification by the Host of each request', at(), byHost],
  ]),
  spoken('simple-names', ClientTlsSettings.simple({
    sni: 'catalog.example.com',
    subjectAltNames: ['catalog.example.com', 'shop.example.com'],
    caCertificates: '/etc/certs/ca.pem',
    caCrl: '/etc/certs/crl.pem',
  }), [
    ['the configured SNI', at(), tls({ sni: 'catalog.example.com' })],
    [
      'one of two names, verified by a custom CA',
      at(),
      tls(checked(['catalog.example.com', 'shop.example.com'], 'file-root:/etc/certs/ca.pem')),
    ],
    [
      'with a revocation list',
      at(),
      tls({ commonTlsContext: { combinedValidationContext: { defaultValidationContext: { crl: { filename: '/etc/certs/crl.pem' } } } } }),
    ],
  ]),
  spoken('simple-names-by-host', ClientTlsSettings.simple({ subjectAltNames: ['catalog.example.com'] }), [
    [
      'SNI by Host',
      at(),
      { typedExtensionProtocolOptions: { [OPTIONS]: { upstreamHttpProtocolOptions: { autoSni: true, autoSanValidation: undefined } } } },
    ],
    ['verified by the configured name', at(), tls(checked(['catalog.example.com'], 'file-root:system'))],
  ]),
  spoken('simple-config-map', ClientTlsSettings.simple({ credentialName: 'configmap://shop/authorities' }), [
    [
      'verified by a ConfigMap, and by Host',
      at(),
      { ...tls({ commonTlsContext: { combinedValidationContext: { validationContextSdsSecretConfig: {} } } }), ...byHost },
    ],
  ]),
  spoken('simple-secret', ClientTlsSettings.simple({ credentialName: 'catalog-ca', gatewaysOnly: true }), [
    [
      'the gateway calls over TLS',
      at('', 'gateway'),
      {
        ...tls({
          commonTlsContext: {
            combinedValidationContext: { validationContextSdsSecretConfig: { name: 'kubernetes://catalog-ca-cacert' } },
          },
        }),
        ...byHost,
      },
    ],
    // Why `gatewaysOnly` is required.
    ['a sidecar calls in plaintext', at(), { transportSocket: undefined, transportSocketMatches: undefined }],
  ]),
  spoken('simple-unverified', ClientTlsSettings.simple({ insecureSkipVerify: true }), [
    ['every certificate is accepted', at(), tls({ commonTlsContext: { validationContext: {}, combinedValidationContext: undefined } })],
    [
      'SNI by Host',
      at(),
      { typedExtensionProtocolOptions: { [OPTIONS]: { upstreamHttpProtocolOptions: { autoSni: true, autoSanValidation: undefined } } } },
    ],
  ]),
  spoken('mutual-files', ClientTlsSettings.mutual({
    clientCertificate: '/etc/certs/cert.pem',
    privateKey: '/etc/certs/key.pem',
    caCertificates: '/etc/certs/ca.pem',
  }), [
    [
      'the client certificate',
      at(),
      tls({ commonTlsContext: { tlsCertificateSdsSecretConfigs: [{ name: 'file-cert:/etc/certs/cert.pem~/etc/certs/key.pem' }] } }),
    ],
    ['the server certificate, verified by Host', at(), { ...tls(checked(undefined, 'file-root:/etc/certs/ca.pem')), ...byHost }],
  ]),
  spoken('mutual-secret', ClientTlsSettings.mutual({
    credentialName: 'catalog-cert',
    gatewaysOnly: true,
    sni: 'c.example.com',
    subjectAltNames: ['c.example.com'],
  }), [
    [
      'the certificate of the Secret at the gateway',
      at('', 'gateway'),
      tls({ sni: 'c.example.com', commonTlsContext: { tlsCertificateSdsSecretConfigs: [{ name: 'kubernetes://catalog-cert' }] } }),
    ],
  ]),
  spoken('istio-mutual', ClientTlsSettings.istioMutual({
    sni: 'catalog.shop',
    subjectAltNames: ['spiffe://cluster.local/ns/shop/sa/catalog'],
  }), [
    [
      'mutual TLS of the mesh, always and not only if the peer supports it',
      at(),
      {
        transportSocketMatches: undefined,
        ...tls({ sni: 'catalog.shop', ...checked(['spiffe://cluster.local/ns/shop/sa/catalog'], 'ROOTCA') }),
      },
    ],
    ['the certificate of the workload', at(), tls({ commonTlsContext: { tlsCertificateSdsSecretConfigs: [{ name: 'default' }] } })],
  ]),
  {
    name: 'tls-levels',
    proxies: [web, stranger],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([{ name: 'http', port: 80, targetPort: 3000 }, { name: 'http-admin', port: 8080, targetPort: 9000 }]);
      new ClientTls(world.traffic, 'Service', { service: catalog, tls: ClientTlsSettings.simple() });
      new ClientTls(world.traffic, 'Admin', { service: catalog, port: 8080, tls: ClientTlsSettings.disable() });
      new ClientTls(world.traffic, 'Old', { service: catalog, subset: catalog.subset('v1'), tls: ClientTlsSettings.istioMutual() });
      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: catalog, connectionPool: { maxConnections: 3 } });
    },
    states: [
      ['TLS', cluster('stranger', HOST, 80), { ...tls({}), ...byHost }],
      ['but not at the port', cluster('web', HOST, 8080), { transportSocket: undefined, transportSocketMatches: undefined }],
      ['and not for a subset there', cluster('web', HOST, 8080, 'v2'), { transportSocket: undefined, transportSocketMatches: undefined }],
      ['another one for a subset', cluster('web', HOST, 80, 'v1'), tls(checked(['spiffe://cluster.local/ns/shop/sa/default'], 'ROOTCA'))],
      ['a subset is narrower than a port', cluster('web', HOST, 8080, 'v1'), tls({})],
      ...([[80, ''], [8080, ''], [80, 'v1'], [8080, 'v1'], [8080, 'v2']] as const).map(([port, subset]) =>
        [
          `the circuit breaker at ${port} ${subset}`,
          cluster('web', HOST, port, subset),
          { circuitBreakers: { thresholds: [{ maxConnections: 3 }] } },
        ] as const),
    ],
  },
  {
    name: 'proxy-protocol',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new ProxyProtocol(world.traffic, 'Proxy', { service: catalog, version: ProxyProtocolVersion.V2 });
      new ProxyProtocol(world.traffic, 'Old', { service: catalog, subset: catalog.subset('v1'), version: ProxyProtocolVersion.V1 });
      new ClientTls(world.traffic, 'Tls', { service: catalog, tls: ClientTlsSettings.simple() });
    },
    states: [
      [
        'version 2 around TLS',
        at(),
        {
          transportSocket: {
            name: 'envoy.transport_sockets.upstream_proxy_protocol',
            typedConfig: { config: { version: 'V2' }, transportSocket: { name: 'envoy.transport_sockets.tls' } },
          },
        },
      ],
      ['inherited by a subset', at('v2'), { transportSocket: { typedConfig: { config: { version: 'V2' } } } }],
      [
        'version 1 for another subset: the zero value, which JSON omits',
        at('v1'),
        { transportSocket: { typedConfig: { config: { version: undefined }, transportSocket: { name: 'envoy.transport_sockets.tls' } } } },
      ],
    ],
  },
];
