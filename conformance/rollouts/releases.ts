import { App, Chart } from 'cdk8s';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { CanaryRelease, MeshService, ServicePort } from 'cdk8s-istio';

const NAMESPACE = 'shop';

/** The full name of the service. */
export const HOST = `catalog.${NAMESPACE}.svc.cluster.local`;

/** A release of the service's traffic. */
export interface Release {
  readonly name: string;
  /** Its objects, in the order of our output. */
  readonly objects: readonly KubernetesObject[];
}

/** What a release says of the versions of the service. */
interface Versions {
  readonly kept: readonly ('v1' | 'v2')[];
  /** The percentage of v2 while both serve; else the only version serves. */
  readonly canaryPercent?: number;
  /** The version whose subset is kept for one more release. */
  readonly retired?: 'v1';
}

function release(name: string, { kept, canaryPercent, retired }: Versions): Release {
  const chart = new Chart(new App(), 'traffic', { namespace: NAMESPACE });
  const service = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)] });
  const subsets = new Map(kept.map(version => [version, service.addSubset(version, { labels: { version } })]));
  const [v1, v2] = [subsets.get('v1'), subsets.get('v2')];
  if (v1 && v2 && canaryPercent !== undefined) new CanaryRelease(chart, 'Canary', { service, stable: v1, canary: v2, canaryPercent });
  else service.routeDefaultTo(subsets.get(retired === 'v1' ? 'v2' : kept[0])!);
  if (retired !== undefined) service.retireSubset(retired);
  return { name, objects: chart.toJson() as KubernetesObject[] };
}

export const ONLY_V1 = release('v1 alone', { kept: ['v1'] });
export const TEN_PERCENT = release('10 percent to v2', { kept: ['v1', 'v2'], canaryPercent: 10 });
export const HALF = release('50 percent to v2', { kept: ['v1', 'v2'], canaryPercent: 50 });
export const ALL = release('100 percent to v2', { kept: ['v1', 'v2'], canaryPercent: 100 });
export const RETIRED = release('v1 retired', { kept: ['v1', 'v2'], retired: 'v1' });
export const ONLY_V2 = release('v2 alone', { kept: ['v2'] });
