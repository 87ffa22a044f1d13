import { groupBy } from '../../../manifest/group-by';
import { frontPortsOf } from '../../facts/served-deployments';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'deployment-port-protocol-conflict',
  codes: ['IST0116'],
  severity: 'warning',
  subjects: ['Deployment'],
  needs: ['Service', 'Workload'],
  title: 'Services of one Deployment use a port for both TCP and UDP',
  effect: 'The pod\'s proxy has one listener for the port, with one of the protocols.',
  check(object, report, index) {
    for (const [number, ports] of groupBy(frontPortsOf(object, index), ({ port }) => String(port.port))) {
      if (new Set(ports.map(({ port }) => port.protocol ?? 'TCP')).size < 2) continue;
      // One Service with both is meant, such as DNS: proxies take no UDP.
      if (new Set(ports.map(({ service }) => service)).size === 1) continue;
      const names = [...new Set(ports.map(({ service }) => index.nameOf(service)))].sort();
      report('metadata.name', `port ${number} is TCP and UDP in ${names.join(', ')}, which select these pods, and a proxy uses it for `
        + 'one of them', 'use different ports for the two protocols');
    }
  },
});
