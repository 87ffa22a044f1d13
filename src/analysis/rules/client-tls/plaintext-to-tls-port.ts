import { destinationsOf, isUnused } from '../../facts/destinations';
import { plaintextCall } from '../../facts/plaintext-calls';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'plaintext-to-tls-port',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'Requests of an HTTP route are sent in plaintext to a TLS port',
  effect: 'Envoy sends the request in plaintext, unless a DestinationRule sets TLS. The server expects a handshake: it answers 400, or '
    + 'closes the connection.',
  check(object, report, index) {
    for (const destination of destinationsOf(object, index)) {
      if (destination.block !== 'http' || isUnused(destination, object)) continue;
      const call = plaintextCall(destination, object, index);
      if (!call) continue;
      const { callers, service: { object: { kind, metadata }, namespace, ports }, port } = call;
      const { protocol } = ports.find(({ number }) => number === port)!;
      const send = callers.length === 1 && callers[0].startsWith('the') ? 'sends' : 'send';
      report(`${destination.path}.${destination.port === undefined ? 'host' : 'port.number'}`,
        `port ${port} of ${kind} ${namespace}/${metadata.name} is ${protocol}, and ${callers.join(', ')} ${send} it requests in plaintext`,
        `set tls: { mode: SIMPLE } for port ${port} in portLevelSettings of the DestinationRule for '${destination.host}', or route to a `
          + 'port of HTTP');
    }
  },
});
