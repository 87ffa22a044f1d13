import { groupBy } from '../../../manifest/group-by';
import { frontPortsOf } from '../../facts/served-deployments';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'deployment-conflicting-ports',
  codes: ['IST0137'],
  severity: 'warning',
  subjects: ['Deployment'],
  needs: ['Service', 'Workload'],
  title: 'Services of one Deployment map different ports to one target port',
  effect: 'The pod\'s proxy sees one inbound port, and applies the settings of one of the Services.',
  check(object, report, index) {
    for (const [target, ports] of groupBy(frontPortsOf(object, index), ({ port }) => String(port.targetPort || port.port))) {
      const numbers = [...new Set(ports.map(({ port }) => Number(port.port)))].sort((a, b) => a - b);
      if (numbers.length < 2) continue;
      const names = [...new Set(ports.map(({ service }) => index.nameOf(service)))].sort();
      report('metadata.name', `port ${target} of these pods is the target of ports ${numbers.join(' and ')} of ${names.join(', ')}, and `
        + 'the receiving proxy applies the settings of one of them',
      'use one port in all Services, or one target port per port');
    }
  },
});
