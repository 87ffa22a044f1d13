import { parseDuration } from '../../../manifest/duration';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'delay-outside-timeout',
  codes: [],
  severity: 'info',
  subjects: ['VirtualService'],
  title: 'An injected delay does not count against the timeout of its entry',
  effect: 'The fault filter holds the request back before the router. The router\'s timer starts when it forwards the request.',
  check(object, report) {
    object.spec?.http?.forEach(({ timeout: limit, fault }, r) => {
      const [timeout, delay] = [parseDuration(limit), parseDuration(fault?.delay?.fixedDelay)];
      if (timeout === undefined || delay === undefined || !(timeout > 0) || delay < timeout) return;
      report(`spec.http[${r}].fault.delay.fixedDelay`, `the delay of ${fault?.delay?.fixedDelay} ends before the timeout of ${limit} `
        + 'starts, so it never causes a timeout: callers wait, and get their answer',
      'to test the timeout, inject the delay one call further, in the VirtualService of a service that this one calls, or make the '
          + 'service itself slow');
    });
  },
});
