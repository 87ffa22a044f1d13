import { lookedUpDestinations, outcomeOf } from '../../facts/looked-up-destinations';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unknown-destination-port',
  codes: ['IST0101'],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'A destination names a port that its host does not have',
  effect: 'The route names a cluster that does not exist: requests get 503 with the flag NC.',
  check(object, report, index) {
    for (const { destination, isKnown, ports, absent } of lookedUpDestinations(object, index)) {
      const { path, host, port } = destination;
      if (!isKnown || port === undefined || ports.includes(port) || index.isApiServer(host)) continue;
      report(`${path}.port.number`, `'${host}' has no port ${port}, so ${outcomeOf(destination)}`,
        ports.length === 0 ? 'add the port to the host, or route elsewhere' : `use a port of the host: ${ports.join(', ')} (the Service's `
          + 'port, not the container\'s)', { absent });
    }
  },
});
