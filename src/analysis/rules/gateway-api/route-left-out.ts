import { ROUTES, problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'route-left-out',
  codes: [],
  severity: 'error',
  subjects: ROUTES,
  title: 'One rule that istiod does not take makes it leave out the whole route',
  effect: 'All rules of the route are left out: at a gateway requests get 404, and in the mesh they follow the default route '
    + 'of the Service.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['InvalidDestination', 'InvalidFilter'], index)) {
      report(path, `${message}, so istiod leaves out the whole route with all of its rules; ${status}`,
        'correct the rule, or move it to a route of its own', { absent });
    }
  },
});
