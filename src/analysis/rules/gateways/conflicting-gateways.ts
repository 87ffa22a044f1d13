import { groupBy } from '../../../manifest/group-by';
import { selectorText, selects } from '../../../manifest/labels';
import type { GatewayServer } from '../../facts/gateway-servers';
import { serversOf } from '../../facts/gateway-servers';
import { podsOf } from '../../facts/gateways';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Whether one pod may serve two Gateways: their selectors are alike, or one asks for more and a pod has both. */
function shareProxy(a: GatewayServer, b: GatewayServer, index: TrafficIndex): boolean {
  const [mine, theirs] = [selectorText(a.selector), selectorText(b.selector)];
  if (mine === theirs) return true;
  if (!mine.includes(theirs) && !theirs.includes(mine)) return false;
  return podsOf(a.object, index).some(({ labels }) => selects(b.selector, labels));
}

/** The hosts by which Istio tells servers apart: with TLS the host alone stands for every namespace, and `./` for the Gateway's own. */
function comparedHosts({ object, hosts, tls }: GatewayServer, index: TrafficIndex): readonly string[] {
  return tls ? hosts.map(host => host.replace(/^\*\//, '').replace(/^\.\//, `${index.namespaceOf(object)}/`)) : hosts;
}

/** Servers by address and host: only those with the same can conflict. */
function serversByHost(index: TrafficIndex): ReadonlyMap<string, readonly GatewayServer[]> {
  const hosts = index.of('Gateway').flatMap(object => serversOf(object, index).flatMap(server => (
    comparedHosts(server, index).map(host => ({ server, key: `${server.address} ${host}` })))));
  return new Map([...groupBy(hosts, ({ key }) => key)].map(([key, group]) => [key, group.map(({ server }) => server)]));
}

export const rule = defineRule({
  id: 'conflicting-gateways',
  codes: ['IST0145', 'KIA0301'],
  severity: 'error',
  subjects: ['Gateway'],
  title: 'Two Gateways on one proxy serve the same host at the same port',
  effect: 'The older server wins. With TLS, Istio skips the other one as a whole, with all its hosts.',
  check(object, report, index) {
    for (const one of serversOf(object, index)) {
      const others = new Set<string>();
      for (const host of comparedHosts(one, index)) {
        for (const other of index.memo(serversByHost).get(`${one.address} ${host}`) ?? []) {
          if (other.object !== object && shareProxy(one, other, index)) others.add(index.nameOf(other.object));
        }
      }
      if (others.size === 0) continue;
      const { port, tls } = one;
      const isSecured = tls !== undefined && tls.httpsRedirect !== true;
      const outcome = isSecured ? 'of servers with TLS Istio keeps only the oldest, and drops the others with all their hosts'
        : 'their routes are in one table, whichever of them a VirtualService names';
      report(`${one.path}.hosts`, `${[...others].sort().join(', ')} serve${others.size === 1 ? 's' : ''} the same host at port ${port} `
        + `on the same proxy: ${outcome}`,
      'put each host into one Gateway, and bind the VirtualServices of all teams to it');
    }
  },
});
