import { judgementsOf } from '../../facts/judgements';
import { defineRule } from '../../rule';
import { ISTIO_OBJECT } from '../../subject';

export const rule = defineRule({
  id: 'rejected-by-admission',
  codes: ['IST0106'],
  severity: 'error',
  subjects: [ISTIO_OBJECT],
  title: 'istiod\'s admission webhook rejects an object',
  effect: 'Envoy never gets the object: istiod rejects it when you apply it, and the previous version stays.',
  check(object, report, index) {
    for (const { severity, path, cause, repair } of judgementsOf(object, index)) {
      if (severity === 'error') report(path, `${path} ${cause}`, repair);
    }
  },
});
