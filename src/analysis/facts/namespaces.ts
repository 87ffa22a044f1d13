import type { Labels } from '../../manifest/labels';
import type { TrafficIndex } from '../traffic-index';

/** The labels of a namespace; undefined where the input lacks it. */
export function labelsOfNamespace(name: string, index: TrafficIndex): Labels | undefined {
  return index.memo(findLabels).get(name);
}

function findLabels(index: TrafficIndex): ReadonlyMap<string, Labels> {
  return new Map(index.of('Namespace').map(({ metadata: { name, labels = {} } }) => [name, labels]));
}
