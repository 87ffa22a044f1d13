import { namedDelegates } from '../../facts/delegations';
import { isDelegate } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Whether any VirtualService has hosts. */
function hasRoots(index: TrafficIndex): boolean {
  return index.of('VirtualService').some(object => !isDelegate(object));
}

export const rule = defineRule({
  id: 'delegate-without-root',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'No VirtualService delegates to a VirtualService without hosts',
  effect: 'Nothing of the object is in any proxy\'s configuration.',
  check(object, report, index) {
    if (!isDelegate(object) || namedDelegates(index).has(index.nameOf(object))) return;
    // Roots may be in another team's manifests: here nothing delegates at all.
    if (!index.memo(hasRoots)) return;
    report('metadata.name', `no VirtualService delegates to '${index.nameOf(object)}', and without hosts it has no effect`,
      'name it as the delegate of an entry in the VirtualService that has the host, or give it hosts');
  },
});
