import { breachText } from '../../../envoy/refusals/breach';
import { envoyRefusalsOf } from '../../facts/envoy-refusals';
import { defineRule } from '../../rule';

const LOSSES = {
  'route configuration': 'the route configuration of each port with this route, for all of its hosts',
  'cluster': 'the cluster',
  'listener': 'the listener of each port that the value is sent to',
};

export const rule = defineRule({
  id: 'refused-by-envoy',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService', 'DestinationRule', 'Telemetry', 'ServiceEntry'],
  title: 'Istio accepts a value that Envoy refuses',
  effect:
    'Envoy refuses what contains the value: the route configuration of a port with all of its hosts, a cluster or a listener. It keeps the previous one, or has none.',
  check(object, report, index) {
    for (const { path, breach, lost, at } of envoyRefusalsOf(object, index)) {
      report(path, `${path} ${breachText(breach)}; Istio accepts it, and Envoy refuses ${LOSSES[lost]}`,
        breach.repair ?? 'use a value within the limit; until then, Envoy keeps the previous configuration, or has none', { at });
    }
  },
});
