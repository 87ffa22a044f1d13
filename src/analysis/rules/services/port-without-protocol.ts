import { guessedPorts, isExternalName } from '../../facts/service-ports';
import { defineRule } from '../../rule';

const PROTOCOLS = 'http, http2, grpc, grpc-web, https, tls, tcp, udp, mongo, mysql or redis';

export const rule = defineRule({
  id: 'port-without-protocol',
  codes: ['IST0118', 'KIA0601', 'KIA0602'],
  severity: 'info',
  subjects: ['Service'],
  title: 'A Service\'s port does not declare its protocol',
  effect: 'Envoy guesses the protocol of each connection, and treats what it cannot guess as TCP.',
  check(object, report) {
    if (isExternalName(object)) return;
    for (const { port: { port, name, appProtocol }, path } of guessedPorts(object)) {
      const stated = appProtocol === undefined ? name === undefined
        ? 'it has no name'
        : `its name is '${name}'` : `its appProtocol is '${appProtocol}'`;
      report(path, `port ${port} does not declare its protocol (${stated}), so Istio guesses it for each connection, and http entries `
        + 'apply to some of them only',
      `set appProtocol, or begin the name with ${PROTOCOLS}, such as http-web`);
    }
  },
});
