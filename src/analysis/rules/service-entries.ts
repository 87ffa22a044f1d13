import { exportTo } from '../../manifest/export-to';
import { groupBy } from '../../manifest/group-by';
import { isWildcard } from '../../manifest/host-name';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Fields } from '../fields';
import { items, texts } from '../fields';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** Whether proxies are told to find addresses for hosts that have none. */
function allocatesAddresses({ proxyMetadata }: { readonly proxyMetadata?: { readonly [name: string]: string } }): boolean {
  return proxyMetadata?.ISTIO_META_DNS_CAPTURE === 'true'
    && (proxyMetadata.ISTIO_META_DNS_AUTO_ALLOCATE === 'true' || proxyMetadata.PILOT_ENABLE_IP_AUTOALLOCATE === 'true');
}

const addressRequired: TrafficRule = {
  id: 'service-entry-needs-address',
  codes: ['IST0134'],
  severity: 'warning',
  title: 'A TCP port of a ServiceEntry without addresses takes all traffic at its number',
  check(index, report) {
    if (allocatesAddresses(index.meshConfig.defaultConfig)) return;
    for (const object of index.of('ServiceEntry')) {
      const { addresses, ports } = object.spec ?? {};
      if (Array.isArray(addresses) || items(object.status?.addresses).length > 0) continue;
      items(ports).forEach((port, p) => {
        const protocol = String(port.protocol ?? '');
        if (protocol !== '' && protocol.toUpperCase() !== 'TCP') return;
        report(object, `spec.ports[${p}]`, `TCP tells no host names, so that without addresses this entry takes every connection to port ${port.number}, whatever host it was for`,
          'state addresses, or the protocol that is spoken (HTTP, TLS, ...), or let proxies allocate addresses (ISTIO_META_DNS_CAPTURE and ISTIO_META_DNS_AUTO_ALLOCATE)');
      });
    }
  },
};

interface Stated {
  readonly object: KubernetesObject;
  readonly scope: string;
  readonly host: string;
  readonly number: number;
  readonly protocol: string;
  readonly path: string;
}

/** Each host and port of each ServiceEntry, once for each scope that it is exported to. */
function statedPorts(index: TrafficIndex): Stated[] {
  return index.of('ServiceEntry').flatMap(object => {
    const { hosts, ports, exportTo: scopes } = object.spec ?? {};
    const visible = exportTo(texts(scopes), index.namespaceOf(object), ['*']);
    const own = visible === 'all' ? ['*'] : [...visible];
    return own.flatMap(scope => texts(hosts).flatMap(host => items(ports).map((port: Fields, p) => (
      { object, scope, host, number: Number(port.number), protocol: String(port.protocol ?? '').toUpperCase(), path: `spec.ports[${p}]` }))));
  });
}

/** Those that a client would see together, place by place: of one scope, and public ones beside it. */
function* seenTogether(index: TrafficIndex): Generator<readonly Stated[]> {
  const groups = groupBy(statedPorts(index), ({ scope, host, number }) => `${scope} ${host} ${number}`);
  for (const [, group] of groups) {
    const [{ scope, host, number }] = group;
    yield scope === '*' ? group : [...group, ...groups.get(`* ${host} ${number}`) ?? []];
  }
}

const conflictingProtocol: TrafficRule = {
  id: 'service-entry-protocol-conflict',
  codes: ['IST0177', 'KIA1212'],
  severity: 'warning',
  title: 'ServiceEntries give one port of a host different protocols',
  check(index, report) {
    const told = new Set<KubernetesObject>();
    for (const seen of seenTogether(index)) {
      const protocols = [...new Set(seen.map(({ protocol }) => protocol))].sort();
      if (protocols.length < 2) continue;
      const names = [...new Set(seen.map(({ object }) => index.nameOf(object)))].sort();
      for (const { object, host, number, path } of seen) {
        if (told.has(object)) continue;
        told.add(object);
        report(object, path, `port ${number} of '${host}' is ${protocols.join(' and ')} in ${names.join(', ')}: one of them is used, and the rules for the other are ignored`, 'state one protocol, best in one ServiceEntry');
      }
    }
  },
};

const duplicateEntry: TrafficRule = {
  id: 'duplicate-service-entry',
  codes: ['KIA1211'],
  severity: 'warning',
  title: 'Two ServiceEntries are for one port of a host',
  check(index, report) {
    const told = new Set<KubernetesObject>();
    for (const seen of seenTogether(index)) {
      const objects = [...new Set(seen.map(({ object }) => object))];
      if (objects.length < 2) continue;
      for (const { object, host, number, path } of seen) {
        if (told.has(object)) continue;
        told.add(object);
        const others = objects.filter(other => other !== object).map(other => index.nameOf(other)).sort();
        report(object, path, `port ${number} of '${host}' is in ${others.join(', ')} too, and clients use one of them: endpoints and settings of the others may be ignored`, 'put the host into one ServiceEntry');
      }
    }
  },
};

const hiddenByService: TrafficRule = {
  id: 'service-entry-behind-service',
  codes: [],
  severity: 'warning',
  title: 'A ServiceEntry is for a host that a Service of the cluster has',
  check(index, report) {
    for (const object of index.of('ServiceEntry')) {
      texts(object.spec?.hosts).forEach((host, h) => {
        if (isWildcard(host)) return;
        const service = index.registry.named(index.fullHost(host, index.namespaceOf(object))).find(registered => registered.object.kind === 'Service');
        if (!service) return;
        report(object, `spec.hosts[${h}]`, `'${host}' is the host of Service ${index.nameOf(service.object)}, which wins: ports and endpoints of this entry are not used for it`,
          'add ports and selectors to the Service, or use a host of its own for the entry');
      });
    }
  },
};

/** Protocols that tell no host names, so that proxies carry them as plain TCP. */
const PLAIN_TCP = new Set(['', 'TCP', 'MYSQL', 'MONGO', 'REDIS']);

const sharedTcpPort: TrafficRule = {
  id: 'shared-tcp-port-without-address',
  codes: [],
  severity: 'warning',
  title: 'ServiceEntries without addresses share a TCP port, of which the first takes everything',
  check(index, report) {
    const open = statedPorts(index).filter(({ object, protocol }) => PLAIN_TCP.has(protocol) && !Array.isArray(object.spec?.addresses));
    if (allocatesAddresses(index.meshConfig.defaultConfig)) return;
    for (const group of groupBy(open, ({ scope, number }) => `${scope} ${number}`).values()) {
      const hosts = [...new Set(group.map(({ host }) => host))];
      if (hosts.length < 2) continue;
      const told = new Set<KubernetesObject>();
      for (const { object, number, path } of group) {
        if (told.has(object)) continue;
        told.add(object);
        report(object, path, `${hosts.map(host => `'${host}'`).join(', ')} are plain TCP for proxies at port ${number}, without addresses: one listener takes all connections to that port and sends them to one of the hosts`,
          'state addresses for each, or the protocol TLS where clients name the host in their handshake');
      }
    }
  },
};

/** Rules about ServiceEntries and each other. */
export const SERVICE_ENTRY_RULES: readonly TrafficRule[] = [addressRequired, conflictingProtocol, duplicateEntry, hiddenByService, sharedTcpPort];
