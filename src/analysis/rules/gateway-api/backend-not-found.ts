import { ROUTES, problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'backend-not-found',
  codes: ['KIA1402'],
  severity: 'error',
  subjects: ROUTES,
  title: 'A backend of a route does not exist',
  effect: 'The backend keeps its weight, but its cluster does not exist: its share of requests gets 500, and its connections are closed. A mirror '
    + 'is left out.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['BackendNotFound'], index)) {
      // istiod looks for a host in one namespace alone, and nevertheless routes to it wherever it is.
      if (absent?.kind === 'host' && index.registry.findAll(absent.host, 'all').length > 0) continue;
      const outcome = path.includes('.filters[') ? 'so no request is mirrored to it' : 'so its share of requests fails';
      report(path, `${message}, ${outcome}; ${status}`, 'correct the name and namespace, or add the Service', { absent });
    }
  },
});
