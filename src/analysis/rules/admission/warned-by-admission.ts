import { judgementsOf } from '../../facts/judgements';
import { defineRule } from '../../rule';
import { ISTIO_OBJECT } from '../../subject';

export const rule = defineRule({
  id: 'warned-by-admission',
  codes: ['IST0133'],
  severity: 'warning',
  subjects: [ISTIO_OBJECT],
  title: 'istiod\'s admission webhook accepts an object with a warning',
  effect: 'Envoy gets what Istio understands of the object, which may not be what its author meant.',
  check(object, report, index) {
    for (const { severity, path, cause, repair } of judgementsOf(object, index)) {
      if (severity === 'warning') report(path, `${path} ${cause}`, repair);
    }
  },
});
