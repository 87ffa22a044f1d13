import { firstOfEach, portsSeenTogether } from '../../facts/entry-ports';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function duplicates(index: TrafficIndex) {
  return firstOfEach(portsSeenTogether(index)
    .map(ports => ({ ports, objects: [...new Set(ports.map(({ object }) => object))] }))
    .filter(({ objects }) => objects.length > 1));
}

export const rule = defineRule({
  id: 'duplicate-service-entry',
  codes: ['KIA1211'],
  severity: 'warning',
  subjects: ['ServiceEntry'],
  title: 'Two ServiceEntries are for one port of a host',
  effect: 'Envoy has one cluster for the host and port, from the older entry.',
  check(object, report, index) {
    const duplicate = index.memo(duplicates).get(object);
    if (!duplicate) return;
    const { group: { objects }, port: { host, number, path } } = duplicate;
    const others = objects.filter(other => other !== object).map(other => index.nameOf(other)).sort();
    report(path, `port ${number} of '${host}' is in ${others.join(', ')} too, and callers use one of them: Istio may ignore endpoints and `
      + 'settings of the others',
    'put the host into one ServiceEntry');
  },
});
