import { policiesWith } from './defined-subsets';
import { gatewayPods, gatewaysOf, podsOf } from './gateways';
import { hostAndWildcards } from './host-lookup';
import type { HostPolicy } from './host-policies';
import { destinationRules, hostPolicies, policiesByHost } from './host-policies';
import type { VirtualService } from './virtual-services';
import { isForMesh, MESH } from './virtual-services';
import { visibilityOf } from './visibility';
import type { Workload } from './workloads';
import { isOutsideMesh } from './workloads';
import type { Proxy } from '../../envoy/proxy';
import type { ExportTo } from '../../manifest/export-to';
import { isVisible } from '../../manifest/export-to';
import { addToGroup } from '../../manifest/group-by';
import type { Labels } from '../../manifest/labels';
import type { Absent } from '../absence';
import type { TrafficIndex } from '../traffic-index';
import { labelList } from '../words';

/** A proxy that stands for all of its namespace, or for those with its labels. */
export interface Caller {
  readonly proxy: Proxy;
  /** How messages name it. */
  readonly text: string;
  /** What the `gateways` of a match must name for this proxy: the mesh, or a Gateway that it serves. */
  readonly serves: ReadonlySet<string>;
}

/** What a caller lacks, the repair, and what the cluster may have outside the input. */
export interface Lack {
  readonly reason: string;
  readonly repair: string;
  readonly absent?: Absent;
}

/** A caller, and what it lacks for a subset of the host that it was asked for. */
export interface InformedCaller {
  readonly caller: Caller;
  lacks(subset: string | undefined): Lack | undefined;
}

const SIDECAR: ReadonlySet<string> = new Set([MESH]);

/** The callers that may get different clusters for a host. */
export class Callers {
  /** The namespaces of a host's DestinationRules, and those that they are exported to. */
  private readonly places = new Map<string, Set<string>>();
  private readonly selecting = new Map<string, { readonly namespace: string; readonly labels: Labels }[]>();
  /** The namespaces whose pods call as callers of the mesh. */
  private readonly calling: ReadonlySet<string>;
  /** The callers of the VirtualService that was asked for last, by host. */
  private latest?: { readonly object: VirtualService; readonly byHost: Map<string, readonly InformedCaller[]> };

  public constructor(private readonly index: TrafficIndex) {
    for (const policy of hostPolicies(index)) {
      const { host, namespace, exportTo, selector: labels } = policy;
      const known = this.places.get(host) ?? new Set();
      this.places.set(host, known);
      for (const place of [namespace, ...exportTo.filter(scope => scope !== '.' && scope !== '*')]) known.add(place);
      if (labels) addToGroup(this.selecting, host, { namespace, labels });
    }
    const calling = index.workloads.all.filter(workload => !gatewayPods(index).has(workload) && !isOutsideMesh(workload));
    this.calling = new Set(calling.map(({ namespace }) => namespace));
  }

  /** The callers that a VirtualService sends to a host: gateways, and a sidecar for each namespace that may see other DestinationRules. */
  public of(object: VirtualService, host: string): readonly InformedCaller[] {
    if (this.latest?.object !== object) this.latest = { object, byHost: new Map() };
    const known = this.latest.byHost.get(host) ?? this.find(object, host).map(caller => ({ caller, lacks: this.lackOf(host, caller) }));
    this.latest.byHost.set(host, known);
    return known;
  }

  /** Whether all callers find the same for a host: its one Service, and the one DestinationRule beside it, both visible to everybody. */
  public areAlike(host: string): boolean {
    const [registered, ...others] = this.index.registry.named(host);
    if (registered?.visibleTo !== 'all' || others.length > 0) return false;
    const [name, ...wildcards] = hostAndWildcards(host);
    const byHost = policiesByHost(this.index);
    const [policy, ...more] = byHost.get(name) ?? [];
    if (more.length > 0 || wildcards.some(wildcard => byHost.has(wildcard))) return false;
    return policy === undefined || (policy.namespace === registered.namespace && !policy.hasSelector && policy.exportTo.length === 0
      && policy.visibleTo === 'all');
  }

  /** Says why a proxy gets no cluster for a subset of a host; undefined where it gets one, or where no caller does. */
  private lackOf(host: string, { proxy }: Caller): InformedCaller['lacks'] {
    const { index } = this;
    const [registered] = index.registry.named(host);
    if (!registered) return () => undefined;
    if (!index.registry.find(host, [proxy.namespace])) {
      const name = `${registered.object.kind} ${index.nameOf(registered.object)}`;
      return () => ({
        reason: `${name} is not exported to '${proxy.namespace}'`,
        repair: `add '${proxy.namespace}' to the exportTo of ${name}`,
      });
    }
    const found = index.memo(destinationRules).of(proxy, registered);
    return subset => {
      if (subset === undefined || found?.subsets.some(({ name }) => name === subset)) return undefined;
      const absent: Absent = { kind: 'DestinationRule', namespaces: [proxy.namespace, registered.namespace] };
      if (!found) {
        const [reason, repair] = lackOfSubset(index, policiesWith(host, subset, index), subset, registered.namespace, proxy.namespace);
        return { reason, repair, absent };
      }
      const names = found.from.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`).join(' with ');
      return {
        reason: `the DestinationRule that applies there, ${names}, has no subset '${subset}'`,
        repair: `add '${subset}' to it; Istio uses one of several DestinationRules per host`,
        ...(found.namespace !== proxy.namespace && { absent }),
      };
    };
  }

  private gatewaysOf(object: VirtualService): Caller[] {
    const found = new Map<Workload, Set<string>>();
    for (const { key, gateway } of gatewaysOf(object, this.index)) {
      for (const pod of gateway ? podsOf(gateway, this.index) : []) found.set(pod, (found.get(pod) ?? new Set()).add(key));
    }
    return [...found].map(([{ namespace, labels, object: { kind, metadata } }, serves]) => (
      { proxy: { type: 'gateway' as const, namespace, labels }, text: `the gateway of ${kind} ${namespace}/${metadata.name}`, serves }));
  }

  /** A namespace with callers beside some others. */
  private anyBut(namespaces: ReadonlySet<string>, visible: ExportTo): string | undefined {
    for (const namespace of this.calling) if (!namespaces.has(namespace) && isVisible(visible, namespace)) return namespace;
    return undefined;
  }

  private find(object: VirtualService, host: string): Caller[] {
    const ofGateways = this.gatewaysOf(object);
    if (!isForMesh(object)) return ofGateways;
    const visible = visibilityOf(object, this.index);
    const special = new Set([this.index.namespaceOf(object)]);
    for (const name of hostAndWildcards(host)) for (const place of this.places.get(name) ?? []) special.add(place);
    const other = this.anyBut(special, visible);
    const all = [...special, ...other === undefined ? [] : [other]];
    const ofNamespaces = all.filter(namespace => isVisible(visible, namespace) && this.calling.has(namespace)).map(namespace => (
      {
        proxy: { type: 'sidecar' as const, namespace },
        serves: SIDECAR,
        text: `callers in '${namespace}'${namespace === other ? ' (and other namespaces)' : ''}`,
      }));
    return [...ofGateways, ...ofNamespaces, ...this.selected(host, visible)];
  }

  /** The callers that the selectors of a host's DestinationRules take. */
  private selected(host: string, visible: ExportTo): Caller[] {
    if (this.selecting.size === 0) return [];
    return hostAndWildcards(host).flatMap(name => this.selecting.get(name) ?? [])
      .filter(({ namespace, labels }) => isVisible(visible, namespace) && this.index.workloads.hasAny(labels, namespace))
      .map(({ namespace, labels }) => ({
        proxy: { type: 'sidecar' as const, namespace, labels },
        serves: SIDECAR,
        text: `callers in '${namespace}' with ${labelList(labels)}`,
      }));
  }
}

/** Why callers get none of the DestinationRules that have a subset, and what helps. */
function lackOfSubset(index: TrafficIndex, having: readonly HostPolicy[], subset: string, home: string,
  namespace: string): readonly [reason: string, repair: string] {
  const near = having.filter(policy => [namespace, home, index.meshConfig.rootNamespace].includes(policy.namespace));
  const [first] = near.length > 0 ? near : having;
  const name = `DestinationRule ${index.nameOf(first.object)}`;
  if (near.length === 0) {
    return [`${name} with subset '${subset}' is neither in their namespace nor in that of the host, '${home}', and Istio does not use it`,
      `move it to '${home}', where callers of all namespaces find it`];
  }
  if (first.hasSelector) {
    return [`${name} with subset '${subset}' has a workloadSelector, which selects other callers of '${first.namespace}'`,
      'remove the workloadSelector, or define the subset in a DestinationRule without one'];
  }
  return [`no DestinationRule with subset '${subset}' is exported to '${namespace}'`, first.exportTo.length > 0
    ? `add '${namespace}' to the exportTo of ${name}, or remove exportTo` : `set an exportTo with '${namespace}' in ${name}: the mesh's `
      + 'default does not export it there'];
}
