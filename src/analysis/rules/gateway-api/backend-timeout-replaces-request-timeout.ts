import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'backend-timeout-replaces-request-timeout',
  codes: [],
  severity: 'warning',
  subjects: ['HTTPRoute'],
  title: 'A rule has both timeouts, and no retry',
  effect: 'Without `retry`, istiod takes `timeouts.backendRequest` for the timeout of the whole request, and drops `timeouts.request`.',
  check(object, report) {
    for (const [i, { timeouts: { request, backendRequest } = {}, retry }] of (object.spec?.rules ?? []).entries()) {
      if (request === undefined || backendRequest === undefined || request === backendRequest || retry !== undefined) continue;
      report(`spec.rules[${i}].timeouts.request`, `the rule has no retry, so istiod drops this timeout of ${request} and ends requests after `
        + `${backendRequest}, the timeout of backendRequest`, 'remove one of the two timeouts, or add retry');
    }
  },
});
