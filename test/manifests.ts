import type { ApiObject } from 'cdk8s';
import { App, Chart } from 'cdk8s';

/** A manifest as tests read it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: { readonly [key: string]: string } };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly spec: any;
}

export function newChart(namespace = 'shop'): Chart {
  return new Chart(new App(), 'chart', { namespace });
}

/** Everything that the App of a construct renders, after validation, as in `synth`. */
export function manifests(scope: Chart | ApiObject): Manifest[] {
  const charts = scope.node.root.node.findAll().filter((c): c is Chart => Chart.isChart(c));
  return charts.flatMap(chart => chart.toJson() as Manifest[]);
}

export function find(scope: Chart, kind: string, name?: string): Manifest {
  const found = manifests(scope).filter(m => m.kind === kind && (name === undefined || m.metadata.name === name));
  if (found.length !== 1) {
    throw new Error(`expected one ${kind} ${name ?? ''}, found ${found.map(m => m.metadata.name).join(', ') || 'none'}`);
  }
  return found[0];
}

export function has(scope: Chart, kind: string): boolean {
  return manifests(scope).some(m => m.kind === kind);
}
