import { firstOfEach, portsSeenTogether } from '../../facts/entry-ports';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function conflicts(index: TrafficIndex) {
  return firstOfEach(portsSeenTogether(index)
    .map(ports => ({ ports, protocols: [...new Set(ports.map(({ protocol }) => protocol))].sort() }))
    .filter(({ protocols }) => protocols.length > 1));
}

export const rule = defineRule({
  id: 'service-entry-protocol-conflict',
  codes: ['IST0177', 'KIA1212'],
  severity: 'warning',
  subjects: ['ServiceEntry'],
  title: 'ServiceEntries give a port of a host different protocols',
  effect: 'The protocol of the older entry applies to the port.',
  check(object, report, index) {
    const conflict = index.memo(conflicts).get(object);
    if (!conflict) return;
    const { group: { ports, protocols }, port: { host, number, path } } = conflict;
    const names = [...new Set(ports.map(port => index.nameOf(port.object)))].sort();
    report(path, `port ${number} of '${host}' is ${protocols.join(' and ')} in ${names.join(', ')}: Istio uses one of them, and ignores `
      + 'entries for the other',
    'use one protocol, preferably in one ServiceEntry');
  },
});
