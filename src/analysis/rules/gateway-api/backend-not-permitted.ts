import { ROUTES, problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'backend-not-permitted',
  codes: ['KIA1402'],
  severity: 'error',
  subjects: ROUTES,
  title: 'A backend is in another namespace, and no ReferenceGrant permits it',
  effect: 'The backend keeps its weight, but its cluster does not exist: its share of requests gets 500, and its connections '
    + 'are closed. Routes of services need no grant.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['RefNotPermitted'], index)) {
      report(path, `${message}, so its share of requests fails; ${status}`,
        'add a ReferenceGrant to the namespace of the backend, or a Service in the namespace of the route', { absent });
    }
  },
});
