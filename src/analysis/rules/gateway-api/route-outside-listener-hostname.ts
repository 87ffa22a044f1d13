import { ROUTES, problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'route-outside-listener-hostname',
  codes: [],
  severity: 'error',
  subjects: ROUTES,
  title: 'No hostname of a route overlaps the hostname of a listener of its parent',
  effect: 'istiod leaves the route out of the gateway: requests get 404, and connections are closed.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['NoMatchingListenerHostname'], index)) {
      report(path, `${message}, so no request reaches the route by this parent; ${status}`,
        'use a hostname of a listener, or add a listener for the hostnames of the route', { absent });
    }
  },
});
