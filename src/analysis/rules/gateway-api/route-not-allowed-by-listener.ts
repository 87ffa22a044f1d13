import { ROUTES, problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'route-not-allowed-by-listener',
  codes: ['KIA1401'],
  severity: 'error',
  subjects: ROUTES,
  title: 'A route of the Gateway API attaches to a listener that does not take it',
  effect: 'istiod leaves the route out of the gateway: requests get 404, and connections are closed.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['NotAllowedByListeners'], index)) {
      report(path, `${message}, so no request reaches the route by this parent; ${status}`,
        'allow the namespace and the kind of the route in allowedRoutes of a listener, or move the route', { absent });
    }
  },
});
