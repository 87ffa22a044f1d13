import { readValue } from '../../../manifest/shape';
import { allocatesAddresses } from '../../facts/entry-ports';
import { defineRule } from '../../rule';

/** The addresses that istiod has allocated, as it writes them into the object. */
const STATUS = { status: { addresses: ['anything'] } } as const;

export const rule = defineRule({
  id: 'service-entry-needs-address',
  codes: ['IST0134'],
  severity: 'warning',
  subjects: ['ServiceEntry'],
  title: 'A TCP port of a ServiceEntry without addresses takes connections to other hosts',
  effect: 'Envoy listens at 0.0.0.0, and takes connections to the port for any address.',
  check(object, report, index) {
    const { addresses, ports = [] } = object.spec ?? {};
    if (addresses || allocatesAddresses(index) || (readValue(STATUS, object)?.status?.addresses ?? []).length > 0) return;
    ports.forEach(({ number, protocol = '' }, p) => {
      if (protocol !== '' && protocol.toUpperCase() !== 'TCP') return;
      report(`spec.ports[${p}]`, `TCP carries no host names, so without addresses this entry also takes TCP connections to port ${number} `
        + 'of other hosts',
      'set addresses, or the protocol that the port speaks (HTTP, TLS, ...), or let proxies allocate addresses (ISTIO_META_DNS_CAPTURE '
          + 'and ISTIO_META_DNS_AUTO_ALLOCATE)');
    });
  },
});
