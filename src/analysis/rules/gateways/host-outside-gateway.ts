import { hostsOffered, offers } from '../../facts/gateway-servers';
import { absenceOf, absentGateway, gatewaysOf, isGenerated } from '../../facts/gateways';
import { isDelegate } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import { quotedList } from '../../words';

export const rule = defineRule({
  id: 'host-outside-gateway',
  codes: ['IST0132'],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Gateway'],
  title: 'A Gateway serves none of the hosts of a VirtualService that is bound to it',
  effect: 'The gateway has no virtual host for the name: requests get 404.',
  check(object, report, index) {
    // Admission refuses a delegate with gateways, and says so.
    if (isDelegate(object)) return;
    const { hosts = [] } = object.spec ?? {};
    const namespace = index.namespaceOf(object);
    for (const reference of gatewaysOf(object, index)) {
      const { key, path, gateway } = reference;
      if (isGenerated(reference)) continue;
      if (!gateway) {
        report(path, `${absenceOf(reference, index)}, so nothing serves ${quotedList(hosts)} here: requests from outside get 404`,
          'name a Gateway that exists and serves one of the hosts', { absent: absentGateway(reference) });
        continue;
      }
      if (hosts.some(host => offers(gateway, namespace, host, index))) continue;
      const offered = hostsOffered(gateway, namespace, index);
      report(path, `Gateway '${key}' serves ${offered.length === 0 ? `no host of namespace '${namespace}'` : quotedList(offered)}, but `
        + `this VirtualService is for ${quotedList(hosts)}: requests get 404`,
      'use the same host in both, or remove the Gateway from the list');
    }
  },
});
