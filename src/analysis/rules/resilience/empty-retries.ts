import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'empty-retries',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'An empty `retries` turns off Istio\'s default retries',
  effect: 'The route has no retry policy. Envoy does not even retry a refused connection.',
  check(object, report) {
    object.spec?.http?.forEach(({ retries }, r) => {
      if (!retries || Object.keys(retries).length > 0) return;
      report(`spec.http[${r}].retries`, '`retries: {}` means no retries, while an entry without `retries` has two by default',
        'remove it to get the default, or set attempts: 0 if you want no retries');
    });
  },
});
