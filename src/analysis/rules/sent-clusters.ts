import { DestinationRules } from '../../envoy/destination-rules';
import type { Proxy } from '../../envoy/proxy';
import type { Service } from '../../envoy/service';
import type { ExportTo } from '../../manifest/export-to';
import { isVisible } from '../../manifest/export-to';
import { addToGroup } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Labels } from '../../manifest/labels';
import { manifestsOf, readManifests } from '../../manifest/manifest';
import { delegationsTo, isDelegate } from '../delegations';
import type { Fields } from '../fields';
import { items, texts } from '../fields';
import { hostAndWildcards } from '../host-lookup';
import type { RegisteredHost } from '../registry';
import type { StatedPolicy } from '../stated-policies';
import { statedPolicies, subsetNamesOf } from '../stated-policies';
import { termOf } from '../terms';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';
import type { Workload } from '../workloads';
import { isOutsideMesh } from '../workloads';

/** A proxy that stands for all of its namespace, or of its labels. */
interface Client {
  readonly proxy: Proxy;
  readonly text: string;
  /** What a match's `gateways` has to name for this proxy: the mesh, or a Gateway that it serves. */
  readonly serves: ReadonlySet<string>;
}

/** What is missing, and the repair. */
type Lack = readonly [reason: string, repair: string];

/** A client, with what it lacks for a subset of the host that it was asked for. */
interface Informed {
  readonly client: Client;
  lacks(subset: string | undefined): Lack | undefined;
}

const MESH = 'mesh';
const SIDECAR: ReadonlySet<string> = new Set([MESH]);

/** Which clients may get different clusters for a host: more than these few there are none. */
class Clients {
  /** Namespaces of DestinationRules, and that these are exported to, by host. */
  private readonly places = new Map<string, Set<string>>();
  private readonly bySubset = new Map<string, StatedPolicy[]>();
  private readonly byHost = new Map<string, StatedPolicy[]>();
  private madeRules?: DestinationRules;
  private readonly selecting = new Map<string, { readonly namespace: string; readonly labels: Labels }[]>();
  /** Those in which pods call as clients of the mesh. */
  private readonly calling: ReadonlySet<string>;
  /** Those of the VirtualService that was asked for last, by host. */
  private latest?: { readonly object: KubernetesObject; readonly byHost: Map<string, readonly Informed[]> };

  public constructor(private readonly index: TrafficIndex) {
    for (const policy of statedPolicies(index)) {
      const { object, host, namespace, exportTo } = policy;
      addToGroup(this.byHost, host, policy);
      for (const name of subsetNamesOf(policy)) addToGroup(this.bySubset, `${host} ${name}`, policy);
      const known = this.places.get(host) ?? new Set();
      this.places.set(host, known);
      for (const place of [namespace, ...exportTo.filter(scope => scope !== '.' && scope !== '*')]) known.add(place);
      const labels: Labels | undefined = object.spec.workloadSelector?.matchLabels;
      if (labels) this.selecting.set(host, [...this.selecting.get(host) ?? [], { namespace, labels }]);
    }
    const gateways = new Set(index.of('Gateway').flatMap(gateway => index.workloads.selectedBy(index.selectorOf(gateway))));
    const calling = index.workloads.all.filter(workload => !gateways.has(workload) && !isOutsideMesh(workload));
    this.calling = new Set(calling.map(({ namespace }) => namespace));
  }

  /** Those that a VirtualService sends to a host: gateways, and a sidecar for each namespace that may see other DestinationRules. */
  public of(object: KubernetesObject, host: string): readonly Informed[] {
    if (this.latest?.object !== object) this.latest = { object, byHost: new Map() };
    const known = this.latest.byHost.get(host)
      ?? this.find(object, host).map(client => ({ client, lacks: this.lackOf(host, client) }));
    this.latest.byHost.set(host, known);
    return known;
  }

  /** The DestinationRules, used or not, that have a subset of a host. */
  public having(host: string, subset: string): readonly StatedPolicy[] {
    return this.bySubset.get(`${host} ${subset}`) ?? [];
  }

  /** Whether all clients find the same for a host: its one Service, and the one DestinationRule beside it, both kept from nobody. */
  public areAlike(host: string): boolean {
    const [registered, ...others] = this.index.registry.named(host);
    if (registered?.visibleTo !== 'all' || others.length > 0) return false;
    const [name, ...wildcards] = hostAndWildcards(host);
    const [policy, ...more] = this.byHost.get(name) ?? [];
    if (more.length > 0 || wildcards.some(wildcard => this.byHost.has(wildcard))) return false;
    return policy === undefined
      || (policy.namespace === registered.namespace && !policy.hasSelector && policy.exportTo.length === 0 && this.index.visibilityOf(policy.object) === 'all');
  }

  private get rules(): DestinationRules {
    if (!this.madeRules) {
      const stated = manifestsOf(readManifests(this.index.placed('DestinationRule')).manifests, 'DestinationRule').filter(({ spec }) => spec?.host !== undefined);
      this.madeRules = new DestinationRules(stated, this.index.meshConfig, this.index.clusterDomain);
    }
    return this.madeRules;
  }

  /** Says why a proxy gets no cluster for a subset of a host; undefined where it gets one, or where nobody does. */
  private lackOf(host: string, { proxy }: Client): Informed['lacks'] {
    const { index } = this;
    const [registered] = index.registry.named(host);
    if (!registered) return () => undefined;
    if (!index.registry.find(host, [proxy.namespace])) {
      return () => [`${registered.object.kind} ${index.nameOf(registered.object)} is not exported to '${proxy.namespace}'`, `add '${proxy.namespace}' to the exportTo of ${registered.object.kind} ${index.nameOf(registered.object)}`];
    }
    // A look-up compares nothing of the service but its host and namespace.
    const rule = this.rules.of(proxy, registered as RegisteredHost & Service);
    return subset => {
      if (subset === undefined || rule?.subsets.some(({ name }) => name === subset)) return undefined;
      return rule
        ? [`the DestinationRule that holds for them, ${rule.from.map(object => index.nameOf(object)).join(' with ')}, has no subset '${subset}'`, `add '${subset}' to it; of several DestinationRules for a host one alone is used`]
        : lackOfSubset(index, this.having(host, subset), subset, registered.namespace, proxy.namespace);
    };
  }

  private gatewaysOf(object: KubernetesObject): Client[] {
    const found = new Map<Workload, Set<string>>();
    for (const { key, gateway } of this.index.gatewaysOf(object)) {
      if (!gateway) continue;
      for (const pod of this.index.workloads.selectedBy(this.index.selectorOf(gateway))) found.set(pod, (found.get(pod) ?? new Set()).add(key));
    }
    return [...found].map(([{ namespace, labels, object: { kind, metadata } }, serves]) => (
      { proxy: { type: 'gateway' as const, namespace, labels }, text: `the gateway of ${kind} ${namespace}/${metadata.name}`, serves }));
  }

  /** A namespace with clients that is none of some. */
  private anyBut(namespaces: ReadonlySet<string>, visible: ExportTo): string | undefined {
    for (const namespace of this.calling) if (!namespaces.has(namespace) && isVisible(visible, namespace)) return namespace;
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
    const namespaces = all.filter(namespace => isVisible(visible, namespace) && this.calling.has(namespace));
    const chosen = this.selecting.size === 0 ? []
      : hostAndWildcards(host).flatMap(name => this.selecting.get(name) ?? []).filter(({ namespace }) => isVisible(visible, namespace));
    return [
      ...ofGateways,
      ...namespaces.map(namespace => ({ proxy: { type: 'sidecar' as const, namespace }, serves: SIDECAR, text: `clients in '${namespace}'${namespace === other ? ' (and other namespaces)' : ''}` })),
      ...chosen.filter(({ namespace, labels }) => this.index.workloads.hasAny(labels, namespace)).map(({ namespace, labels }) => ({ proxy: { type: 'sidecar' as const, namespace, labels }, serves: SIDECAR, text: `clients in '${namespace}' with ${Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(', ')}` })),
    ];
  }
}

/** Whether a rule is meant for a client at all, as far as it states who calls and through which Gateway. */
function isFor(index: TrafficIndex, object: KubernetesObject, stated: Fields, { proxy, serves }: Client): boolean {
  const matches = items(stated?.match);
  return matches.length === 0 || matches.some(match => {
    const { sourceNamespace, sourceLabels } = termOf(match);
    if (sourceNamespace !== undefined && sourceNamespace !== proxy.namespace) return false;
    // Of a sidecar only some labels are known, if any; of a gateway's pod all.
    const isKnown = (name: string) => proxy.type === 'gateway' || proxy.labels?.[name] !== undefined;
    if (!Object.entries(sourceLabels ?? {}).every(([name, value]) => !isKnown(name) || proxy.labels?.[name] === value)) return false;
    if (proxy.type === 'sidecar' && sourceLabels && !index.workloads.hasAny(sourceLabels, proxy.namespace)) return false;
    const names = texts(match.gateways);
    if (names.length === 0 || (names.includes(MESH) && serves.has(MESH))) return true;
    return index.gatewaysIn(names, index.namespaceOf(object), '').some(({ key }) => serves.has(key));
  });
}

/** Why clients get none of the DestinationRules that have a subset, and what helps. */
function lackOfSubset(index: TrafficIndex, having: readonly StatedPolicy[], subset: string, home: string, namespace: string): Lack {
  const near = having.filter(policy => [namespace, home, index.meshConfig.rootNamespace].includes(policy.namespace));
  const [first] = near.length > 0 ? near : having;
  const name = `DestinationRule ${index.nameOf(first.object)}`;
  if (near.length === 0) {
    return [`${name} with subset '${subset}' stands neither in their namespace nor in that of the host, '${home}', and is not used`, `move it to '${home}', where clients of all namespaces find it`];
  }
  if (first.hasSelector) return [`${name} with subset '${subset}' is for the clients of '${first.namespace}' alone that its workloadSelector takes`, 'leave the workloadSelector out, or define the subset in a DestinationRule without one'];
  return [`no DestinationRule with subset '${subset}' is exported to '${namespace}'`, first.exportTo.length > 0
    ? `add '${namespace}' to the exportTo of ${name}, or leave exportTo out` : `state an exportTo with '${namespace}' in ${name}, since the mesh's default keeps it from there`];
}

/** The VirtualServices whose proxies obey a rule: the one that states it, or the roots of a delegate with the rules that lead to it. */
function obeyedBy(index: TrafficIndex, object: KubernetesObject): readonly { readonly root: KubernetesObject; readonly rule?: Fields }[] {
  if (!isDelegate(object)) return [{ root: object }];
  return delegationsTo(index, object).filter(({ root }) => isVisible(index.visibilityOf(object), index.namespaceOf(root)));
}

const clusterNotSent: TrafficRule = {
  id: 'cluster-not-sent',
  codes: [],
  severity: 'error',
  needs: ['Service', 'Workload'],
  title: 'A proxy\'s route names a host or subset that this very proxy is not told of',
  check(index, report) {
    const clients = new Clients(index);
    for (const object of index.of('VirtualService')) {
      let obeyed: ReturnType<typeof obeyedBy> | undefined;
      // The destinations of one VirtualService mostly name one host.
      let alike: { readonly host: string; readonly are: boolean } | undefined;
      for (const { block, rule: place, host, subset, path, mirror } of index.destinationsOf(object)) {
        // What nobody has is said by other rules.
        if (subset !== undefined && clients.having(host, subset).length === 0) continue;
        if (alike?.host !== host) alike = { host, are: clients.areAlike(host) };
        if (alike.are) continue;
        obeyed ??= obeyedBy(index, object);
        const rule = items(object.spec?.[block])[place];
        // Hardly any client lacks a cluster, so that its caller is compared last.
        const lacking = new Map<string, Lack>();
        for (const { root, rule: outer } of obeyed) {
          for (const { client, lacks } of clients.of(root, host)) {
            const lack = lacks(subset);
            if (lack && isFor(index, object, rule, client) && (!outer || isFor(index, root, outer, client))) lacking.set(client.text, lack);
          }
        }
        if (lacking.size === 0) continue;
        const [[reason, repair]] = lacking.values();
        report(object, `${path}.${subset === undefined ? 'host' : 'subset'}`, `for ${[...lacking.keys()].join(', ')} ${reason}, so that ${mirror ? 'mirrored requests are dropped' : 'requests get 503'}`, repair);
      }
    }
  },
};

/** Rules about what proxies are told, and their routes name in vain. */
export const SENT_CLUSTER_RULES: readonly TrafficRule[] = [clusterNotSent];
