import type { Case, Place } from '../case';
import { connectionManager, inboundChain, listener } from '../case';
import { World, gateway, stranger, web } from '../world';
import { AccessLogging, PolicyScope, Tracing, TracingTag, WorkloadMode } from 'cdk8s-istio';

const orders = { name: 'orders', type: 'sidecar', namespace: 'shop', labels: { app: 'orders' } } as const;
const meshConfig = `extensionProviders:
  - { name: zipkin, zipkin: { service: zipkin.istio-system.svc.cluster.local, port: 9411 } }
  - { name: other, zipkin: { service: zipkin.istio-system.svc.cluster.local, port: 9412 } }
  - { name: errors, envoyFileAccessLog: { path: /dev/stderr } }`;
const out = (proxy: string) => connectionManager(proxy, '0.0.0.0_80');
/** The connection manager of the pod's own port. */
const into = (proxy: string): Place => {
  const chain = inboundChain(proxy, 3000, 'raw_buffer');
  return {
    ...chain,
    find: answer => chain.find(answer)?.filters.find((f: { name: string }) => f.name.endsWith('http_connection_manager'))?.typedConfig,
  };
};
const log = (path: string) => ({ name: 'envoy.access_loggers.file', typedConfig: { path } });
const logs = (...paths: string[]) => ({ accessLog: paths.map(log) });
const collector = (port: number) => ({
  collectorService: { httpUri: { cluster: `outbound|${port}||zipkin.istio-system.svc.cluster.local` } },
});
/** The configured tags. Istio adds its own to every span. */
const tags = (proxy: string): Place => ({
  ...out(proxy),
  find: answer => out(proxy).find(answer)?.tracing.customTags.filter(
    ({ tag }: { tag: string }) => !tag.startsWith('istio.'),
  ),
});
const none = { accessLog: undefined };

/** `catalog` and `orders` in the namespace shop, the gateway and the collector of spans. */
const world = (state: (world: World) => void): Case['build'] => app => {
  const made = new World(app);
  made.catalog().exposeVia(made.publicHost());
  made.service('orders');
  made.service('web');
  made.service('zipkin', { namespace: 'istio-system', ports: [{ name: 'http', port: 9411 }, { name: 'http-other', port: 9412 }] });
  state(made);
};

/** Access logs and traces, per scope and field. */
export const telemetry: readonly Case[] = [
  {
    name: 'logging-of-the-mesh',
    inbound: true,
    proxies: [web, stranger, gateway],
    build: world(({ traffic }) => new AccessLogging(traffic, 'Logs', { scope: PolicyScope.mesh() })),
    states: [
      ['outbound calls', out('web'), logs('/dev/stdout')],
      ['inbound calls', into('web'), logs('/dev/stdout')],
      ['in every namespace', out('stranger'), logs('/dev/stdout')],
      ['at the gateway', connectionManager('gateway', '0.0.0.0_8080'), logs('/dev/stdout')],
      [
        'connections to unknown hosts',
        listener('web', 'virtualOutbound'),
        {
          filterChains: [
            { name: 'virtualOutbound-blackhole' },
            { name: 'virtualOutbound-catchall-tcp', filters: [{ typedConfig: logs('/dev/stdout') }] },
          ],
        },
      ],
    ],
  },
  {
    name: 'logging-of-a-namespace',
    inbound: true,
    proxies: [web, stranger, gateway],
    meshConfig,
    build: world(({ traffic }) => {
      new AccessLogging(traffic, 'Mesh', { scope: PolicyScope.mesh(), mode: WorkloadMode.SERVER });
      new AccessLogging(traffic, 'Logs', {
        scope: PolicyScope.namespace(),
        providers: ['errors', 'envoy'],
        filter: 'response.code >= 400',
        mode: WorkloadMode.CLIENT,
      });
    }),
    states: [
      [
        'both providers, with the filter',
        out('web'),
        {
          accessLog: [
            { ...log('/dev/stdout'), filter: { extensionFilter: { typedConfig: { expression: 'response.code >= 400' } } } },
            { ...log('/dev/stderr'), filter: { extensionFilter: {} } },
          ],
        },
      ],
      ['inbound logs stay those of the mesh', into('web'), logs('/dev/stdout')],
      ['other namespaces follow the mesh: no outbound logs', out('stranger'), none],
      ['a gateway counts as a client', connectionManager('gateway', '0.0.0.0_8080'), none],
    ],
  },
  {
    name: 'logging-of-a-workload',
    inbound: true,
    proxies: [web, orders],
    build: world(({ traffic }) => {
      new AccessLogging(traffic, 'Mesh', { scope: PolicyScope.mesh(), mode: WorkloadMode.CLIENT_AND_SERVER });
      new AccessLogging(traffic, 'Web', { scope: PolicyScope.workload({ app: 'web' }), disabled: true });
    }),
    states: [
      ['not the workload', out('web'), none],
      ['in no direction', into('web'), none],
      ['the rest of its namespace', out('orders'), logs('/dev/stdout')],
      ['in both', into('orders'), logs('/dev/stdout')],
    ],
  },
  {
    name: 'logging-switched-off-where-the-mesh-config-logs',
    inbound: true,
    proxies: [web, stranger],
    meshConfig: 'accessLogFile: /dev/stdout',
    build: world(({ traffic }) => new AccessLogging(traffic, 'Quiet', { scope: PolicyScope.namespace(), disabled: true })),
    states: [
      ['the namespace has no logs', out('web'), none],
      ['no other namespace', out('stranger'), logs('/dev/stdout')],
    ],
  },
  {
    name: 'logging-of-another-provider-switched-off',
    inbound: true,
    proxies: [web, orders],
    meshConfig,
    build: world(({ traffic }) => {
      new AccessLogging(traffic, 'Mesh', { scope: PolicyScope.mesh(), providers: ['errors'] });
      new AccessLogging(traffic, 'Web', { scope: PolicyScope.workload({ app: 'web' }), disabled: true });
      new AccessLogging(traffic, 'Orders', { scope: PolicyScope.workload({ app: 'orders' }), disabled: true, providers: ['errors'] });
    }),
    states: [
      ['without its name: no provider of the wider scope is kept', out('web'), none],
      ['by its name', out('orders'), none],
      ['both directions', into('web'), none],
    ],
  },
  {
    name: 'tracing-of-the-mesh',
    inbound: true,
    proxies: [web, gateway],
    meshConfig,
    build: world(({ traffic }) => new Tracing(traffic, 'Traces', {
      scope: PolicyScope.mesh(),
      provider: 'zipkin',
      samplingPercent: 12.5,
      customTags: {
        team: TracingTag.literal('shop'),
        zone: TracingTag.environment('ZONE', 'none'),
        node: TracingTag.environment('NODE'),
        user: TracingTag.header('x-user', 'nobody'),
        trace: TracingTag.header('x-trace'),
      },
    })),
    states: [
      ['the sampling percentage', out('web'), { tracing: { randomSampling: { value: 12.5 } } }],
      ['on both sides', into('web'), { tracing: { randomSampling: { value: 12.5 } } }],
      ['at the gateway', connectionManager('gateway', '0.0.0.0_8080'), { tracing: { randomSampling: { value: 12.5 } } }],
      ['the tags', tags('web'), [
        { tag: 'node', environment: { name: 'NODE' } }, { tag: 'team', literal: { value: 'shop' } }, {
          tag: 'trace',
          requestHeader: { name: 'x-trace' },
        },
        {
          tag: 'user',
          requestHeader: { name: 'x-user', defaultValue: 'nobody' },
        }, { tag: 'zone', environment: { name: 'ZONE', defaultValue: 'none' } },
      ]],
      ['the provider', out('web'), { tracing: { provider: { name: 'envoy.tracers.zipkin', typedConfig: collector(9411) } } }],
    ],
  },
  {
    name: 'tracing-of-a-namespace',
    proxies: [web, stranger],
    meshConfig,
    build: world(({ traffic }) => {
      new Tracing(traffic, 'Mesh', {
        scope: PolicyScope.mesh(),
        provider: 'zipkin',
        samplingPercent: 5,
        customTags: { team: TracingTag.literal('mesh') },
      });
      new Tracing(traffic, 'Namespace', {
        scope: PolicyScope.namespace(),
        provider: 'other',
        customTags: { unit: TracingTag.literal('shop') },
      });
      new AccessLogging(traffic, 'Logs', { scope: PolicyScope.namespace() });
    }),
    states: [
      ['the sampling of the mesh, because the namespace sets none', out('web'), { tracing: { randomSampling: { value: 5 } } }],
      ['the provider of the namespace', out('web'), { tracing: { provider: { typedConfig: collector(9412) } } }],
      ['that of the mesh elsewhere', out('stranger'), { tracing: { provider: { typedConfig: collector(9411) } } }],
      ['only the tags of the namespace', tags('web'), [{ tag: 'unit', literal: { value: 'shop' } }]],
      ['the tags of the mesh elsewhere', tags('stranger'), [{ tag: 'team', literal: { value: 'mesh' } }]],
      ['logs of the same Telemetry', out('web'), logs('/dev/stdout')],
    ],
  },
  {
    name: 'tracing-of-a-workload',
    proxies: [web, orders],
    meshConfig,
    build: world(({ traffic }) => {
      new Tracing(traffic, 'Mesh', { scope: PolicyScope.mesh(), provider: 'zipkin' });
      new Tracing(traffic, 'Silent', { scope: PolicyScope.workload({ app: 'web' }), provider: 'zipkin', disableSpanReporting: true });
      new Tracing(traffic, 'Orders', { scope: PolicyScope.workload({ app: 'orders' }), provider: 'zipkin', samplingPercent: 100 });
    }),
    states: [
      ['no spans of the workload', out('web'), { tracing: undefined }],
      ['all spans of another workload', out('orders'), { tracing: { randomSampling: { value: 100 } } }],
    ],
  },
];
