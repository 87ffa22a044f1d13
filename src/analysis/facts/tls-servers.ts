import { proxiesOf } from './gateway-servers';
import type { Gateway } from './gateways';
import { isHttp, parseProtocol } from '../../envoy/protocol';
import { hostsOverlap, isWildcard } from '../../manifest/host-name';
import type { Server } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** The hosts that one proxy serves with TLS. */
interface TlsHosts {
  readonly all: Set<string>;
  readonly wildcards: Set<string>;
}

const withoutScope = (host: string) => host.slice(host.indexOf('/') + 1);

function isOfTls({ tls, port }: Server): boolean {
  return tls !== undefined && !isHttp(parseProtocol(port?.protocol ?? ''));
}

/** What each proxy that serves a Gateway serves with TLS. */
function tlsHosts(index: TrafficIndex): ReadonlyMap<string, TlsHosts> {
  const byProxy = new Map<string, TlsHosts>();
  for (const gateway of index.of('Gateway')) {
    const hosts = (gateway.spec?.servers ?? []).filter(isOfTls).flatMap(server => server.hosts ?? []).map(withoutScope);
    for (const proxy of hosts.length === 0 ? [] : proxiesOf(gateway, index)) {
      const known = byProxy.get(proxy) ?? { all: new Set(), wildcards: new Set() };
      byProxy.set(proxy, known);
      for (const host of hosts) {
        known.all.add(host);
        if (isWildcard(host)) known.wildcards.add(host);
      }
    }
  }
  return byProxy;
}

/** Whether a proxy of a Gateway serves a host with TLS. */
export function servesTls(gateway: Gateway, host: string, index: TrafficIndex): boolean {
  const name = withoutScope(host);
  return proxiesOf(gateway, index).some(proxy => {
    const { all, wildcards } = index.memo(tlsHosts).get(proxy) ?? { all: new Set<string>(), wildcards: new Set<string>() };
    return all.has(name) || [...isWildcard(name) ? all : wildcards].some(other => hostsOverlap(other, name));
  });
}
