import { byAge } from '../../manifest/kubernetes-object';
import type { Listening } from '../listening';
import { bindOf, layerOf, listening, proxiesOf } from '../listening';
import type { TrafficRule } from '../traffic-rule';

const LAYERS = { http: 'HTTP', tls: 'TLS', tcp: 'plain TCP' };

const gatewayPortTaken: TrafficRule = {
  id: 'gateway-port-taken',
  codes: [],
  severity: 'error',
  title: 'A Gateway\'s server is for a port that another protocol has taken on the same proxy',
  check(index, report) {
    const holders = new Map<string, Listening>();
    // Istio takes the servers in the order of age; the first without TLS decides what the port speaks.
    for (const one of listening(index).sort((a, b) => byAge(a.object, b.object))) {
      const places = proxiesOf(index, one.object).map(proxy => `${proxy} ${one.server.port?.number} ${bindOf(one)}`);
      const holder = places.map(place => holders.get(place)).find(found => found && !(layerOf(found) === 'http' && layerOf(one) === 'http'));
      if (!holder) {
        if (layerOf(one) !== 'tls') for (const place of places) if (!holders.has(place)) holders.set(place, one);
        continue;
      }
      const first = holder.object === one.object ? `${holder.path} of this Gateway` : `Gateway ${index.nameOf(holder.object)}`;
      report(one.object, `${one.path}.port.protocol`, `${first} has ${LAYERS[layerOf(holder)]} at port ${one.server.port?.number} of the same proxy, and comes first${holder.object === one.object ? '' : ' (by age, or by name if both are made together)'}: behind it this server of ${LAYERS[layerOf(one)]} is dropped, with all routes for it`,
        'give one of the two another port, in the Gateway and in the Service of the gateway');
    }
  },
};

/** Rules about what the ports of gateways speak. */
export const GATEWAY_PORT_RULES: readonly TrafficRule[] = [gatewayPortTaken];
