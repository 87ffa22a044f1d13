import { isHttpOrGuessed } from '../../envoy/protocol';
import { groupBy } from '../../manifest/group-by';
import { isWildcard } from '../../manifest/host-name';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Destination } from '../destinations';
import { texts } from '../fields';
import { serviceParts, wildcardsOver } from '../host-lookup';
import type { RegisteredHost } from '../registry';
import { statedSubsets } from '../stated-policies';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

interface Found {
  readonly object: KubernetesObject;
  readonly destination: Destination;
  readonly found: boolean;
  /** The ports of all Services and ServiceEntries that have the host. */
  readonly ports: readonly number[];
}

/** Looked up once for the rules of this file. */
const FOUND = new WeakMap<TrafficIndex, readonly Found[]>();

function destinations(index: TrafficIndex): readonly Found[] {
  const known = FOUND.get(index) ?? find(index);
  FOUND.set(index, known);
  return known;
}

function find(index: TrafficIndex): Found[] {
  const all: Found[] = [];
  for (const object of index.of('VirtualService')) {
    const scopes = index.scopesOf(object);
    // The destinations of one VirtualService mostly name one host.
    let latest: { readonly host: string; readonly found: boolean; readonly ports: readonly number[] } | undefined;
    for (const destination of index.destinationsOf(object)) {
      if (latest?.host !== destination.host) {
        const targets = index.registry.findAll(destination.host, scopes);
        latest = { host: destination.host, found: targets.length > 0 || index.isApiServer(destination.host), ports: portsOf(targets) };
      }
      all.push({ object, destination, found: latest.found, ports: latest.ports });
    }
  }
  return all;
}

function portsOf(targets: readonly RegisteredHost[]): number[] {
  return [...new Set(targets.flatMap(target => target.ports.map(({ number }) => number)))];
}

/** What to do about a host that nobody has, or that others have not shown. */
function hostRepair(index: TrafficIndex, object: KubernetesObject, { written, host }: Destination): string {
  const hidden = index.registry.named(host)[0];
  if (hidden) return `${hidden.object.kind} ${index.nameOf(hidden.object)} has this host and keeps it to other namespaces; add '${index.namespaceOf(object)}' to its exportTo`;
  const [name, namespace] = written.split('.');
  const parts = serviceParts(host);
  const inNamespace = namespace !== undefined && !parts ? index.registry.named(index.fullHost(name, namespace))[0] : undefined;
  if (inNamespace) return `write the whole name, '${inNamespace.host}': Istio completes only names without a dot`;
  const elsewhere = namesakes(index, parts?.name ?? name)[0];
  if (elsewhere) return `write '${elsewhere.host}' if the Service in '${elsewhere.namespace}' is meant: a short name is looked up in the namespace of the VirtualService, '${index.namespaceOf(object)}'`;
  return `correct the name, or add the Service or ServiceEntry that has '${host}'`;
}

const NAMESAKES = new WeakMap<TrafficIndex, ReadonlyMap<string, readonly RegisteredHost[]>>();

function namesakes(index: TrafficIndex, name: string): readonly RegisteredHost[] {
  const known = NAMESAKES.get(index)
    ?? groupBy(index.registry.hosts.filter(({ object }) => object.kind === 'Service'), ({ object }) => object.metadata.name);
  NAMESAKES.set(index, known);
  return known.get(name) ?? [];
}

/** What becomes of what is routed to a cluster that is not there. */
function outcomeOf({ block }: Destination): string {
  return block === 'http' ? 'requests of this route get 503' : 'connections of this route are closed';
}

const unknownDestinationHost: TrafficRule = {
  id: 'unknown-destination-host',
  codes: ['IST0101', 'KIA1101'],
  severity: 'error',
  needs: ['Service'],
  title: 'A route names a host that no Service or ServiceEntry has',
  check(index, report) {
    for (const { object, destination, found } of destinations(index)) {
      if (found || destination.mirror) continue;
      report(object, `${destination.path}.host`, `no Service or ServiceEntry has the host '${destination.host}', so that ${outcomeOf(destination)}`, hostRepair(index, object, destination));
    }
  },
};

const unknownMirrorHost: TrafficRule = {
  id: 'unknown-mirror-host',
  codes: ['IST0101'],
  severity: 'error',
  needs: ['Service'],
  title: 'A mirror names a host that no Service or ServiceEntry has',
  check(index, report) {
    for (const { object, destination, found } of destinations(index)) {
      if (found || !destination.mirror) continue;
      report(object, `${destination.path}.host`, `no Service or ServiceEntry has the mirror's host '${destination.host}', so that mirrored requests are dropped without a trace`, hostRepair(index, object, destination));
    }
  },
};

const unknownDestinationPort: TrafficRule = {
  id: 'unknown-destination-port',
  codes: ['IST0101'],
  severity: 'error',
  needs: ['Service'],
  title: 'A destination names a port that its host does not have',
  check(index, report) {
    for (const { object, destination, found, ports } of destinations(index)) {
      const { path, host, port, mirror } = destination;
      if (!found || port === undefined || ports.includes(port) || index.isApiServer(host)) continue;
      report(object, `${path}.port.number`,
        `'${host}' has no port ${port}, so that ${mirror ? 'mirrored requests are dropped' : outcomeOf(destination)}`,
        ports.length === 0 ? 'give the host a port, or route elsewhere' : `use a port that it has: ${ports.join(', ')} (the Service's port, not the container's)`);
    }
  },
};

const destinationPortRequired: TrafficRule = {
  id: 'destination-port-required',
  codes: ['IST0112'],
  severity: 'error',
  needs: ['Service'],
  title: 'A destination without port names a host with several ports',
  check(index, report) {
    for (const { object, destination: { path, host, port }, ports } of destinations(index)) {
      if (port !== undefined || ports.length < 2) continue;
      report(object, path, `'${host}' has several ports and none is named, so that Envoy takes the port that the request came in at, which the host may not have`,
        `state port.number: one of ${ports.join(', ')}`);
    }
  },
};

const destinationPortDiffers: TrafficRule = {
  id: 'destination-port-differs',
  codes: [],
  severity: 'warning',
  needs: ['Service'],
  title: 'A destination without port lies behind another port than the one that is called',
  check(index, report) {
    const under = hostsUnder(index);
    for (const object of index.of('VirtualService')) {
      if (!index.isForMesh(object)) continue;
      const open = index.destinationsOf(object).filter(({ block, port }) => block === 'http' && port === undefined);
      if (open.length === 0) continue;
      const scopes = index.scopesOf(object);
      const called = calledPorts(index, under, object, scopes);
      if (called.length === 0) continue;
      for (const { path, host, mirror } of open) {
        const target = index.registry.find(host, scopes);
        if (target?.ports.length !== 1) continue;
        const [{ number }] = target.ports;
        const missed = called.filter(one => one !== number);
        if (missed.length === 0) continue;
        report(object, path, `clients call port ${missed.join(', ')}, and without a port in the destination a sidecar looks for '${host}' on that same port, which it does not have: ${mirror ? 'mirrored requests are dropped' : '503'}`,
          `state port.number: ${number}`);
      }
    }
  },
};

/** The services under each wildcard, as VirtualServices may name it. */
function hostsUnder(index: TrafficIndex): ReadonlyMap<string, readonly RegisteredHost[]> {
  const wildcards = new Set(index.of('VirtualService').flatMap(({ spec }) => texts(spec?.hosts).filter(isWildcard)));
  if (wildcards.size === 0) return new Map();
  const held = index.registry.hosts.flatMap(registered => (
    wildcardsOver(registered.host).filter(wildcard => wildcards.has(wildcard)).map(wildcard => ({ wildcard, registered }))));
  return new Map([...groupBy(held, ({ wildcard }) => wildcard)].map(([wildcard, found]) => [wildcard, found.map(({ registered }) => registered)]));
}

/** The ports at which HTTP is routed by a VirtualService: those of the services that it stands for, and 80 for a name that nobody has. */
function calledPorts(index: TrafficIndex, under: ReturnType<typeof hostsUnder>, object: KubernetesObject, scopes: readonly string[]): number[] {
  const hosts = texts(object.spec?.hosts).map(host => (
    isWildcard(host) ? under.get(host) ?? [] : index.registry.findAll(index.fullHost(host, index.namespaceOf(object)), scopes)));
  const ports = hosts.flat().flatMap(host => host.ports).filter(({ protocol }) => isHttpOrGuessed(protocol)).map(({ number }) => number);
  return [...new Set([...ports, ...hosts.some(found => found.length === 0) ? [80] : []])];
}

function subsetRule(id: string, codes: readonly string[], title: string, mirror: boolean): TrafficRule {
  return {
    id,
    codes,
    severity: 'error',
    needs: ['DestinationRule'],
    title,
    check(index, report) {
      const known = statedSubsets(index);
      for (const object of index.of('VirtualService')) {
        for (const destination of index.destinationsOf(object)) {
          const { path, host, subset, mirror: mirrored } = destination;
          if (mirrored !== mirror || subset === undefined || known.has(`${host} ${subset}`)) continue;
          report(object, `${path}.subset`, `no DestinationRule gives '${host}' a subset '${subset}', so that ${mirror ? 'mirrored requests are dropped without a trace' : outcomeOf(destination)}`,
            `add '${subset}' with its labels to the subsets of the DestinationRule for '${host}', or correct the name`);
        }
      }
    },
  };
}

const unknownSubset = subsetRule('unknown-subset', ['IST0101', 'KIA1107'], 'A route names a subset that no DestinationRule defines', false);
const unknownMirrorSubset = subsetRule('unknown-mirror-subset', ['IST0101'], 'A mirror names a subset that no DestinationRule defines', true);

/** Rules about the hosts, ports and subsets that routes and mirrors name. */
export const DESTINATION_RULES: readonly TrafficRule[] = [
  unknownDestinationHost, unknownMirrorHost, unknownDestinationPort, destinationPortRequired, destinationPortDiffers,
  unknownSubset, unknownMirrorSubset,
];
