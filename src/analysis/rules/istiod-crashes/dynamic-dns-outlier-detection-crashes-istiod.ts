import { CRASH, CRASH_EFFECT, crashLevels } from '../../facts/istiod-crash';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'dynamic-dns-outlier-detection-crashes-istiod',
  codes: [],
  severity: 'error',
  subjects: ['ServiceEntry'],
  title: 'Outlier detection for a DYNAMIC_DNS ServiceEntry crashes istiod',
  effect: CRASH_EFFECT,
  check(entry, report, index) {
    if (entry.spec?.resolution !== 'DYNAMIC_DNS') return;
    for (const { object, policy, path } of crashLevels(entry, index)) {
      if (policy?.outlierDetection === undefined) continue;
      report(`${path}.outlierDetection`, `ServiceEntry ${index.nameOf(entry)} has resolution DYNAMIC_DNS, for which istiod does not `
        + `support outlier detection: ${CRASH}`,
      'remove outlierDetection; Envoy looks up each host by itself, and has no endpoints to eject', { at: object });
    }
  },
});
