import { httpHosts, lacksAddress } from '../../facts/entry-ports';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'service-entry-needs-address',
  codes: ['IST0134'],
  severity: 'warning',
  subjects: ['ServiceEntry'],
  title: 'A TCP port of a ServiceEntry without addresses takes connections to other hosts',
  effect: 'Envoy listens at 0.0.0.0, and takes connections to the port for any address, except for HTTP where other hosts speak it.',
  check(object, report, index) {
    if (!lacksAddress(object, index)) return;
    object.spec?.ports?.forEach(({ number, protocol = '' }, p) => {
      if (protocol !== '' && protocol.toUpperCase() !== 'TCP') return;
      // Where others speak HTTP at the port, Envoy tells by the first bytes which connections are theirs.
      const isShared = number !== undefined && httpHosts(index).has(number);
      report(`spec.ports[${p}]`, `TCP carries no host names, so without addresses this entry also takes TCP connections to port ${number} `
        + `of other hosts${isShared ? '; HTTP goes to the routes of that port instead, as other hosts speak HTTP there, and a server that sends first waits for the caller' : ''}`,
      'set addresses, or the protocol that the port speaks (HTTP, TLS, ...), or let proxies allocate addresses (ISTIO_META_DNS_CAPTURE '
          + 'and ISTIO_META_DNS_AUTO_ALLOCATE)');
    });
  },
});
