import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'grpc-route-hidden-by-namesake',
  codes: [],
  severity: 'error',
  subjects: ['GRPCRoute'],
  title: 'A GRPCRoute has the name and namespace of an HTTPRoute',
  effect: 'istiod joins both kinds by name, and keeps the rules of the HTTPRoute: those of the GRPCRoute do not exist, whatever its hosts.',
  check(object, report, index) {
    for (const { path, status } of problemsOf(object, ['Unreported'], index)) {
      report(path, `HTTPRoute ${index.nameOf(object)} has the same name, so the rules of this route do not exist; ${status}`,
        'rename one of the two');
    }
  },
});
