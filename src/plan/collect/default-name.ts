import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { kebab } from '../../traffic/name';

/** Ids that cdk8s leaves out of names, too. */
const UNNAMED = ['Default', 'Resource'];

/**
 * The name of what a construct renders or adds, if none is set: its path below the chart in kebab-case. Constructs with the same id in two
 * wrappers thereby have different names, and no name depends on what else the chart contains.
 */
export function defaultName(at: IConstruct): string {
  const { id, scope } = at.node;
  // Most constructs are direct children of their chart.
  if (scope === undefined || Chart.isChart(scope)) return kebab(id);
  const ids = [id];
  for (let above: IConstruct | undefined = scope; above !== undefined && !Chart.isChart(above); above = above.node.scope) {
    if (!UNNAMED.includes(above.node.id)) ids.push(above.node.id);
  }
  return ids.reverse().map(kebab).filter(part => part !== '').join('-');
}
