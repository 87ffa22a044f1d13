import type { Destination } from './destinations';
import { destinationsOf } from './destinations';
import { labelsOf, texts } from './fields';
import { serviceParts } from './host-lookup';
import { Registry } from './registry';
import { hasPodTemplate, TEMPLATED, WORKLOAD_KINDS, Workloads } from './workloads';
import type { MeshConfig, MeshConfigFields } from '../envoy/mesh-config';
import { meshConfigOf } from '../envoy/mesh-config';
import type { ExportTo } from '../manifest/export-to';
import { exportTo } from '../manifest/export-to';
import { groupBy } from '../manifest/group-by';
import { fullHost } from '../manifest/host-name';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { isOfGroup } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';

/** What is known of an environment beside its manifests. */
export interface TrafficIndexOptions {
  /** MeshConfig, as parsed from YAML; default: as Istio installs it, while rules that need the real one are silent. */
  readonly meshConfig?: MeshConfigFields;
  /** The domain of the cluster; default: the one that hosts use for Services that are there, else `cluster.local`. */
  readonly clusterDomain?: string;
  /** The namespace of objects that name none, as `kubectl apply -n` would set it; default: `default`. */
  readonly defaultNamespace?: string;
  /** The version of Istio that runs today, such as `1.23`, where another is to come; default: none is to come. */
  readonly upgradesFrom?: string;
  /** Which service calls which others, by host, as far as manifests do not tell; default: none. */
  readonly calls?: { readonly [host: string]: readonly string[] };
}

/** A Gateway that a VirtualService names. */
export interface GatewayReference {
  readonly written: string;
  /** `namespace/name`. */
  readonly key: string;
  readonly path: string;
  readonly gateway?: KubernetesObject;
}

const MESH = 'mesh';
const DOMAIN = 'cluster.local';

/** Kinds of which other API groups have namesakes, with the group that rules mean. */
const GROUPS: { readonly [kind: string]: string } = { Gateway: 'networking.istio.io', Service: '', Sidecar: 'networking.istio.io', Telemetry: 'telemetry.istio.io' };

function kindOf(object: KubernetesObject): string | undefined {
  if (!WORKLOAD_KINDS.includes(object.kind) && hasPodTemplate(object)) return TEMPLATED;
  return !Object.hasOwn(GROUPS, object.kind) || isOfGroup(object, GROUPS[object.kind]) ? object.kind : undefined;
}

/** What rules about traffic look up in all objects of an environment, each part made at its first use. */
export class TrafficIndex {
  public readonly meshConfig: MeshConfig;
  private readonly kinds: ReadonlyMap<string, readonly KubernetesObject[]>;
  private readonly stated = new Map<KubernetesObject, readonly Destination[]>();
  private foundDomain?: string;
  private madeRegistry?: Registry;
  private madeWorkloads?: Workloads;
  private namespaces?: ReadonlySet<string>;
  private sidecars?: ReadonlyMap<string, readonly KubernetesObject[]>;
  private gateways?: ReadonlyMap<string, KubernetesObject>;

  constructor(public readonly objects: readonly KubernetesObject[], private readonly options: TrafficIndexOptions = {}) {
    this.meshConfig = meshConfigOf(options.meshConfig);
    this.kinds = groupBy(objects, kindOf);
  }

  public get upgradesFrom(): string | undefined {
    return this.options.upgradesFrom;
  }

  /** Which hosts the pods of a host call, as stated by the options. */
  public get calls(): ReadonlyMap<string, readonly string[]> {
    return new Map(Object.entries(this.options.calls ?? {}));
  }

  public sidecarsIn(namespace: string): readonly KubernetesObject[] {
    this.sidecars ??= groupBy(this.of('Sidecar'), object => this.namespaceOf(object));
    return this.sidecars.get(namespace) ?? [];
  }

  public of(kind: string): readonly KubernetesObject[] {
    return this.kinds.get(kind) ?? [];
  }

  /** Whether the manifests would show what is in a namespace: they have anything in it, or state all Namespaces. */
  public isToldOf(namespace: string): boolean {
    this.namespaces ??= new Set([...this.kinds.values()].flatMap(objects => objects.map(object => this.namespaceOf(object))));
    return this.of('Namespace').length > 0 || this.namespaces.has(namespace);
  }

  /** The objects of a kind, each with its namespace written out. */
  public placed(kind: string): readonly KubernetesObject[] {
    return this.of(kind).map(object => (
      object.metadata.namespace === undefined ? { ...object, metadata: { ...object.metadata, namespace: this.namespaceOf(object) } } : object));
  }

  public namespaceOf(object: KubernetesObject): string {
    return object.metadata.namespace ?? this.options.defaultNamespace ?? 'default';
  }

  /** `namespace/name`, as messages write an object. */
  public nameOf(object: KubernetesObject): string {
    return `${this.namespaceOf(object)}/${object.metadata.name}`;
  }

  public fullHost(host: string, namespace: string): string {
    return fullHost(host, namespace, this.clusterDomain);
  }

  /**
   * The cluster's domain: as stated, else the one in which hosts name Services that are there, if it is the same for all of them.
   */
  public get clusterDomain(): string {
    this.foundDomain ??= this.options.clusterDomain ?? this.domainInUse();
    return this.foundDomain;
  }

  /** Whether a host is the API server's, which every cluster has without a manifest of it. */
  public isApiServer(host: string): boolean {
    return host === `kubernetes.default.svc.${this.clusterDomain}`;
  }

  public get registry(): Registry {
    this.madeRegistry ??= new Registry(this.of('Service'), this.of('ServiceEntry'), {
      clusterDomain: this.clusterDomain, exportTo: this.meshConfig.defaultServiceExportTo, namespaceOf: object => this.namespaceOf(object),
    });
    return this.madeRegistry;
  }

  public get workloads(): Workloads {
    this.madeWorkloads ??= new Workloads(WORKLOAD_KINDS.flatMap(kind => this.of(kind)), object => this.namespaceOf(object));
    return this.madeWorkloads;
  }

  public destinationsOf(virtualService: KubernetesObject): readonly Destination[] {
    const known = this.stated.get(virtualService);
    if (known) return known;
    const found = destinationsOf(this, virtualService);
    this.stated.set(virtualService, found);
    return found;
  }

  /** To which namespaces a VirtualService or DestinationRule is visible. */
  public visibilityOf(object: KubernetesObject): ExportTo {
    const byDefault = object.kind === 'VirtualService' ? this.meshConfig.defaultVirtualServiceExportTo : this.meshConfig.defaultDestinationRuleExportTo;
    return exportTo(texts(object.spec?.exportTo), this.namespaceOf(object), byDefault);
  }

  /** The namespaces whose clients a VirtualService is written for, as Istio's own analyzers take it: its own unless it states others. */
  public scopesOf(object: KubernetesObject): readonly string[] {
    const own = this.namespaceOf(object);
    const scopes = texts(object.spec?.exportTo);
    return scopes.length === 0 ? [own] : scopes.map(scope => (scope === '.' || scope === '*' ? own : scope));
  }

  /** Whether sidecars obey a VirtualService. */
  public isForMesh(virtualService: KubernetesObject): boolean {
    const names = texts(virtualService.spec?.gateways);
    return names.length === 0 || names.includes(MESH);
  }

  /** The Gateways that a list names. */
  public gatewaysIn(names: readonly string[], namespace: string, path: string): readonly GatewayReference[] {
    return names.flatMap((written, i) => {
      if (written === MESH) return [];
      const key = written.includes('/') ? written : this.legacyKey(written) ?? `${namespace}/${written}`;
      const gateway = this.gateway(key);
      return [{ written, key, path: `${path}[${i}]`, ...(gateway && { gateway }) }];
    });
  }

  public gatewaysOf(virtualService: KubernetesObject): readonly GatewayReference[] {
    return this.gatewaysIn(texts(virtualService.spec?.gateways), this.namespaceOf(virtualService), 'spec.gateways');
  }

  public gateway(key: string): KubernetesObject | undefined {
    this.gateways ??= new Map(this.of('Gateway').map(object => [this.nameOf(object), object]));
    return this.gateways.get(key);
  }

  /** The namespaces in which the pods of a Gateway run; undefined where no workload of the manifests is one. */
  public gatewayNamespaces(gateway: KubernetesObject): readonly string[] | undefined {
    const pods = this.workloads.selectedBy(this.selectorOf(gateway));
    return pods.length === 0 ? undefined : [...new Set(pods.map(({ namespace }) => namespace))];
  }

  public selectorOf(gateway: KubernetesObject): Labels {
    return labelsOf(gateway.spec?.selector);
  }

  /** The old way of writing a Gateway, `name.namespace.svc.cluster.local`. */
  private legacyKey(written: string): string | undefined {
    const parts = serviceParts(written);
    return parts && `${parts.namespace}/${parts.name}`;
  }

  private domainInUse(): string {
    const services = new Set(this.of('Service').map(object => this.nameOf(object)));
    if (services.size === 0) return DOMAIN;
    const written = [
      ...this.of('VirtualService').flatMap(({ spec }) => texts(spec?.hosts)),
      ...this.of('DestinationRule').flatMap(({ spec }) => texts([spec?.host])),
    ];
    const domains = new Set(written.map(serviceParts).flatMap(parts => (parts && services.has(`${parts.namespace}/${parts.name}`) ? [parts.domain] : [])));
    return domains.size === 1 ? [...domains][0] : DOMAIN;
  }
}
