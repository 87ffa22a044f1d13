import type { Protocol } from '../../../envoy/protocol';
import { isHttpOrGuessed, isTls } from '../../../envoy/protocol';
import type { HTTPRoute, TCPRoute, TLSRoute } from '../../../manifest/istio-specs.generated';
import { isForMesh, MESH } from '../../facts/virtual-services';
import { scopesOf } from '../../facts/visibility';
import { defineRule } from '../../rule';

/** The entries of one protocol, and the ports at which sidecars read them. */
interface EntriesOf {
  readonly block: 'http' | 'tls' | 'tcp';
  readonly wanted: string;
  readonly repair: string;
  isReadAt(protocol: Protocol): boolean;
}

const ENTRIES: readonly EntriesOf[] = [
  {
    block: 'http',
    wanted: 'HTTP',
    isReadAt: isHttpOrGuessed,
    repair: 'if the port speaks HTTP, name it http in the Service, or set appProtocol: http; else write tcp or tls entries',
  },
  {
    block: 'tls',
    wanted: 'TLS',
    isReadAt: isTls,
    repair: 'if callers send TLS, name the port https or tls in the Service; else write entries of the protocol of the port',
  },
  {
    block: 'tcp',
    wanted: 'TCP',
    isReadAt: protocol => protocol === 'Unsupported' || !(isHttpOrGuessed(protocol) || isTls(protocol)),
    repair: 'write entries of the protocol of the port, or name the port tcp in the Service',
  },
];

export const rule = defineRule({
  id: 'http-rules-on-tcp-port',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'http, tls or tcp entries are for a host without a port of that protocol',
  effect: 'The entries are not in its configuration. Connections go to the service unchanged.',
  check(object, report, index) {
    if (!isForMesh(object)) return;
    const { spec = {} } = object;
    const scopes = scopesOf(object, index);
    spec.hosts?.forEach((host, h) => {
      const ports = index.registry.find(index.fullHost(host, index.namespaceOf(object)), scopes)?.ports ?? [];
      if (ports.length === 0) return;
      const text = ports.map(({ number, protocol }) => `${number} is ${protocol}`).join(', ');
      for (const { block, wanted, isReadAt, repair } of ENTRIES) {
        const entries: readonly (HTTPRoute | TLSRoute | TCPRoute)[] = spec[block] ?? [];
        if (!entries.some(isOfMesh) || ports.some(({ protocol }) => isReadAt(protocol))) continue;
        report(`spec.hosts[${h}]`, `'${host}' has no ${wanted} port (${text}), so sidecars ignore the ${block} entries for it`, repair);
      }
    });
  },
});

/** Whether sidecars would read an entry. */
function isOfMesh({ match }: HTTPRoute | TLSRoute | TCPRoute): boolean {
  return !match?.length || match.some(({ gateways = [] }) => gateways.length === 0 || gateways.includes(MESH));
}
