import { Chart, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { WorkloadsChart } from '../coolstore/workloads';
import {
  CanaryRelease, CircuitBreakerPolicy, DarkLaunch, EgressPolicy, IngressGateway, MeshEnvironment, MeshService, MirroredService, PolicyScope,
  PublicHost, RequestPolicy, StringMatch, TrafficRoute,
} from 'cdk8s-istio';

/** The traffic of the coolstore, for all environments. */
export class CoolstoreChart extends Chart {
  public readonly catalog: MeshService;

  constructor(scope: Construct, id: string) {
    const environment = MeshEnvironment.around(scope);
    const { namespace } = environment;
    super(scope, id, { namespace });
    const catalogVersions = environment.texts('versions');
    const workloads = new WorkloadsChart(scope, 'workloads', { namespace, catalogVersions });
    const catalog = this.catalog = MeshService.fromService(this, 'Catalog', workloads.catalog);
    const versions = catalogVersions.map(version => catalog.addSubset(version, { labels: { version } }));
    const [stable, canary] = versions;
    const newest = versions[versions.length - 1];

    const gateway = new IngressGateway(this, 'Gateway', environment.gateway);
    catalog.exposeVia(new PublicHost(this, 'CatalogHost', { gateway, host: environment.publicHost('catalog') }));
    new CanaryRelease(this, 'Canary', { service: catalog, stable, canary, canaryPercent: environment.number('canaryPercent') });
    if (environment.flag('darkLaunch')) {
      new DarkLaunch(this, 'Internal', {
        service: catalog,
        target: newest,
        matches: [{ headers: { 'x-istio-cohort': StringMatch.exact('internal') } }],
      });
    }
    if (environment.flag('mirror')) new MirroredService(this, 'Shadow', { service: catalog, mirror: canary });
    const items = new TrafficRoute(this, 'Items', { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }] });
    new RequestPolicy(this, 'ItemsInTime', { service: catalog, route: items, timeout: environment.duration('itemsTimeout') });
    new CircuitBreakerPolicy(this, 'Breaker', {
      service: catalog,
      connectionPool: environment.value('limits'),
      outlierDetection: { consecutive5xxErrors: 5, baseEjectionTime: Duration.seconds(30), maxEjectionPercent: 100 },
    });
    new EgressPolicy(this, 'Egress', { scope: PolicyScope.mesh(), mode: environment.egressMode });
  }
}
