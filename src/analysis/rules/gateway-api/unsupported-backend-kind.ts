import { ROUTES, problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unsupported-backend-kind',
  codes: [],
  severity: 'error',
  subjects: ROUTES,
  title: 'A backend is of a kind that Istio does not route to',
  effect: 'The backend keeps its weight, but its cluster does not exist: its share of requests gets 500, and its connections are closed.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['InvalidKind'], index)) {
      report(path, `${message}, so its share of requests fails; ${status}`,
        'name a Service, or a host of networking.istio.io of kind Hostname', { absent });
    }
  },
});
