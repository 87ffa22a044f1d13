import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'fault-without-percentage',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'Envoy never injects a fault without a percentage',
  effect: 'Envoy takes a missing percentage as 0 percent, and injects nothing.',
  check(object, report) {
    object.spec?.http?.forEach(({ fault: { delay, abort } = {} }, r) => {
      const faults = { delay, abort };
      for (const kind of ['delay', 'abort'] as const) {
        const fault = faults[kind];
        if (!fault || ('percent' in fault && fault.percent !== undefined) || fault.percentage?.value !== undefined) continue;
        report(`spec.http[${r}].fault.${kind}`, `the ${kind} has no percentage, which means 0 percent: Envoy never injects it`,
          'set percentage: { value: 100 }, or the percentage that you want, or remove the fault');
      }
    });
  },
});
