import type { Caller } from './caller';
import { SIDECAR } from './caller';
import type { Lack, Wanted } from './cluster-lacks';
import { clusterHost, lackOf } from './cluster-lacks';
import { gatewayPods, gatewaysOf, podsOf } from './gateways';
import { hostAndWildcards } from './host-lookup';
import { hostPolicies, policiesByHost } from './host-policies';
import { narrowedCallers, seenBy } from './sidecar-scopes';
import { sidecarOf } from './sidecars';
import type { VirtualService } from './virtual-services';
import { isForMesh } from './virtual-services';
import { visibilityOf } from './visibility';
import type { Workload } from './workloads';
import { isOutsideMesh } from './workloads';
import type { Service } from '../../envoy/service';
import type { ExportTo } from '../../manifest/export-to';
import { isVisible } from '../../manifest/export-to';
import { addToGroup } from '../../manifest/group-by';
import type { Labels } from '../../manifest/labels';
import type { TrafficIndex } from '../traffic-index';
import { labelList } from '../words';

/** A caller, and what it lacks of the host that it was asked for. */
export interface InformedCaller {
  readonly caller: Caller;
  /** What it lacks of the host, if it listens at some ports. */
  lacks(wanted: Wanted, listening: readonly number[]): Lack | undefined;
}

/** The callers of the input. */
export function callersIn(index: TrafficIndex): Callers {
  return index.memo(findCallers);
}

function findCallers(index: TrafficIndex): Callers {
  return new Callers(index);
}

/** The callers that may get different clusters for a host. */
class Callers {
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

  /** The callers that a VirtualService sends to a host: gateways, and a sidecar for each namespace that may see other objects. */
  public of(object: VirtualService, host: string): readonly InformedCaller[] {
    if (this.latest?.object !== object) this.latest = { object, byHost: new Map() };
    const known = this.latest.byHost.get(host) ?? this.find(object, host).map((caller): InformedCaller => ({
      caller,
      lacks: (wanted, listening) => lackOf(wanted, caller, listening, this.index),
    }));
    this.latest.byHost.set(host, known);
    return known;
  }

  /** Whether the input has pods that call. */
  public get areKnown(): boolean {
    return this.calling.size > 0;
  }

  /** The sidecars that get clusters of a service. If no callers are known, those of its namespace and of its DestinationRules. */
  public ofService({ host, namespace }: Pick<Service, 'host' | 'namespace'>): readonly Caller[] {
    const all = this.areKnown ? this.sidecarsOf(host, 'all', [namespace]) : this.statedFor(host, namespace);
    return all.filter(({ sees }) => sees(host)?.namespace === namespace);
  }

  /** The callers that the objects of a host name. */
  private statedFor(host: string, namespace: string): Caller[] {
    const names = hostAndWildcards(host);
    const places = new Set([namespace, ...names.flatMap(name => [...this.places.get(name) ?? []])]);
    const selected = names.flatMap(name => this.selecting.get(name) ?? []);
    return [
      ...[...places].map(place => this.sidecar(place, undefined, '')),
      ...selected.map(({ namespace: place, labels }) => this.sidecar(place, labels, ` with ${labelList(labels)}`)),
    ];
  }

  /**
   * Whether all callers of a VirtualService find the same for a host: its one Service, and the one DestinationRule beside it, both
   * visible to everybody.
   */
  public areAlike(object: VirtualService, host: string): boolean {
    if (narrowedCallers(object, this.index).length > 0) return false;
    const [registered, ...others] = this.index.registry.named(host);
    if (registered?.visibleTo !== 'all' || others.length > 0 || clusterHost(host, this.index) !== host) return false;
    const { object: { kind, spec = {} }, selector } = registered;
    if (kind === 'ServiceEntry' && (selector || ('resolution' in spec && spec.resolution === 'DYNAMIC_DNS'))) return false;
    const [name, ...wildcards] = hostAndWildcards(host);
    const byHost = policiesByHost(this.index);
    const [policy, ...more] = byHost.get(name) ?? [];
    if (more.length > 0 || wildcards.some(wildcard => byHost.has(wildcard))) return false;
    return policy === undefined || (policy.namespace === registered.namespace && !policy.hasSelector && policy.exportTo.length === 0
      && policy.visibleTo === 'all');
  }

  private gatewaysOf(object: VirtualService): Caller[] {
    const found = new Map<Workload, Set<string>>();
    for (const { key, gateway } of gatewaysOf(object, this.index)) {
      for (const pod of gateway ? podsOf(gateway, this.index) : []) found.set(pod, (found.get(pod) ?? new Set()).add(key));
    }
    return [...found].map(([{ namespace, labels, object: { kind, metadata } }, serves]) => {
      const proxy = { type: 'gateway' as const, namespace, labels };
      return { proxy, text: `the gateway of ${kind} ${namespace}/${metadata.name}`, serves, sees: seenBy(proxy, this.index) };
    });
  }

  /** A namespace with callers beside some others. */
  private anyBut(namespaces: ReadonlySet<string>, visible: ExportTo): string | undefined {
    const others = [...this.calling].filter(namespace => !namespaces.has(namespace) && isVisible(visible, namespace));
    return others.find(namespace => sidecarOf(namespace, undefined, this.index) === undefined) ?? others[0];
  }

  private find(object: VirtualService, host: string): Caller[] {
    const ofGateways = this.gatewaysOf(object);
    if (!isForMesh(object)) return ofGateways;
    const visible = visibilityOf(object, this.index);
    return [...ofGateways, ...this.sidecarsOf(host, visible, [this.index.namespaceOf(object)]), ...narrowedCallers(object, this.index)];
  }

  /** A sidecar for each namespace that may see other objects of a host, and for the labels that DestinationRules select. */
  private sidecarsOf(host: string, visible: ExportTo, own: readonly string[]): Caller[] {
    const special = new Set(own);
    for (const name of hostAndWildcards(host)) for (const place of this.places.get(name) ?? []) special.add(place);
    for (const { visibleTo } of this.index.registry.named(host)) if (visibleTo !== 'all') for (const place of visibleTo) special.add(place);
    const other = this.anyBut(special, visible);
    const all = [...special, ...other === undefined ? [] : [other]];
    const ofNamespaces = all.filter(namespace => isVisible(visible, namespace) && this.calling.has(namespace))
      .map(namespace => this.sidecar(namespace, undefined, namespace === other ? ' (and other namespaces)' : ''));
    return [...ofNamespaces, ...this.selected(host, visible)];
  }

  /** The callers that the selectors of a host's DestinationRules take. */
  private selected(host: string, visible: ExportTo): Caller[] {
    if (this.selecting.size === 0) return [];
    return hostAndWildcards(host).flatMap(name => this.selecting.get(name) ?? [])
      .filter(({ namespace, labels }) => isVisible(visible, namespace) && this.index.workloads.mayHave(labels, namespace))
      .map(({ namespace, labels }) => this.sidecar(namespace, labels, ` with ${labelList(labels)}`));
  }

  private sidecar(namespace: string, labels: Labels | undefined, which: string): Caller {
    const proxy = { type: 'sidecar' as const, namespace, ...(labels && { labels }) };
    // What a Sidecar decides says nothing about other namespaces.
    const text = `callers in '${namespace}'${labels || !sidecarOf(namespace, undefined, this.index) ? which : ''}`;
    return { proxy, serves: SIDECAR, text, sees: seenBy(proxy, this.index) };
  }
}
