import type { Case } from '../case';
import { connections, listener, route } from '../case';
import { World, gateway, web } from '../world';
import { canary, http, IP, spec, tcp, tls, to } from './catalog';
import { Audience, CanaryRelease, IngressGateway, Listener, PublicHost, TlsRoute } from 'cdk8s-istio';

/** TLS and TCP connections through a gateway. */
export const gatewayConnections: readonly Case[] = [
  {
    name: 'tls-passthrough-host',
    proxies: [gateway, web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([tls, http], spec);
      const wild = world.publicHost('*.shop.example.com', [Listener.http(), Listener.tls(443)]);
      catalog.exposeVia(wild, { port: 8443 });
      catalog.exposeVia(wild);
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v2'),
        canaryPercent: 10,
        audiences: [Audience.publicHost(wild)],
      });
      new TlsRoute(world.traffic, 'Beta', {
        service: catalog,
        matches: [{ sniHosts: ['beta.shop.example.com'] }],
        target: catalog.subset('v3'),
      });
    },
    states: [
      ['the server name decides, the narrower first', connections('gateway', '0.0.0.0_8443'), [
        { serverNames: ['beta.shop.example.com'], to: to(8443, 'v3') },
        { serverNames: ['*.shop.example.com'], to: [`${to(8443, 'v1')} 90`, `${to(8443, 'v2')} 10`] },
      ]],
      [
        'requests are routed by HTTP',
        route('gateway', '*.shop.example.com:80', 'catalog.default'),
        { route: { weightedClusters: { clusters: [{ name: to(80, 'v1') }, { name: to(80, 'v2') }] } } },
      ],
      ['the mesh, which has no statement, is unchanged', connections('web', `${IP}_8443`), [{ serverNames: undefined, to: to(8443) }]],
    ],
  },
  {
    name: 'tls-passthrough-beside-https',
    proxies: [gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([http, tls], spec);
      catalog.exposeVia(world.publicHost('shop.example.com', [Listener.https(443, { credentialName: 'shop-cert' })]));
      const through = new PublicHost(world.traffic, 'Through', {
        gateway: new IngressGateway(world.traffic, 'Passthrough', { listeners: [Listener.tls(443)] }),
        host: 'api.example.com',
      });
      catalog.exposeVia(through, { port: 8443, subset: catalog.subset('v2') });
    },
    states: [
      ['one port, routed by the server name', listener('gateway', '0.0.0.0_8443'), {
        filterChains: [
          { filterChainMatch: { serverNames: ['shop.example.com'] }, transportSocket: { name: 'envoy.transport_sockets.tls' } },
          { filterChainMatch: { serverNames: ['api.example.com'] }, transportSocket: undefined },
        ],
      }],
      ['passthrough reaches the subset', connections('gateway', '0.0.0.0_8443'), [{ to: to(8443, 'v2') }]],
    ],
  },
  {
    name: 'tcp-listener',
    proxies: [gateway, web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog([http, tcp], spec);
      const host = world.publicHost(
        'shop.example.com',
        [Listener.http(), Listener.tcp(31400)],
        [{ name: 'tcp', port: 31400, targetPort: 31401 }],
      );
      catalog.exposeVia(host);
      catalog.exposeVia(host, { port: 5432 });
      canary(world, catalog);
    },
    states: [
      [
        'connections are split',
        connections('gateway', '0.0.0.0_31401'),
        [{ serverNames: undefined, to: [`${to(5432, 'v1')} 90`, `${to(5432, 'v2')} 10`] }],
      ],
      [
        'and requests',
        route('gateway', 'shop.example.com:80', 'catalog.default'),
        { route: { weightedClusters: { clusters: [{ name: to(80, 'v1') }, {}] } } },
      ],
      ['and those of the mesh', connections('web', `${IP}_5432`), [{ to: [`${to(5432, 'v1')} 90`, `${to(5432, 'v2')} 10`] }]],
    ],
  },
];
