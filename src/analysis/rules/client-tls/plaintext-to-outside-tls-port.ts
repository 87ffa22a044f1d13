import { isHttp, parseProtocol } from '../../../envoy/protocol';
import { hostAndWildcards } from '../../facts/host-lookup';
import { policiesByHost } from '../../facts/host-policies';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

const TLS_PORT = 443;
const BEGINS_TLS = /"mode":"(?:SIMPLE|MUTUAL|ISTIO_MUTUAL)"/;

/** Whether a DestinationRule for the host, or for a wildcard that holds it, states TLS for some callers, ports or subsets. */
function mayBeginTls(host: string, index: TrafficIndex): boolean {
  const policies = hostAndWildcards(host).flatMap(name => policiesByHost(index).get(name) ?? []);
  return policies.some(({ object }) => BEGINS_TLS.test(JSON.stringify(object.spec)));
}

export const rule = defineRule({
  id: 'plaintext-to-outside-tls-port',
  codes: [],
  severity: 'warning',
  subjects: ['ServiceEntry'],
  needs: ['DestinationRule'],
  title: 'Requests for a host outside the mesh are sent in plaintext to port 443',
  effect:
    'Envoy sends the request in plaintext, unless a DestinationRule sets TLS. The server expects a handshake: it answers 400, or closes the connection.',
  check(object, report, index) {
    const { hosts = [], ports = [], endpoints = [], location, exportTo } = object.spec ?? {};
    if (location === 'MESH_INTERNAL') return;
    ports.forEach(({ number, targetPort, protocol = '', name = '' }, p) => {
      if (!isHttp(parseProtocol(protocol))) return;
      const called = endpoints.flatMap(endpoint => endpoint.ports?.[name] ?? []);
      const isTlsPort = called.length > 0 ? called.every(port => port === TLS_PORT) : (targetPort || number) === TLS_PORT;
      const host = hosts.find(one => !mayBeginTls(one, index));
      if (!isTlsPort || host === undefined) return;
      report(`spec.ports[${p}]`, `port ${number} is ${protocol} and no DestinationRule sets TLS, so requests for '${host}' go to its port `
        + `${TLS_PORT} in plaintext`,
      `add a DestinationRule for '${host}' with tls: { mode: SIMPLE }`,
      { absent: { kind: 'DestinationRule', namespaces: exportTo ?? [index.namespaceOf(object)] } });
    });
  },
});
