import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'fault-hides-retries',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'Envoy never retries an injected abort',
  effect: 'The fault filter answers before the router: Envoy sends nothing upstream, and retries nothing.',
  check(object, report) {
    object.spec?.http?.forEach(({ fault, retries }, r) => {
      if (!fault?.abort || !((retries?.attempts ?? 0) > 0)) return;
      report(`spec.http[${r}].retries`, 'this entry aborts requests before Envoy sends them, and Envoy does not retry such an abort: the '
        + 'fault does not test the retries',
      'make the called service fail, or inject the fault in the VirtualService of a service that this one calls');
    });
  },
});
