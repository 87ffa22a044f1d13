import { App } from 'cdk8s';
import type { ChartFile } from './code';
import { evaluateCharts } from './evaluate-chart';
import { manifestsFrom } from '../manifest/collector';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** What a program renders, by the names of its files. Throws the first error, also of the validation. */
export function synthesize(files: readonly ChartFile[]): ReadonlyMap<string, readonly KubernetesObject[]> {
  const app = new App();
  const charts = evaluateCharts(files, app);
  for (const chart of charts) {
    const [error] = chart.node.findAll().flatMap(each => each.node.validate());
    if (error !== undefined) throw new Error(error);
  }
  return new Map(files.map(({ name }, i) => [name, manifestsFrom(JSON.parse(JSON.stringify(charts[i].toJson())) as unknown[]).objects]));
}
