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
      const { kind, value, path } = condition;
      if (!isAbout('scheme', condition)) continue;
      const isMet = kind === 'regex' || (kind === 'exact' ? ['http', 'https'].includes(value) : 'https'.startsWith(value));
      if (isMet) continue;
      report(path, `the scheme of a request is http or https, in lower case, whatever it carries: '${value}' takes nothing`,
        'write http or https, or remove the condition');
    }
  },
});
