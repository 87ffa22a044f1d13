import { App, Yaml } from 'cdk8s';
import type { ChartFile } from './code';
import { evaluateCharts } from './evaluate-chart';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { parseManifests } from '../manifest/loader';

/** What a program renders, by the names of its files. Throws the first error, also of the validation. */
export function synthesize(files: readonly ChartFile[]): ReadonlyMap<string, readonly KubernetesObject[]> {
  const app = new App();
  const charts = evaluateCharts(files, app);
  for (const chart of charts) {
    const [error] = chart.node.findAll().flatMap(each => each.node.validate());
    if (error !== undefined) throw new Error(error);
  }
  return new Map(files.map(({ name }, i) => [name, objectsOf(name, charts[i].toJson())]));
}

/** Reads what cdk8s writes, so that it compares like any other manifest. */
function objectsOf(name: string, values: readonly unknown[]): readonly KubernetesObject[] {
  return values.length === 0 ? [] : parseManifests(Yaml.stringify(...values), { file: `${name}.k8s.yaml` }).objects;
}
