import { mayForward } from '../../../envoy/clusters/forward-proxy';
import { parseProtocol } from '../../../envoy/protocol';
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
    const { spec } = entry;
    if (spec?.resolution !== 'DYNAMIC_DNS') return;
    const ports = (spec.ports ?? []).filter(({ protocol = '' }) => mayForward({ protocol: parseProtocol(protocol) }));
    if (ports.length === 0) return;
    const cause = `ServiceEntry ${index.nameOf(entry)} has resolution DYNAMIC_DNS, for which istiod does not support outlier detection`;
    const why = 'Envoy looks up each host by itself, and has no endpoints to eject';
    if (index.meshConfig.defaultTrafficPolicy?.outlierDetection !== undefined) {
      report('spec.resolution', `${cause}, and MeshConfig's defaultTrafficPolicy has outlierDetection: ${CRASH}`,
        `remove outlierDetection from defaultTrafficPolicy, or use another resolution; ${why}`);
    }
    for (const { object, policy, path } of crashLevels({ ...entry, spec: { ...spec, ports } }, index)) {
      if (policy?.outlierDetection === undefined) continue;
      report(`${path}.outlierDetection`, `${cause}: ${CRASH}`, `remove outlierDetection; ${why}`, { at: object });
    }
  },
});
