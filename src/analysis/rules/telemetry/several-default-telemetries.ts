import type { Rivals } from '../../facts/rivals';
import { rivalsBy } from '../../facts/rivals';
import type { Telemetry } from '../../facts/telemetries';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Whether a Telemetry is for all of its namespace: one that targets a Gateway or a Service is not. */
function isDefault({ spec: { selector, targetRef, targetRefs = [] } = {} }: Telemetry): boolean {
  return selector === undefined && targetRef === undefined && targetRefs.length === 0;
}

function defaults(index: TrafficIndex): ReadonlyMap<string, Rivals<Telemetry>> {
  return rivalsBy(index.of('Telemetry').filter(isDefault), object => index.namespaceOf(object));
}

export const rule = defineRule({
  id: 'several-default-telemetries',
  codes: ['IST0160'],
  severity: 'error',
  subjects: ['Telemetry'],
  title: 'A namespace has two Telemetries without a selector, and Istio ignores one',
  effect: 'The proxy gets the settings of the older one alone.',
  check(object, report, index) {
    const namespace = index.namespaceOf(object);
    const rivals = isDefault(object) ? index.memo(defaults).get(namespace) : undefined;
    if (!rivals || rivals.others === 0) return;
    const { others, oldest } = rivals;
    const winner = oldest === object ? 'this one, and it ignores the others' : `${index.nameOf(oldest)}, and it ignores this one`;
    report('spec', `${rivals.beside(object, index)} in '${namespace}' ${others === 1 ? 'has' : 'have'} no selector either, and Istio `
      + `uses only the oldest: if all are the same age, ${winner}`,
    'merge them into one Telemetry');
  },
});
