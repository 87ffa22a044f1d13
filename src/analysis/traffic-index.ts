import { serviceParts } from './facts/host-lookup';
import { hostOfService, hostsOfEntry, Registry } from './facts/registry';
import type { Workload } from './facts/workloads';
import { Workloads, workloadsOf } from './facts/workloads';
import type { Failure, Input } from './input';
import { lastRead } from './last-read';
import { hasSchema } from './schema/schema-check';
import type { Need, Subject, SubjectOf } from './subject';
import { ISTIO_OBJECT, UNKNOWN_OBJECT } from './subject';
import type { LoadedFacts } from '../cluster/cluster-facts';
import { unknownKind } from '../edge/unknown-kind';
import type { MeshConfig, MeshConfigFields } from '../envoy/mesh-config';
import { meshConfigOf } from '../envoy/mesh-config';
import { groupBy } from '../manifest/group-by';
import { fullHost } from '../manifest/host-name';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Manifest } from '../manifest/manifest';
import { manifestsOf, nameOfKind } from '../manifest/manifest';

/** What is known of an environment beside its manifests. */
export interface TrafficIndexOptions {
  /** MeshConfig, as parsed from YAML; default: Istio's defaults, and rules that need MeshConfig do not run. */
  readonly meshConfig?: MeshConfigFields;
  /** The domain of the cluster; default: the one that hosts use for Services in the input, else `cluster.local`. */
  readonly clusterDomain?: string;
  /** The namespace of objects that name none, as `kubectl apply -n` sets it; default: `default`. */
  readonly defaultNamespace?: string;
  /** The version of Istio that the cluster is upgraded from, such as `1.23`; default: no upgrade. */
  readonly upgradesFrom?: string;
  /**
   * Whether nothing exists in the cluster beside the manifests, so that what they lack is missing; default: as the facts say, else false.
   */
  readonly complete?: boolean;
  /** What the cluster has beside the manifests; default: nothing is known of it. */
  readonly facts?: LoadedFacts;
  /** The hosts that each host's pods call, in addition to the calls that manifests state; default: none. */
  readonly calls?: { readonly [host: string]: readonly string[] };
}

/** The namespace of objects that name none, unless the options say another. */
export const DEFAULT_NAMESPACE = 'default';
const DOMAIN = 'cluster.local';
/** How many objects something is made without before it counts as failed. */
const MOST_FAULTS = 20;

/** Stands in a cache for a value that could not be made. */
class Failed {
  public constructor(public readonly error: unknown) {}
}

/** What was made of each object, by its maker, and the objects that something was made without. */
class ObjectCache {
  public readonly made = new Map<unknown, Map<unknown, unknown>>();
  public readonly faults = new Map<Manifest, unknown>();
}

/**
 * The manifests of an environment, and what rules look up in them, each part made at its first use. What is made of all objects is made
 * without those on which making it fails: one object's fault silences nothing about others.
 */
export class TrafficIndex {
  public readonly meshConfig: MeshConfig;
  private readonly byKind: ReadonlyMap<string, readonly Manifest[]>;
  private readonly subjects = new Map<Subject, readonly Manifest[]>();
  private readonly made = new Map<unknown, unknown>();

  public constructor(private readonly input: Input, private readonly options: TrafficIndexOptions = {},
    private readonly ofObjects = new ObjectCache()) {
    this.meshConfig = meshConfigOf(statedMeshConfig(options));
    this.byKind = groupBy(input.manifests, ({ kind }) => kind);
  }

  /** All objects, in the order of the input. */
  public get manifests(): readonly Manifest[] {
    return this.input.manifests;
  }

  /** The objects that something was made without. */
  public get failures(): readonly Failure[] {
    return [...this.ofObjects.faults].map(([object, error]) => ({ object: this.sourceOf(object), error }));
  }

  /** Whether the input states that nothing exists in the cluster beside it. */
  public get isComplete(): boolean {
    return this.options.complete || this.options.facts?.complete === true;
  }

  public get upgradesFrom(): string | undefined {
    return this.options.upgradesFrom;
  }

  /** The object of the input that a manifest is read from. */
  public sourceOf(manifest: Manifest): KubernetesObject {
    return this.input.sourceOf(manifest);
  }

  public get hasFacts(): boolean {
    return this.input.facts.size > 0;
  }

  /** Whether an object is a fact of the cluster, of which only its kind, name, labels and ports are known. */
  public isFact(manifest: Manifest): boolean {
    return this.input.facts.has(manifest);
  }

  /** What a function of a module makes of all objects, made once. The function itself is the key. */
  public memo<T>(make: (index: TrafficIndex) => T): T {
    let made = this.made.get(make);
    if (made === undefined && !this.made.has(make)) this.made.set(make, made = attempt(() => this.isolated(make)));
    return valueOf(made) as T;
  }

  /** What a function of a module makes of one object, made once for each object. */
  public memoOf<M extends object, T>(object: M, make: (object: M, index: TrafficIndex) => T): T {
    let known = this.ofObjects.made.get(make);
    if (!known) this.ofObjects.made.set(make, known = new Map());
    let made = known.get(object);
    if (made === undefined && !known.has(object)) known.set(object, made = attempt(() => make(object, this)));
    return valueOf(made) as T;
  }

  /**
   * What `use` makes of the index. Where it fails on an object, it is tried again without that object. Where it fails on its own subject,
   * or on nothing that can be told, it throws.
   */
  public isolated<T, S extends Manifest | undefined>(use: (index: TrafficIndex, subject: S) => T, subject: S = undefined as S): T {
    try {
      return use(this, subject);
    } catch (error) {
      return this.withoutFaults(use, subject, error);
    }
  }

  /** The objects of a subject. */
  public of<S extends Subject>(subject: S): readonly SubjectOf<S>[] {
    let objects = this.subjects.get(subject);
    if (!objects) this.subjects.set(subject, objects = this.find(subject));
    return objects as readonly SubjectOf<S>[];
  }

  /** Whether the input has what a rule needs. */
  public has(need: Need): boolean {
    if (need === 'MeshConfig') return statedMeshConfig(this.options) !== undefined;
    if (this.isComplete) return true;
    return need === 'Workload' ? this.workloads.all.length > 0 : this.of(need).length > 0;
  }

  /** The hosts that the pods of a host call, by the options. */
  public callsOf(host: string): readonly string[] {
    const { calls = {} } = this.options;
    return Object.hasOwn(calls, host) ? calls[host] : [];
  }

  /** The hosts whose calls the options state. */
  public get callers(): readonly string[] {
    return Object.keys(this.options.calls ?? {});
  }

  public namespaceOf({ metadata: { namespace } }: Manifest): string {
    return namespace ?? DEFAULT_NAMESPACE;
  }

  /** `namespace/name`, as messages write an object. */
  public nameOf(object: Manifest): string {
    return `${this.namespaceOf(object)}/${object.metadata.name}`;
  }

  public fullHost(host: string, namespace: string): string {
    return fullHost(host, namespace, this.clusterDomain);
  }

  /** The cluster's domain: as stated, else the one in which hosts name Services of the input, if all use the same. */
  public get clusterDomain(): string {
    return this.options.clusterDomain ?? this.options.facts?.clusterDomain ?? this.memo(domainInUse);
  }

  /** Whether a host is the API server's, which every cluster has without a manifest of it. */
  public isApiServer(host: string): boolean {
    return host === `kubernetes.default.svc.${this.clusterDomain}`;
  }

  public get registry(): Registry {
    return this.memo(registryOf);
  }

  public get workloads(): Workloads {
    return this.memo(allWorkloads);
  }

  private find(subject: Subject): readonly Manifest[] {
    if (subject === ISTIO_OBJECT) return this.manifests.filter(({ apiVersion, kind }) => hasSchema(apiVersion, kind));
    if (subject === UNKNOWN_OBJECT) return this.manifests.filter(manifest => unknownKind(manifest) !== undefined);
    return manifestsOf(this.byKind.get(nameOfKind(subject)) ?? [], subject);
  }

  /** What `use` makes of the index without the objects on which it fails, after it failed on all of them. */
  private withoutFaults<T, S extends Manifest | undefined>(use: (index: TrafficIndex, subject: S) => T, subject: S, first: unknown): T {
    let made: unknown = new Failed(first);
    const faults: (readonly [object: Manifest, error: unknown])[] = [];
    while (made instanceof Failed && faults.length < MOST_FAULTS) {
      const faulty = this.faultyIn(use, subject, faults.map(([object]) => object));
      if (!faulty || faulty === subject) throw made.error;
      faults.push([faulty, made.error]);
      const rest = this.without(faults.map(([object]) => object));
      made = attempt(() => use(rest, subject));
    }
    const value = valueOf(made);
    for (const [object, error] of faults) if (!this.ofObjects.faults.has(object)) this.ofObjects.faults.set(object, error);
    return value as T;
  }

  /** The object on which `use` fails in an index without some. */
  private faultyIn<S extends Manifest | undefined>(use: (index: TrafficIndex, subject: S) => unknown, subject: S,
    left: readonly Manifest[]): Manifest | undefined {
    const manifests = this.manifests.filter(object => !left.includes(object));
    return lastRead(manifests, traced => {
      const index = new TrafficIndex({ ...this.input, manifests: traced }, this.options);
      const tracedSubject = (subject && traced[manifests.indexOf(subject)]) as S;
      return () => use(index, tracedSubject);
    });
  }

  /** An index without some of the objects. What is made of one object is one thing, whichever of the two is asked for it. */
  private without(left: readonly Manifest[]): TrafficIndex {
    return new TrafficIndex({ ...this.input, manifests: this.manifests.filter(object => !left.includes(object)) }, this.options,
      this.ofObjects);
  }
}

/** MeshConfig from the options, or from the cluster facts. */
function statedMeshConfig({ meshConfig, facts }: TrafficIndexOptions): MeshConfigFields | undefined {
  return meshConfig ?? facts?.meshConfig;
}

/** What was made; throws where making it failed. */
function valueOf(made: unknown): unknown {
  if (made instanceof Failed) throw made.error;
  return made;
}

function attempt(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return new Failed(error);
  }
}

function registryOf(index: TrafficIndex): Registry {
  const { clusterDomain, meshConfig: { defaultServiceExportTo } } = index;
  const options = { clusterDomain, exportTo: defaultServiceExportTo };
  return new Registry([
    ...index.of('Service').map(object => hostOfService(object, index.namespaceOf(object), options)),
    ...index.of('ServiceEntry').flatMap(object => hostsOfEntry(object, index.namespaceOf(object), options)),
  ]);
}

function allWorkloads(index: TrafficIndex): Workloads {
  return new Workloads(index.manifests.flatMap(object => index.memoOf(object, workloadsIn)));
}

function workloadsIn(object: Manifest, index: TrafficIndex): readonly Workload[] {
  return workloadsOf(object, index.namespaceOf(object));
}

function domainInUse(index: TrafficIndex): string {
  const services = new Set(index.of('Service').map(object => index.nameOf(object)));
  if (services.size === 0) return DOMAIN;
  const written = [
    ...index.of('VirtualService').flatMap(({ spec }) => spec?.hosts ?? []),
    ...index.of('DestinationRule').flatMap(({ spec }) => spec?.host ?? []),
  ];
  const domains = new Set(written.map(serviceParts)
    .flatMap(parts => (parts && services.has(`${parts.namespace}/${parts.name}`) ? [parts.domain] : [])));
  return domains.size === 1 ? [...domains][0] : DOMAIN;
}
