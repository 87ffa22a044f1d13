import type { ChartProps } from 'cdk8s';
import { Chart, Duration } from 'cdk8s';
import { CanaryRelease, MeshService, RequestPolicy, ServicePort } from 'cdk8s-istio';
import type { Construct } from 'constructs';

export interface CatalogTrafficProps extends ChartProps {
  /** The share of the requests that v2 gets, from 0 to 100. */
  readonly canaryPercent: number;
}

/** The routes and policies of the Service `catalog`, whose pods have the label `version`. */
export class CatalogTraffic extends Chart {
  constructor(scope: Construct, id: string, props: CatalogTrafficProps) {
    super(scope, id, props);
    const catalog = new MeshService(this, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
    const stable = catalog.addSubset('v1', { labels: { version: 'v1' } });
    const canary = catalog.addSubset('v2', { labels: { version: 'v2' } });
    new CanaryRelease(this, 'Canary', { service: catalog, stable, canary, canaryPercent: props.canaryPercent });
    new RequestPolicy(this, 'InTime', { service: catalog, timeout: Duration.seconds(2) });
  }
}
