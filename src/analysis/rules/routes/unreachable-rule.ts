import { unreachableRoutes } from '../../facts/route-order';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unreachable-rule',
  codes: ['IST0130'],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'An earlier entry takes everything that this entry matches',
  effect: 'Envoy takes the first route that matches. That is never this one.',
  check(object, report, index) {
    for (const { path, cause, repair } of unreachableRoutes(object, index)) report(path, cause, repair);
  },
});
