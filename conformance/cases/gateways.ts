import type { Case } from '../case';
import { listener, route, virtualHost } from '../case';
import { World, gateway } from '../world';
import { HOST } from './catalog';
import { IngressGateway, Listener, PublicHost, TlsVersion } from 'cdk8s-istio';

const tls = (envoy: object) => ({ filterChains: [{ transportSocket: { name: 'envoy.transport_sockets.tls', typedConfig: envoy } }] });
const secret = (name: string) => ({ tlsCertificateSdsSecretConfigs: [{ name: `kubernetes://${name}` }] });

/** Listeners of an ingress gateway, with every field. */
export const gateways: readonly Case[] = [
  {
    name: 'gateway-http-ports',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      world.catalog().exposeVia(world.publicHost('shop.example.com', [Listener.http(), Listener.http(9080, { name: 'more' })]));
    },
    states: [
      [
        'port 80, target port 8080',
        route('gateway', 'shop.example.com:80', 'catalog.default'),
        { route: { cluster: `outbound|80||${HOST}` } },
      ],
      [
        'port 9080, which the Service of the gateway does not map',
        route('gateway', 'shop.example.com:9080', 'catalog.default'),
        { route: { cluster: `outbound|80||${HOST}` } },
      ],
    ],
  },
  {
    name: 'gateway-https',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      world
        .catalog()
        .exposeVia(
          world.publicHost('shop.example.com', [
            Listener.http(80, { httpsRedirect: true }),
            Listener.https(443, { credentialName: 'shop-cert', minProtocolVersion: TlsVersion.TLSV1_3 }),
          ]),
        );
    },
    states: [
      [
        'its certificate and version',
        listener('gateway', '0.0.0.0_8443'),
        tls({
          requireClientCertificate: false,
          commonTlsContext: { ...secret('shop-cert'), tlsParams: { tlsMinimumProtocolVersion: 'TLSv1_3' } },
        }),
      ],
      [
        'by its server name (SNI)',
        listener('gateway', '0.0.0.0_8443'),
        { filterChains: [{ filterChainMatch: { serverNames: ['shop.example.com'] } }] },
      ],
      ['the route', route('gateway', 'shop.example.com:443', 'catalog.default'), { route: { cluster: `outbound|80||${HOST}` } }],
      ['plain HTTP is redirected to it', virtualHost('gateway', 'shop.example.com:80'), { requireTls: 'ALL' }],
    ],
  },
  {
    name: 'gateway-mutual-https',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      world
        .catalog()
        .exposeVia(world.publicHost('shop.example.com', [Listener.mutualHttps(443, { credentialName: 'shop-cert', name: 'partners' })]));
    },
    states: [
      [
        "a client certificate, and Envoy's default minimum version, 1.2",
        listener('gateway', '0.0.0.0_8443'),
        tls({ requireClientCertificate: true, commonTlsContext: { ...secret('shop-cert'), tlsParams: undefined } }),
      ],
      [
        'verified by its own CA',
        listener('gateway', '0.0.0.0_8443'),
        tls({
          commonTlsContext: { combinedValidationContext: { validationContextSdsSecretConfig: { name: 'kubernetes://shop-cert-cacert' } } },
        }),
      ],
    ],
  },
  {
    name: 'gateway-by-labels',
    proxies: [
      gateway,
      { name: 'internal', type: 'gateway', namespace: 'istio-system', labels: { app: 'internal-gateway', tier: 'internal' } },
    ],
    build: app => {
      const world = new World(app);
      world.ingress();
      const edge = new IngressGateway(world.traffic, 'Internal', { selector: { tier: 'internal' }, name: 'internal', namespace: 'edge' });
      world.catalog().exposeVia(new PublicHost(world.traffic, 'Host', { gateway: edge, host: 'internal.example.com', name: 'internal' }));
    },
    states: [
      ['the gateway with these labels', virtualHost('internal', 'internal.example.com:80'), { domains: ['internal.example.com'] }],
      ['no other gateway', virtualHost('gateway', 'internal.example.com:80'), undefined],
    ],
  },
];
