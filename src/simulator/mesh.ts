import type { AssumedService } from './assumed-service';
import { assumedService } from './assumed-service';
import type { MeshParts } from './mesh-parts';
import { SimulatedProxies } from './simulated-proxies';
import type { SimulatedProxy } from './simulated-proxy';
import { haveAllPods, withFacts } from '../cluster/cluster-facts';
import type { FactsValue, StatedFacts } from '../cluster/facts-file';
import { factsOf } from '../cluster/facts-file';
import { Edge } from '../edge/edge';
import type { MeshConfigFields } from '../envoy/mesh-config';
import type { Proxy } from '../envoy/proxy';
import { waypointProxy } from '../envoy/proxy';
import { Translator } from '../envoy/translator';
import type { LoadedManifests } from '../manifest/collector';
import { manifestsFrom } from '../manifest/collector';
import { lastApplied } from '../manifest/last-applied';
import { loadManifests } from '../manifest/loader';
import { describeProblem } from '../manifest/manifest-problem';
import { namingEnvironment } from '../traffic/problem';

/** What is known about a mesh besides its manifests. */
export interface MeshOptions {
  /** The namespace of objects that have none, as with `kubectl apply -n`. @default - they have no namespace, and `notes` lists them */
  readonly namespace?: string;
  /** Services of the cluster that are not in the manifests. @default - none */
  readonly assumeServices?: readonly AssumedService[];
  /** MeshConfig, as parsed from YAML. @default - the MeshConfig of the facts, else Istio's default */
  readonly meshConfig?: MeshConfigFields;
  /** What the cluster has besides the manifests: files of cluster facts, their fields, or a `ClusterFacts`. @default - unknown */
  readonly facts?: StatedFacts;
  /** The Istio version to translate for, such as `1.17`. @default - the version in the facts, else the newest known */
  readonly istioVersion?: string;
  /** The DNS domain of the cluster. @default - the domain in the facts, else 'cluster.local' */
  readonly clusterDomain?: string;
}

/** The pod of a calling sidecar. */
export type SidecarOptions = Omit<Proxy, 'type'>;

/** The pod of a gateway. */
export interface GatewayOptions {
  /** The namespace of the gateway's pods. @default 'istio-system' */
  readonly namespace?: string;
  /** The labels of the gateway's pods. @default { istio: 'ingressgateway' } */
  readonly labels?: { readonly [key: string]: string };
  /** Its locality, as region/zone/subzone. @default - unknown: no locality is preferred */
  readonly locality?: string;
}

/** A waypoint, by its Gateway. */
export interface WaypointOptions {
  readonly namespace: string;
  readonly name: string;
}

/** Anything that renders manifests, such as a Chart of cdk8s. */
export interface Rendering {
  /** The manifests as plain objects. */
  toJson(): unknown[];
}

/** The part of a chart in a MeshEnvironment that is used. */
interface InEnvironment {
  readonly node?: {
    readonly root: { readonly environmentName?: string; readonly clusterDomain?: string; readonly clusterFacts?: FactsValue };
  };
}

/** What the MeshEnvironment of charts says of its cluster. */
function surroundingsOf(charts: readonly Rendering[]): Pick<MeshOptions, 'facts' | 'clusterDomain'> {
  const root = charts.map(chart => (chart as InEnvironment).node?.root).find(each => each?.environmentName !== undefined);
  return { ...(root?.clusterFacts && { facts: root.clusterFacts }), ...(root && { clusterDomain: root.clusterDomain }) };
}

/** Manifests, and the proxies that istiod would configure from them. */
export class Mesh {
  /** Loads objects, such as the result of `Testing.synth(chart)`. A List is replaced by its items. */
  public static fromManifests(objects: readonly unknown[], options: MeshOptions = {}): Mesh {
    return new Mesh(manifestsFrom(objects, options), options);
  }

  /** Loads YAML or JSON files, or folders of them. */
  public static fromFiles(paths: string | readonly string[], options: MeshOptions = {}): Mesh {
    return new Mesh(withoutForeign(loadManifests(typeof paths === 'string' ? [paths] : paths, options)), options);
  }

  /**
   * Loads the objects of one or more charts. Facts and DNS domain of a MeshEnvironment that contains them are the defaults of the options.
   */
  public static fromChart(chart: Rendering | readonly Rendering[], options: MeshOptions = {}): Mesh {
    const charts = Array.isArray(chart) ? chart as readonly Rendering[] : [chart as Rendering];
    return Mesh.fromManifests(
      charts.flatMap(each => namingEnvironment(each, () => each.toJson())),
      { ...surroundingsOf(charts), ...options },
    );
  }

  /** What the manifests do not determine. */
  public readonly notes: readonly string[];
  /** @internal */
  public readonly _parts: MeshParts;
  private readonly proxies = new Map<string, SimulatedProxy>();
  private readonly simulated: SimulatedProxies;

  private constructor(loaded: LoadedManifests, options: MeshOptions) {
    const { objects, problems, notes } = lastApplied(loaded);
    if (problems.length > 0) throw new Error(`the manifests cannot be read:\n${problems.map(describeProblem).join('\n')}`);
    const facts = factsOf(options.facts, 'facts');
    const known = withFacts([...objects, ...(options.assumeServices ?? []).map(assumedService)], facts);
    const {
      meshConfig = facts?.meshConfig, istioVersion = facts?.istioVersion, clusterDomain = facts?.clusterDomain ?? 'cluster.local',
    } = options;
    const translator = new Translator(known, { meshConfig, istioVersion, clusterDomain, defaultNamespace: options.namespace });
    const hasAllPods = facts !== undefined && haveAllPods(facts) && options.assumeServices === undefined;
    const edge = new Edge(known, { meshConfig, istioVersion, clusterDomain, complete: facts?.complete, hasAllPods });
    this._parts = { objects: known, meshConfig, translator, edge, defaultNamespace: options.namespace };
    this.simulated = new SimulatedProxies(this._parts);
    this.notes = notes;
  }

  /** The sidecar of a pod with these labels. */
  public sidecar(options: SidecarOptions): SimulatedProxy {
    return this.proxy({ type: 'sidecar', ...options });
  }

  /** A gateway. By default, it is the ingress gateway of Istio's installation. */
  public gateway({ namespace = 'istio-system', labels = { istio: 'ingressgateway' }, locality }: GatewayOptions = {}): SimulatedProxy {
    return this.proxy({ type: 'gateway', namespace, labels, locality });
  }

  /**
   * A waypoint, which answers for the calls that callers in ambient mode send through it. Who calls is not known unless `as()` states it.
   * Throws if the input lacks the waypoint.
   */
  public waypoint({ namespace, name }: WaypointOptions): SimulatedProxy {
    return this.proxy(waypointProxy(namespace, name));
  }

  private proxy(proxy: Proxy): SimulatedProxy {
    const labels = Object.entries(proxy.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([proxy.type, proxy.namespace, labels, proxy.locality]);
    let made = this.proxies.get(key);
    if (!made) {
      made = this.simulated.of(proxy);
      this.proxies.set(key, made);
    }
    return made;
  }
}

/** The loaded manifests without the files of other tools, which become notes. */
function withoutForeign({ objects, problems, notes }: LoadedManifests): LoadedManifests {
  const foreign = problems.filter(problem => problem.foreign).map(problem => `skipped: ${describeProblem(problem)}`);
  return { objects, problems: problems.filter(problem => !problem.foreign), notes: [...notes, ...foreign] };
}
