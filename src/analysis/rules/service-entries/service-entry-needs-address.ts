import { isHttp } from '../../../envoy/protocol';
import { readValue } from '../../../manifest/shape';
import { allocatesAddresses } from '../../facts/entry-ports';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The addresses that istiod has allocated, as it writes them into the object. */
const STATUS = { status: { addresses: ['anything'] } } as const;

/** The ports of HTTP of all hosts. */
function httpPorts({ registry }: TrafficIndex): ReadonlySet<number> {
  return new Set(registry.hosts.flatMap(({ ports }) => ports).filter(({ protocol }) => isHttp(protocol)).map(({ number }) => number));
}

export const rule = defineRule({
  id: 'service-entry-needs-address',
  codes: ['IST0134'],
  severity: 'warning',
  subjects: ['ServiceEntry'],
  title: 'A TCP port of a ServiceEntry without addresses takes connections to other hosts',
  effect: 'Envoy listens at 0.0.0.0, and takes connections to the port for any address, except for HTTP where other hosts speak it.',
  check(object, report, index) {
    const { addresses, ports = [] } = object.spec ?? {};
    if (addresses || allocatesAddresses(index) || (readValue(STATUS, object)?.status?.addresses ?? []).length > 0) return;
    ports.forEach(({ number, protocol = '' }, p) => {
      if (protocol !== '' && protocol.toUpperCase() !== 'TCP') return;
      // Where others speak HTTP at the port, Envoy tells by the first bytes which connections are theirs.
      const isShared = number !== undefined && index.memo(httpPorts).has(number);
      report(`spec.ports[${p}]`, `TCP carries no host names, so without addresses this entry also takes TCP connections to port ${number} `
        + `of other hosts${isShared ? '; HTTP goes to the routes of that port instead, as other hosts speak HTTP there' : ''}`,
      'set addresses, or the protocol that the port speaks (HTTP, TLS, ...), or let proxies allocate addresses (ISTIO_META_DNS_CAPTURE '
          + 'and ISTIO_META_DNS_AUTO_ALLOCATE)');
    });
  },
});
