import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { fail } from '../traffic/problem';

/** The namespace of the chart of a construct, if the chart has one. Throws outside of charts. */
export function chartNamespaceOf(at: IConstruct): string | undefined {
  let chart: Chart;
  try {
    chart = Chart.of(at);
  } catch {
    fail(at, 'it is outside of any chart; create it in a Chart');
  }
  return chart.namespace;
}
