import { guessedPorts, isExternalName } from '../../facts/service-ports';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'external-name-port',
  codes: ['IST0150'],
  severity: 'warning',
  subjects: ['Service'],
  title: 'A Service of type ExternalName has a port of plain TCP or of an unknown protocol',
  effect: 'Envoy listens at 0.0.0.0, and takes all connections to the port, whatever their address.',
  check(object, report) {
    if (!isExternalName(object)) return;
    for (const { port: { port }, path } of guessedPorts(object)) {
      report(path, `the protocol of port ${port} carries no host names, so this ExternalName takes all connections to port ${port} `
        + 'of every host',
      'name the port by its protocol, such as https, or use a ServiceEntry instead of the Service');
    }
  },
});
