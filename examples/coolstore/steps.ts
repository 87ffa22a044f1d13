import { join } from 'node:path';
import { App, Chart, Duration } from 'cdk8s';
import type { WorkloadsOptions } from './workloads';
import { GATEWAY_ACCOUNT, WorkloadsChart } from './workloads';
import type { ConnectionPool } from 'cdk8s-istio';
import {
  AccessLogging, AccessPolicy, Audience, Caller, CanaryRelease, CircuitBreakerPolicy, DarkLaunch, EgressPolicy, ExternalDependency,
  IngressGateway, MeshService, MirroredService, MutualTlsMode, OutboundTrafficMode, PolicyScope, PublicHost, RequestPolicy, Resolution,
  ServicePort, StringMatch, Tracing, TrafficRoute, WorkloadAccess,
} from 'cdk8s-istio';

/** One step of the walk-through, which is a complete environment. */
export interface Step {
  readonly name: string;
  readonly build: (app: App) => MeshService[];
}

const internal = { headers: { 'x-istio-cohort': StringMatch.exact('internal') } };

/** The traffic of one step, without its workloads. */
class TrafficChart extends Chart {
  public readonly workloads: WorkloadsChart;
  public readonly catalog: MeshService;

  constructor(app: App, options?: WorkloadsOptions) {
    super(app, 'traffic', { namespace: 'istioinaction' });
    this.workloads = new WorkloadsChart(app, 'workloads', options);
    this.catalog = MeshService.fromService(this, 'Catalog', this.workloads.catalog);
  }

  public get v1() {
    return this.catalog.subset('version-v1');
  }

  public get v2() {
    return this.catalog.subset('version-v2');
  }

  public addCatalogVersions(): void {
    this.catalog.addSubset('version-v1', { labels: { version: 'v1' }, replicas: 1 });
    this.catalog.addSubset('version-v2', { labels: { version: 'v2' }, replicas: 1 });
  }

  public publicHost(name: string, gatewayId: string, identity?: Caller): PublicHost {
    return new PublicHost(this, `${name}Host`, {
      gateway: new IngressGateway(this, gatewayId, { identity }),
      host: `${name.toLowerCase()}.istioinaction.io`,
    });
  }
}

/** 01 to 03: the gateway routes to catalog. */
function exposedCatalog(app: App): { chart: TrafficChart; host: PublicHost } {
  const chart = new TrafficChart(app);
  const host = chart.publicHost('Catalog', 'CatalogGateway');
  chart.catalog.exposeVia(host);
  return { chart, host };
}

/** From 04: the gateway routes to webapp, which calls catalog. */
function meshRouting(app: App, options?: WorkloadsOptions & { readonly gateway?: Caller }) {
  const chart = new TrafficChart(app, options);
  const webapp = MeshService.fromService(chart, 'Webapp', chart.workloads.webapp);
  webapp.exposeVia(chart.publicHost('Webapp', 'CoolstoreGateway', options?.gateway));
  chart.addCatalogVersions();
  chart.catalog.routeDefaultTo(chart.v1);
  return { chart, webapp, services: [webapp, chart.catalog] };
}

/** From 05: webapp logs its requests. */
function accessLogging(app: App): { chart: TrafficChart; services: MeshService[] } {
  const step = meshRouting(app);
  new AccessLogging(step.chart, 'Webapp Logs', { scope: PolicyScope.workload({ app: 'webapp' }), name: 'webapp' });
  return step;
}

function egressLockdown(app: App): { chart: TrafficChart; services: MeshService[] } {
  const step = accessLogging(app);
  new EgressPolicy(step.chart, 'Lockdown', { scope: PolicyScope.mesh(), mode: OutboundTrafficMode.REGISTRY_ONLY });
  return step;
}

/** 11 to 13: simple-web calls simple-backend. One of its three endpoints is slow or fails. */
function loadTest(app: App, slowBackend: { readonly [name: string]: string }) {
  const chart = new TrafficChart(app, { slowBackend });
  const web = MeshService.fromService(chart, 'SimpleWeb', chart.workloads.simpleWeb);
  web.exposeVia(
    new PublicHost(chart, 'SimpleWebHost', { gateway: new IngressGateway(chart, 'SimpleWebGateway'), host: 'simple-web.istioinaction.io' }),
  );
  const backend = MeshService.fromService(chart, 'SimpleBackend', chart.workloads.simpleBackend, { replicas: 3 });
  return { chart, backend, services: [web, backend] };
}

function circuitBreaker(app: App, relaxed: ConnectionPool): MeshService[] {
  const { chart, backend, services } = loadTest(app, { TIMING_50_PERCENTILE: '1000ms' });
  new CircuitBreakerPolicy(chart, 'Breaker', {
    service: backend,
    connectionPool: {
      maxConnections: 1,
      http1MaxPendingRequests: 1,
      maxRequestsPerConnection: 1,
      maxRetries: 1,
      http2MaxRequests: 1,
      ...relaxed,
    },
  });
  return services;
}

/** The walk-through, in order. Each step is written into its own folder. */
export const steps: readonly Step[] = [
  {
    name: '01-ingress',
    build: app => [exposedCatalog(app).chart.catalog],
  },
  {
    name: '02-subsets',
    build: app => {
      const { chart, host } = exposedCatalog(app);
      chart.addCatalogVersions();
      chart.catalog.routeDefaultTo(chart.v1, { audiences: [Audience.publicHost(host)] });
      return [chart.catalog];
    },
  },
  {
    name: '03-dark-launch',
    build: app => {
      const { chart, host } = exposedCatalog(app);
      const audiences = [Audience.publicHost(host)];
      chart.addCatalogVersions();
      chart.catalog.routeDefaultTo(chart.v1, { audiences });
      new DarkLaunch(chart, 'Internal', { service: chart.catalog, target: chart.v2, matches: [internal], audiences });
      return [chart.catalog];
    },
  },
  {
    name: '04-mesh-routing',
    build: app => meshRouting(app).services,
  },
  {
    name: '05-access-logging',
    build: app => accessLogging(app).services,
  },
  {
    name: '06-traffic-shifting',
    build: app => {
      const { chart, services } = accessLogging(app);
      new CanaryRelease(chart, 'Canary', { service: chart.catalog, stable: chart.v1, canary: chart.v2, canaryPercent: 10 });
      return services;
    },
  },
  {
    name: '07-mirroring',
    build: app => {
      const { chart, services } = accessLogging(app);
      new MirroredService(chart, 'Shadow', { service: chart.catalog, mirror: chart.v2 });
      return services;
    },
  },
  {
    name: '08-egress-lockdown',
    build: app => egressLockdown(app).services,
  },
  {
    name: '09-external-dependency',
    build: app => {
      const { chart, services } = egressLockdown(app);
      new ExternalDependency(chart, 'Jsonplaceholder', {
        hosts: ['jsonplaceholder.typicode.com'], ports: [ServicePort.http(80, { name: 'http' })], resolution: Resolution.DNS,
      });
      return services;
    },
  },
  {
    name: '10-tracing',
    build: app => {
      const { chart, services } = accessLogging(app);
      new Tracing(chart, 'Tracing', { scope: PolicyScope.mesh(), provider: 'zipkin', samplingPercent: 100 });
      return services;
    },
  },
  {
    name: '11-circuit-breaker',
    build: app => circuitBreaker(app, {}),
  },
  {
    name: '12-circuit-breaker-relaxed',
    build: app => circuitBreaker(app, { http2MaxRequests: 2, http1MaxPendingRequests: 2 }),
  },
  {
    name: '13-outlier-detection',
    build: app => {
      const { chart, backend, services } = loadTest(app, { ERROR_TYPE: 'http_error', ERROR_RATE: '0.75', ERROR_CODE: '500' });
      new CircuitBreakerPolicy(chart, 'Breaker', {
        service: backend,
        outlierDetection: {
          consecutive5xxErrors: 1, interval: Duration.seconds(5), baseEjectionTime: Duration.seconds(5), maxEjectionPercent: 100,
        },
      });
      return services;
    },
  },
  {
    name: '20-composed',
    build: app => {
      const { chart } = exposedCatalog(app);
      const catalog = chart.catalog;
      chart.addCatalogVersions();
      new DarkLaunch(chart, 'Internal', { service: catalog, target: chart.v2, matches: [internal] });
      new CanaryRelease(chart, 'Canary', { service: catalog, stable: chart.v1, canary: chart.v2, canaryPercent: 10 });
      new MirroredService(chart, 'Shadow', { service: catalog, mirror: chart.v2 });
      const items = new TrafficRoute(chart, 'Items', { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }] });
      new RequestPolicy(chart, 'ItemsInTime', { service: catalog, route: items, timeout: Duration.seconds(2) });
      new CircuitBreakerPolicy(chart, 'Breaker', {
        service: catalog,
        connectionPool: { maxConnections: 100, http1MaxPendingRequests: 10 },
        outlierDetection: { consecutive5xxErrors: 5, baseEjectionTime: Duration.seconds(30), maxEjectionPercent: 100 },
      });
      return [catalog];
    },
  },
  {
    name: '21-access',
    build: app => {
      const gateway = Caller.gateway(GATEWAY_ACCOUNT);
      const { chart, webapp, services } = meshRouting(app, { serviceAccounts: true, gateway });
      new AccessPolicy(chart, 'Closed', { scope: PolicyScope.namespace(), denyByDefault: true, mode: MutualTlsMode.STRICT });
      new WorkloadAccess(chart, 'WebappAccess', { service: webapp, callers: [gateway] });
      new WorkloadAccess(chart, 'CatalogAccess', { service: chart.catalog, callers: [Caller.serviceAccount('webapp')], methods: ['GET'] });
      return services;
    },
  },
];

/** Writes every step into its own folder, with its own App, because each is a separate environment. */
export function synthesizeAll(folder: string): void {
  for (const { name, build } of steps) {
    const app = new App({ outdir: join(folder, name) });
    build(app);
    app.synth();
  }
}
