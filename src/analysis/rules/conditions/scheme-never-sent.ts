import { schemeObjection } from '../../../traffic/condition-objection';
import { httpConditions, isAbout } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'scheme-never-sent',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition on the scheme is neither http nor https',
  effect: 'Envoy sets the scheme of each request to http or https, also for gRPC and WebSockets. The route takes nothing.',
  check(object, report, index) {
    for (const condition of httpConditions(object, index)) {
      const [cause, repair] = (isAbout('scheme', condition) ? schemeObjection(condition) : undefined) ?? [];
      if (cause !== undefined) report(condition.path, cause, repair!);
    }
  },
});
