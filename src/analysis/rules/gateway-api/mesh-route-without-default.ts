import type { HTTPRoute } from '../../../manifest/istio-specs.generated';
import { meshRoutesOf } from '../../facts/mesh-routes';
import { defineRule } from '../../rule';

/** Whether an entry takes every request, at least of one port. */
function takesAll({ match = [] }: HTTPRoute): boolean {
  if (match.length === 0) return true;
  return match.some(({ uri, port: _, name: _name, ...others }) => (
    (uri === undefined || 'prefix' in uri && uri.prefix === '/') && Object.keys(others).length === 0));
}

export const rule = defineRule({
  id: 'mesh-route-without-default',
  codes: [],
  severity: 'info',
  subjects: ['HTTPRoute', 'GRPCRoute'],
  title: 'The rules of a service match only some of its requests',
  effect: 'A route of a service replaces its default route: requests that no rule matches get 404.',
  check(object, report, index) {
    for (const { host, port, virtualService: { spec: { http = [] } } } of meshRoutesOf(object, index)) {
      if (http.some(takesAll)) continue;
      report('spec.rules', `no rule for '${host}'${port === undefined ? '' : ` on port ${port}`} takes every request, and requests that `
        + 'no rule matches get 404 instead of the service', 'add a last rule without matches and with the Service as its backend');
    }
  },
});
