import { groupBy } from '../../../manifest/group-by';
import { isHostWithin, isWildcard } from '../../../manifest/host-name';
import { selectorText } from '../../../manifest/labels';
import type { GatewayServer } from '../../facts/gateway-servers';
import { serversOf } from '../../facts/gateway-servers';
import type { Gateway } from '../../facts/gateways';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

interface ServedHost {
  readonly one: GatewayServer;
  readonly host: string;
  /** The namespace whose VirtualServices may use the host, `*` for all. */
  readonly scope: string;
}

function hostsOf(one: GatewayServer): ServedHost[] {
  return one.hosts.map(written => {
    const slash = written.indexOf('/');
    return { one, host: written.slice(slash + 1), scope: slash < 0 ? '*' : written.slice(0, slash) };
  });
}

function tableOf(one: GatewayServer): string {
  return `${one.layer} ${selectorText(one.selector)} ${one.address}`;
}

/** The servers of a Gateway that have hosts: TCP without TLS has none. */
function hostServers(object: Gateway, index: TrafficIndex): GatewayServer[] {
  return serversOf(object, index).filter(({ layer }) => layer !== 'tcp');
}

/** The hosts of all servers whose routes share a table. */
function hostsByTable(index: TrafficIndex): ReadonlyMap<string, readonly ServedHost[]> {
  return groupBy(index.of('Gateway').flatMap(object => hostServers(object, index).flatMap(hostsOf)), ({ one }) => tableOf(one));
}

export const rule = defineRule({
  id: 'overlapping-gateway-hosts',
  codes: ['KIA0301'],
  severity: 'info',
  subjects: ['Gateway'],
  title: 'A Gateway\'s wildcard contains the host of another Gateway at the same port',
  effect: 'The most specific host wins. Requests for it never reach the routes of the wildcard.',
  check(object, report, index) {
    for (const one of hostServers(object, index)) {
      const others = index.memo(hostsByTable).get(tableOf(one)) ?? [];
      for (const { host, scope } of hostsOf(one).filter(served => isWildcard(served.host))) {
        const inner = others.find(other => other.one.object !== object && other.host !== host && isHostWithin(other.host, host)
          && (scope === '*' || other.scope === '*' || scope === other.scope));
        if (!inner) continue;
        const outcome = one.layer === 'tls'
          ? `which takes all connections for that host: the entries for '${host}' do not apply there, even to requests that no entry of `
            + `'${inner.host}' matches`
          : `and one table has the routes of both: where a VirtualService on either has '${inner.host}', the entries for '${host}' do not `
            + 'apply to that host, even to requests that no entry of it matches';
        report(`${one.path}.hosts`, `'${host}' contains '${inner.host}' of Gateway ${index.nameOf(inner.one.object)}, ${outcome}`,
          'if you mean this, there is nothing to do; else add the entries to both hosts');
      }
    }
  },
});
