import { DestinationRules } from '../../envoy/destination-rules';
import type { Proxy } from '../../envoy/proxy';
import type { Service } from '../../envoy/service';
import type { ExportTo } from '../../manifest/export-to';
import { isVisible } from '../../manifest/export-to';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Labels } from '../../manifest/labels';
import type { Destination } from '../destinations';
import { items, texts } from '../fields';
import { hostAndWildcards } from '../host-lookup';
import type { RegisteredHost } from '../registry';
import { statedPolicies } from '../stated-policies';
import { termsOf } from '../terms';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** A proxy that stands for all of its namespace, or of its labels. */
interface Client {
  readonly proxy: Proxy;
  readonly text: string;
}

/** What is missing, and the repair. */
type Lack = readonly [reason: string, repair: string];

/** A client, with what it lacks for a subset of the host that it was asked for. */
interface Informed {
  readonly client: Client;
  lacks(subset: string | undefined): Lack | undefined;
}

/** Which clients may get different clusters for a host: more than these few there are none. */
class Clients {
  /** Namespaces of DestinationRules, and that these are exported to, by host. */
  private readonly places = new Map<string, Set<string>>();
  private readonly selecting = new Map<string, { readonly namespace: string; readonly labels: Labels }[]>();
  private readonly withWorkloads: ReadonlySet<string>;
  /** Those of the VirtualService that was asked for last, by host. */
  private latest?: { readonly object: KubernetesObject; readonly byHost: Map<string, readonly Informed[]> };

  public constructor(private readonly index: TrafficIndex, private readonly rules: DestinationRules) {
    for (const { object, host, namespace, exportTo } of statedPolicies(index)) {
      const known = this.places.get(host) ?? new Set();
      this.places.set(host, known);
      for (const place of [namespace, ...exportTo.filter(scope => scope !== '.' && scope !== '*')]) known.add(place);
      const labels: Labels | undefined = object.spec.workloadSelector?.matchLabels;
      if (labels) this.selecting.set(host, [...this.selecting.get(host) ?? [], { namespace, labels }]);
    }
    this.withWorkloads = new Set(index.workloads.all.map(({ namespace }) => namespace));
  }

  /** Those that a VirtualService sends to a host: gateways, and a sidecar for each namespace that may see other DestinationRules. */
  public of(object: KubernetesObject, host: string): readonly Informed[] {
    if (this.latest?.object !== object) this.latest = { object, byHost: new Map() };
    const known = this.latest.byHost.get(host)
      ?? this.find(object, host).map(client => ({ client, lacks: lackOf(this.index, this.rules, host, client) }));
    this.latest.byHost.set(host, known);
    return known;
  }

  private gatewaysOf(object: KubernetesObject): Client[] {
    const bound = this.index.gatewaysOf(object).flatMap(({ gateway }) => gateway ?? []);
    if (bound.length === 0) return [];
    const pods = bound.flatMap(gateway => this.index.workloads.selectedBy(this.index.selectorOf(gateway)));
    return [...new Map(pods.map(({ namespace, labels, object: { kind, metadata } }) => [`${namespace}/${kind}/${metadata.name}`, { proxy: { type: 'gateway' as const, namespace, labels }, text: `the gateway of ${kind} ${namespace}/${metadata.name}` }])).values()];
  }

  /** A namespace with clients that is none of some. */
  private anyBut(namespaces: ReadonlySet<string>, visible: ExportTo): string | undefined {
    for (const namespace of this.withWorkloads) if (!namespaces.has(namespace) && isVisible(visible, namespace)) return namespace;
    return undefined;
  }

  private find(object: KubernetesObject, host: string): Client[] {
    const visible = this.index.visibilityOf(object);
    const ofGateways = this.gatewaysOf(object);
    if (!this.index.isForMesh(object)) return ofGateways;
    const special = new Set([this.index.namespaceOf(object)]);
    for (const name of hostAndWildcards(host)) for (const place of this.places.get(name) ?? []) special.add(place);
    const other = this.anyBut(special, visible);
    const all = [...special, ...other === undefined ? [] : [other]];
    const namespaces = all.filter(namespace => isVisible(visible, namespace) && this.withWorkloads.has(namespace));
    const chosen = this.selecting.size === 0 ? []
      : hostAndWildcards(host).flatMap(name => this.selecting.get(name) ?? []).filter(({ namespace }) => isVisible(visible, namespace));
    return [
      ...ofGateways,
      ...namespaces.map(namespace => ({ proxy: { type: 'sidecar' as const, namespace }, text: `clients in '${namespace}'${namespace === other ? ' (and other namespaces)' : ''}` })),
      ...chosen.filter(({ namespace, labels }) => this.index.workloads.hasAny(labels, namespace)).map(({ namespace, labels }) => ({ proxy: { type: 'sidecar' as const, namespace, labels }, text: `clients in '${namespace}' with ${Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(', ')}` })),
    ];
  }
}

/** Whether a rule is meant for a client at all, as far as it states who calls. */
function isFor(object: KubernetesObject, { block, rule }: Destination, { proxy }: Client): boolean {
  const stated = items(object.spec?.[block])[rule];
  return termsOf(stated ?? {}).some(({ sourceNamespace, sourceLabels }) => (
    (sourceNamespace === undefined || sourceNamespace === proxy.namespace)
    && Object.entries(sourceLabels ?? {}).every(([name, value]) => proxy.labels?.[name] === undefined || proxy.labels[name] === value)));
}

/** Says why a proxy gets no cluster for a subset of a host; undefined where it gets one, or where nobody does. */
function lackOf(index: TrafficIndex, rules: DestinationRules, host: string, { proxy }: Client): Informed['lacks'] {
  const [registered] = index.registry.named(host);
  if (!registered) return () => undefined;
  if (!index.registry.find(host, [proxy.namespace])) {
    return () => [`${registered.object.kind} ${index.nameOf(registered.object)} is not exported to '${proxy.namespace}'`, `add '${proxy.namespace}' to the exportTo of ${registered.object.kind} ${index.nameOf(registered.object)}`];
  }
  // A look-up compares nothing of the service but its host and namespace.
  const rule = rules.of(proxy, registered as RegisteredHost & Service);
  return subset => {
    if (subset === undefined || rule?.subsets.some(({ name }) => name === subset)) return undefined;
    return rule
      ? [`the DestinationRule that holds for them, ${rule.from.map(object => index.nameOf(object)).join(' with ')}, has no subset '${subset}'`, `add '${subset}' to it; of several DestinationRules for a host one alone is used`]
      : [`no DestinationRule with subset '${subset}' is exported to '${proxy.namespace}'`, `add '${proxy.namespace}' to its exportTo, or leave exportTo out`];
  };
}

const clusterNotSent: TrafficRule = {
  id: 'cluster-not-sent',
  codes: [],
  severity: 'error',
  needs: ['Service', 'Workload'],
  title: 'A proxy\'s route names a host or subset that this very proxy is not told of',
  check(index, report) {
    const stated = index.placed('DestinationRule').filter(({ spec }) => typeof spec?.host === 'string').map(object => (
      { ...object, spec: { ...object.spec, subsets: items(object.spec.subsets), exportTo: texts(object.spec.exportTo) } }));
    const rules = new DestinationRules(stated, index.meshConfig, index.clusterDomain);
    const defined = new Set(statedPolicies(index).flatMap(({ host, subsets }) => subsets.map(({ name }) => `${host} ${name}`)));
    const clients = new Clients(index, rules);
    for (const object of index.of('VirtualService')) {
      for (const destination of index.destinationsOf(object)) {
        const { host, subset, path, mirror } = destination;
        // What nobody has is said by other rules.
        if (subset !== undefined && !defined.has(`${host} ${subset}`)) continue;
        // Hardly any client lacks a cluster, so that its caller is compared last.
        const lacking = clients.of(object, host).filter(({ client, lacks }) => lacks(subset) && isFor(object, destination, client));
        if (lacking.length === 0) continue;
        const [reason, repair] = lacking[0].lacks(subset)!;
        report(object, `${path}.${subset === undefined ? 'host' : 'subset'}`, `for ${lacking.map(({ client }) => client.text).join(', ')} ${reason}, so that ${mirror ? 'mirrored requests are dropped' : 'requests get 503'}`, repair);
      }
    }
  },
};

/** Rules about what proxies are told, and their routes name in vain. */
export const SENT_CLUSTER_RULES: readonly TrafficRule[] = [clusterNotSent];
