import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'deprecated-delay-percent',
  codes: ['IST0002'],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A delay uses the deprecated field `percent`',
  effect: 'Envoy gets an integer percentage for as long as Istio reads the field.',
  check(object, report) {
    object.spec?.http?.forEach(({ fault }, r) => {
      const percent = fault?.delay?.percent ?? 0;
      if (!(percent > 0)) return;
      report(`spec.http[${r}].fault.delay.percent`, '`percent` is deprecated, and takes integers only',
        `set percentage: { value: ${percent} }`);
    });
  },
});
