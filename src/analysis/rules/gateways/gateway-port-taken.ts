import { byAge } from '../../../manifest/kubernetes-object';
import type { GatewayServer } from '../../facts/gateway-servers';
import { allServers, proxiesOf, serversOf } from '../../facts/gateway-servers';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

const LAYERS = { http: 'HTTP', tls: 'TLS', tcp: 'plain TCP' };

/**
 * The server that has taken the port before, for each server that Istio drops. Istio goes by age: the first server without TLS decides what
 * the port speaks.
 */
function findHolders(index: TrafficIndex): ReadonlyMap<GatewayServer, GatewayServer> {
  const byPlace = new Map<string, GatewayServer>();
  const holders = new Map<GatewayServer, GatewayServer>();
  for (const one of [...allServers(index)].sort((a, b) => byAge(a.object, b.object))) {
    const places = proxiesOf(one.object, index).map(proxy => `${proxy} ${one.address}`);
    const holder = places.map(place => byPlace.get(place)).find(found => found && !(found.layer === 'http' && one.layer === 'http'));
    if (holder) holders.set(one, holder);
    else if (one.layer !== 'tls') for (const place of places) if (!byPlace.has(place)) byPlace.set(place, one);
  }
  return holders;
}

export const rule = defineRule({
  id: 'gateway-port-taken',
  codes: [],
  severity: 'error',
  subjects: ['Gateway'],
  title: 'A Gateway\'s server is for a port that speaks another protocol on the same proxy',
  effect: 'Envoy has one listener at the port, for the older server. Nothing of the other one is in it.',
  check(object, report, index) {
    for (const one of serversOf(object, index)) {
      const holder = index.memo(findHolders).get(one);
      if (!holder) continue;
      const isOwn = holder.object === object;
      const name = isOwn ? `${holder.path} of this Gateway` : `Gateway ${index.nameOf(holder.object)}`;
      const order = isOwn ? '' : ' (by age, or by name if both are the same age)';
      report(`${one.path}.port.protocol`, `${name} has ${LAYERS[holder.layer]} at port ${one.port} of the same proxy and comes `
        + `first${order}: `
        + `Istio drops this server of ${LAYERS[one.layer]} with all routes for it`,
      'give one of the two another port, in the Gateway and in the Service of the gateway');
    }
  },
});
