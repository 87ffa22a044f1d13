import { isForMesh, matchesIn } from '../../facts/virtual-services';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-source-namespace',
  codes: [],
  severity: 'warning',
  step: 'reroutes',
  subjects: ['VirtualService'],
  title: 'A route matches the namespace of the callers',
  effect: 'The route takes the requests of all callers if it names the namespace of the waypoint, and else of none.',
  source: '`pilot/pkg/networking/core/route/route.go`, `sourceMatchHTTP`',
  check(object, report) {
    if (!isForMesh(object)) return;
    for (const { match, path } of matchesIn(object)) {
      if (!('sourceNamespace' in match) || !match.sourceNamespace) continue;
      report(`${path}.sourceNamespace`, 'a waypoint compares sourceNamespace with its own namespace, not with that of the caller', 'match a header that the callers send, or decide by an AuthorizationPolicy at the waypoint');
    }
  },
});
