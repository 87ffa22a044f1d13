import { hostsOffered, offers } from '../../facts/gateway-servers';
import { gatewaysOf } from '../../facts/gateways';
import { isForMesh } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import { quotedList } from '../../words';

export const rule = defineRule({
  id: 'host-not-taken-by-gateway',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'No Gateway of a VirtualService serves one of its hosts',
  effect: 'The gateway\'s listener has no virtual host for the name: 404, flag NR.',
  check(object, report, index) {
    const references = gatewaysOf(object, index);
    const gateways = references.flatMap(({ gateway }) => gateway ?? []);
    if (isForMesh(object) || gateways.length < references.length) return;
    const namespace = index.namespaceOf(object);
    const { hosts = [] } = object.spec ?? {};
    const isServed = (host: string) => gateways.some(gateway => offers(gateway, namespace, host, index));
    // Where no host is served, host-outside-gateway says so.
    const served = hosts.map(isServed);
    if (!served.includes(true) || !served.includes(false)) return;
    const offered = gateways.flatMap(gateway => hostsOffered(gateway, namespace, index));
    hosts.forEach((host, h) => {
      if (served[h]) return;
      report(`spec.hosts[${h}]`, `no Gateway of this VirtualService (${quotedList(references.map(({ key }) => key))}) serves '${host}'; `
        + `they serve ${quotedList(offered)}: requests for it get 404`,
      'add the host to a server of a Gateway, or remove it here');
    });
  },
});
