import type { Caller } from './caller';
import { policiesWith } from './defined-subsets';
import type { Destination } from './destinations';
import type { RegisteredHost } from './registry';
import { sentCluster } from './sent-clusters';
import { translatedMesh } from './translated-mesh';
import type { Service } from '../../envoy/service';
import type { Absent } from '../absence';
import type { TrafficIndex } from '../traffic-index';

/** What a caller lacks, the repair, and what the cluster may have outside the input. */
export interface Lack {
  readonly reason: string;
  readonly repair: string;
  readonly absent?: Absent;
}

/** What a destination asks of a proxy. */
export type Wanted = Pick<Destination, 'host' | 'subset' | 'port' | 'block'>;

const nameOf = ({ object }: RegisteredHost, index: TrafficIndex) => `${object.kind} ${index.nameOf(object)}`;

/** The host of the cluster that istiod names for a destination: behind a Service of type ExternalName, that which it refers to. */
export function clusterHost(host: string, index: TrafficIndex): string {
  return index.registry.named(host).map(({ object }) => externalNameOf(object)).find(name => name !== undefined) ?? host;
}

function externalNameOf(object: RegisteredHost['object']): string | undefined {
  return object.kind === 'Service' && object.spec?.type === 'ExternalName' ? object.spec.externalName || undefined : undefined;
}

/** Why no proxy at all gets a cluster for a destination whose host is known. Of unknown hosts and ports other rules tell. */
export function lackOfAll({ host, port }: Wanted, index: TrafficIndex): Lack | undefined {
  const { registry } = index;
  const named = registry.named(host);
  if (named.length === 0) {
    const wildcard = registry.find(host, 'all');
    if (!wildcard) return undefined;
    const sent = `istiod sends a cluster for that name alone, not for '${host}'`;
    return {
      reason: `${nameOf(wildcard, index)} has '${wildcard.host}', and ${sent}`,
      repair: `add a ServiceEntry for '${host}'`,
      absent: { kind: 'host', host },
    };
  }
  const target = clusterHost(host, index);
  if (target !== host) return lackOfTarget(named[0], target, port, index);
  const ports = named.flatMap(registered => registered.ports.filter(({ number }) => port === undefined || number === port));
  if (ports.length === 0 || ports.some(({ protocol }) => protocol !== 'UDP')) return undefined;
  return {
    reason: `port ${ports[0].number} of ${nameOf(named[0], index)} is UDP, for which istiod sends no cluster`,
    repair: 'route to a port of TCP or HTTP',
  };
}

/** istiod names the cluster of a Service of type ExternalName after the host that it refers to. */
function lackOfTarget(from: RegisteredHost, target: string, port: number | undefined, index: TrafficIndex): Lack | undefined {
  const behind = index.registry.named(target).filter(({ object }) => externalNameOf(object) === undefined);
  const number = port ?? (from.ports.length === 1 ? from.ports[0].number : undefined);
  const hasPort = behind.some(({ ports }) => number === undefined || ports.some(each => each.number === number && each.protocol !== 'UDP'));
  if (hasPort) return undefined;
  const at = number === undefined ? '' : ` with port ${number}`;
  return {
    reason: `${nameOf(from, index)} is of type ExternalName, and istiod sends a cluster for '${target}' only if a ServiceEntry has that `
      + `host${at}`,
    repair: `add a ServiceEntry for '${target}'${at}`,
    ...(behind.length === 0 && { absent: { kind: 'host', host: target } }),
  };
}

/** Why one caller, which listens at some ports, gets no cluster for a destination that others may get. */
export function lackOf(wanted: Wanted, { proxy, sees }: Caller, listening: readonly number[], index: TrafficIndex): Lack | undefined {
  const { host, subset, port } = wanted;
  const named = index.registry.named(clusterHost(host, index));
  const [registered] = named;
  // Other rules report hosts and ports that no object has.
  if (!registered || (port !== undefined && !named.some(({ ports }) => ports.some(each => each.number === port)))) return undefined;
  const alias = proxy.type === 'sidecar' ? lackOfAlias(wanted, listening, index) : undefined;
  if (alias) return alias;
  const service = sees(registered.host);
  if (!service) return lackOfHost(registered, proxy.namespace, index);
  const rule = translatedMesh(index).destinationRules.of(proxy, service);
  if (subset !== undefined && !rule?.subsets.some(({ name }) => name === subset)) {
    const absent: Absent = { kind: 'DestinationRule', namespaces: [proxy.namespace, registered.namespace] };
    if (!rule) return { ...lackOfSubset(host, subset, registered.namespace, proxy.namespace, index), absent };
    const names = rule.from.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`).join(' with ');
    return {
      reason: `the DestinationRule that applies there, ${names}, has no subset '${subset}'`,
      repair: `add '${subset}' to it; Istio uses one of several DestinationRules per host`,
      ...(rule.namespace !== proxy.namespace && { absent }),
    };
  }
  // Without a port of its own, a destination takes the only one, or the one at which the proxy listens.
  const numbers = port !== undefined ? [port] : service.ports.length === 1 ? [service.ports[0].number] : listening;
  if (numbers.length === 0 || numbers.some(number => sentCluster(proxy, service, number, subset, index))) return undefined;
  return lackOfCluster(service, port ?? numbers[0], subset);
}

/** Of the Services of type ExternalName a sidecar knows at each of its listeners those that have its port. */
function lackOfAlias({ host, block }: Wanted, listening: readonly number[], index: TrafficIndex): Lack | undefined {
  const [registered] = index.registry.named(host);
  if (!registered || block !== 'http' || clusterHost(host, index) === host) return undefined;
  if (listening.length === 0 || listening.some(port => registered.ports.some(({ number }) => number === port))) return undefined;
  const where = `sidecars follow it only at its own ports, not at ${listening.join(', ')}`;
  return {
    reason: `${nameOf(registered, index)} is of type ExternalName, and ${where}`,
    repair: `route to '${clusterHost(host, index)}' itself`,
  };
}

function lackOfHost(registered: RegisteredHost, namespace: string, index: TrafficIndex): Lack {
  const name = nameOf(registered, index);
  return index.registry.find(registered.host, [namespace])
    ? { reason: `its Sidecar does not import ${name}`, repair: `import '${registered.namespace}/${registered.host}' there` }
    : { reason: `${name} is not exported to '${namespace}'`, repair: `add '${namespace}' to the exportTo of ${name}` };
}

function lackOfCluster(
  { ports, namespace, object: { kind, metadata } }: Service, port: number | undefined, subset: string | undefined,
): Lack {
  const name = `${kind} ${namespace}/${metadata.name}`;
  if (port !== undefined && !ports.some(({ number }) => number === port)) {
    return {
      reason: `of all that have this host, they get ${name}, which has no port ${port} there`,
      repair: 'route to a port that it has',
    };
  }
  return subset === undefined
    ? {
      reason: `${name} has no endpoint whose name could be looked up`,
      repair: 'give it endpoints',
      absent: { kind: 'pods', namespace },
    }
    : {
      reason: `istiod sends no cluster for the subset '${subset}' of ${name}`,
      repair: 'route to the host without a subset',
    };
}

/** Why callers get none of the DestinationRules that have a subset, and what helps. */
function lackOfSubset(host: string, subset: string, home: string, namespace: string, index: TrafficIndex): Lack {
  const having = policiesWith(host, subset, index);
  const near = having.filter(policy => [namespace, home, index.meshConfig.rootNamespace].includes(policy.namespace));
  const [first] = near.length > 0 ? near : having;
  const name = `DestinationRule ${index.nameOf(first.object)}`;
  if (near.length === 0) {
    return {
      reason: `${name} with subset '${subset}' is neither in their namespace nor in that of the host, '${home}', and Istio does not use it`,
      repair: `move it to '${home}', where callers of all namespaces find it`,
    };
  }
  if (first.hasSelector) {
    return {
      reason: `${name} with subset '${subset}' has a workloadSelector, which selects other callers of '${first.namespace}'`,
      repair: 'remove the workloadSelector, or define the subset in a DestinationRule without one',
    };
  }
  return {
    reason: `no DestinationRule with subset '${subset}' is exported to '${namespace}'`,
    repair: first.exportTo.length > 0
      ? `add '${namespace}' to the exportTo of ${name}, or remove exportTo`
      : `set an exportTo with '${namespace}' in ${name}: the mesh's default does not export it there`,
  };
}
