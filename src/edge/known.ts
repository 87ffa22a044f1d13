import { portsAtPods } from './ports-at-pods';
import type { Reach } from './reach';
import type { MeshConfig, MeshConfigFields } from '../envoy/mesh-config';
import { meshConfigOf } from '../envoy/mesh-config';
import { PINS } from '../envoy/pins';
import { GATEWAY_NAME } from '../gateway-api/managed-services';
import { serviceHost } from '../manifest/host-name';
import { HostTable } from '../manifest/host-table';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import type { Manifest, ManifestOf } from '../manifest/manifest';
import { isOfKind } from '../manifest/manifest';
import { readValue } from '../manifest/shape';

/** What is known of a mesh in addition to the objects. */
export interface EdgeOptions {
  /** MeshConfig, as parsed from YAML; undefined if none was read. */
  readonly meshConfig?: MeshConfigFields;
  /** @default 'cluster.local' */
  readonly clusterDomain?: string;
  /** The version of Istio. @default the newest that is known */
  readonly istioVersion?: string;
  /** Whether nothing exists in the cluster beside the objects. @default false */
  readonly complete?: boolean;
  /** Whether the objects have every pod. Cluster facts name Services without their pods. @default false */
  readonly hasAllPods?: boolean;
}

const GATEWAY = { spec: { gatewayClassName: 'string', addresses: [{ type: 'string', value: 'string' }] } } as const;
const CONFIG_MAP = { data: { mesh: 'string' } } as const;
const OF_INGRESS = { ingressSelector: 'string', ingressService: 'string' } as const;
const INGRESS_CLASS = { spec: { controller: 'string' } } as const;

/** The classes for ingress that Istio knows without an object. */
const CLASSES: ReadonlySet<string> = new Set(['istio', 'istio-remote']);

/** What rows of the table look up in the objects of a mesh. */
export class Known {
  public readonly meshConfig: MeshConfig;
  public readonly clusterDomain: string;
  public readonly hasMeshConfig: boolean;
  /** The revisions of Istio that objects name. */
  public readonly revisions = new Set<string>();
  private readonly services = new Map<string, ManifestOf<'Service'>>();
  private readonly entries = new Map<string, ManifestOf<'ServiceEntry'>>();
  private readonly gateways = new Map<string, Manifest>();
  /** The Gateways of Istio's API, by `namespace/name`. */
  private readonly servers = new Map<string, ManifestOf<'Gateway'>>();
  private readonly authentications: ManifestOf<'RequestAuthentication'>[] = [];
  /** `namespace/name` of VirtualServices, of those to which others delegate, and of the Gateways to which they are bound. */
  private readonly virtualServices = new Set<string>();
  private readonly delegates = new Set<string>();
  private readonly bound = new Set<string>();
  /** The hosts of Services and ServiceEntries. */
  private readonly hosts = new HostTable<Manifest>();
  /** The hosts whose connections istiod routes by the addresses of their pods. */
  private readonly headless = new HostTable<Manifest>();
  private readonly namespaces = new Set<string>();
  private readonly listenerSets = new Set<string>();
  private readonly gatewayClasses = new Set<string>();
  /** The namespaces whose own objects are in the input. */
  private readonly labelled = new Set<string>();
  private readonly ingressControllers = new Map<string, string | undefined>();
  private firstHolder?: Manifest;

  public constructor(manifests: readonly Manifest[], public readonly options: EdgeOptions) {
    this.meshConfig = meshConfigOf(options.meshConfig);
    this.hasMeshConfig = options.meshConfig !== undefined;
    this.clusterDomain = options.clusterDomain ?? 'cluster.local';
    for (const manifest of manifests) this.add(manifest);
  }

  public get rootNamespace(): string {
    return this.meshConfig.rootNamespace;
  }

  public hostOf(service: string, namespace: string): string {
    return serviceHost(service, namespace, this.clusterDomain);
  }

  public service(name: string, namespace: string): ManifestOf<'Service'> | undefined {
    return this.services.get(`${namespace}/${name}`);
  }

  /** The hosts of a ServiceEntry; undefined for one that is not in the input. */
  public hostsOfEntry(name: string, namespace: string): readonly string[] | undefined {
    return this.entries.get(`${namespace}/${name}`)?.spec?.hosts;
  }

  /** Whether the input has the Gateway that a VirtualService of a namespace names. */
  public hasGateway(reference: string, namespace: string): boolean {
    return this.servers.has(reference.includes('/') ? reference : `${namespace}/${reference}`);
  }

  /** Whether a RequestAuthentication of the input may apply to the pods of a Gateway. */
  public mayVerifyTokens(reference: string, namespace: string): boolean {
    const { selector = {} } = this.servers.get(reference.includes('/') ? reference : `${namespace}/${reference}`)?.spec ?? {};
    return this.authentications.some(({ spec = {} }) => (
      spec.targetRef !== undefined || (spec.targetRefs ?? []).length > 0 || selects(spec.selector?.matchLabels ?? {}, selector)));
  }

  public hasVirtualService(name: string, namespace: string): boolean {
    return this.virtualServices.has(`${namespace}/${name}`);
  }

  /** Whether a Service or ServiceEntry of the input has a host. */
  public hasHost(host: string): boolean {
    return this.hosts.overlaps(host);
  }

  /** Whether a host, or one that a wildcard covers, is a headless Service with a port that is not HTTP alone. */
  public hasHeadless(host: string): boolean {
    return this.headless.overlaps(host);
  }

  /** Whether a VirtualService of the input delegates to another one. */
  public isDelegate(name: string, namespace: string): boolean {
    return this.delegates.has(`${namespace}/${name}`);
  }

  /** Whether a VirtualService of the input is bound to a Gateway. */
  public isBound(gateway: string, namespace: string): boolean {
    return this.bound.has(`${namespace}/${gateway}`);
  }

  /** Whether some object of the input is in another namespace than one. */
  public hasOtherNamespace(name: string): boolean {
    return [...this.namespaces].some(other => other !== name && other !== '');
  }

  /** Whether some object of the input is in a namespace. */
  public hasNamespace(name: string): boolean {
    return this.namespaces.has(name);
  }

  /** The labels of the gateway that serves Ingresses. */
  public get ingressSelector(): Labels {
    const { ingressSelector, ingressService } = readValue(OF_INGRESS, this.options.meshConfig) ?? {};
    const service = ingressService === 'istio-ingressgateway' ? undefined : ingressService;
    return { istio: ingressSelector || service || 'ingressgateway' };
  }

  /** The controller of an IngressClass; undefined for one that is not in the input. */
  public ingressController(name: string): string | undefined {
    return this.ingressControllers.get(name);
  }

  /** Whether objects of the Gateway API are read: as the pinned Istio does. */
  public get readsGatewayApi(): boolean {
    return (this.options.istioVersion ?? PINS.istio) === PINS.istio;
  }

  /** Whether a ListenerSet is read. */
  public isListenerSetRead(name: string, namespace: string): boolean {
    return this.readsGatewayApi && this.listenerSets.has(`${namespace}/${name}`);
  }

  /** Whether a Gateway of the Gateway API is read: the input has it, and its controller is known. */
  public isGatewayRead(name: string, namespace: string): boolean {
    const gateway = this.gateways.get(`${namespace}/${name}`);
    const className = readValue(GATEWAY, gateway)?.spec?.gatewayClassName;
    if (className === undefined || !this.readsGatewayApi) return false;
    return CLASSES.has(className) || this.gatewayClasses.has(className) || this.options.complete === true;
  }

  /** Whether a namespace has objects in the input, but no object of its own that tells its labels. */
  public get hasUnlabelledNamespace(): boolean {
    return [...this.namespaces].some(name => name !== '' && !this.labelled.has(name));
  }

  /** Whether a Gateway of the Gateway API is a waypoint. */
  public isWaypoint(name: string, namespace: string): boolean {
    const gateway = this.gateways.get(`${namespace}/${name}`);
    return (readValue(GATEWAY, gateway)?.spec?.gatewayClassName ?? '').endsWith('waypoint');
  }

  /** The pods of a Gateway of the Gateway API: those of the Service that it names, else those that Istio makes for it. */
  public podsOfGateway(name: string, namespace: string): readonly Pick<Reach, 'namespace' | 'selector'>[] {
    const gateway = this.gateways.get(`${namespace}/${name}`);
    const made = { namespace, selector: { [GATEWAY_NAME]: name } };
    const addresses = (readValue(GATEWAY, gateway)?.spec?.addresses ?? []).filter(({ type }) => type === 'Hostname');
    if (addresses.length === 0) return [made];
    return addresses.flatMap(({ value = '' }) => {
      const [service, owner = namespace] = value.split('.');
      const selector = this.service(service, owner)?.spec?.selector;
      return selector ? [{ namespace: owner, selector }] : [{ namespace: owner }];
    });
  }

  /** Whether an object holds the MeshConfig that was read. */
  public isMeshConfigRead(holder: Manifest): boolean {
    return this.hasMeshConfig && (this.firstHolder === undefined || this.firstHolder === holder);
  }

  private addHosts(manifest: Manifest): void {
    const { name, namespace = '' } = manifest.metadata;
    if (isOfKind(manifest, 'Service')) {
      const host = this.hostOf(name, namespace);
      this.hosts.add(host, manifest);
      if (portsAtPods(manifest).length > 0) this.headless.add(host, manifest);
    }
    if (!isOfKind(manifest, 'ServiceEntry')) return;
    for (const host of manifest.spec?.hosts ?? []) this.hosts.add(host, manifest);
  }

  private addReferences(manifest: Manifest): void {
    if (!isOfKind(manifest, 'VirtualService')) return;
    const { namespace = '' } = manifest.metadata;
    for (const gateway of manifest.spec?.gateways ?? []) this.bound.add(gateway.includes('/') ? gateway : `${namespace}/${gateway}`);
    for (const { delegate } of manifest.spec?.http ?? []) {
      if (delegate) this.delegates.add(`${delegate.namespace || namespace}/${delegate.name ?? ''}`);
    }
  }

  private add(manifest: Manifest): void {
    const { name, namespace = '', labels = {} } = manifest.metadata;
    const revision = labels['istio.io/rev'];
    if (revision !== undefined) this.revisions.add(revision);
    this.addHosts(manifest);
    this.addReferences(manifest);
    this.namespaces.add(namespace);
    if (isOfKind(manifest, 'Service')) this.services.set(`${namespace}/${name}`, manifest);
    else if (isOfKind(manifest, 'ServiceEntry')) this.entries.set(`${namespace}/${name}`, manifest);
    else if (isOfKind(manifest, 'VirtualService')) this.virtualServices.add(`${namespace}/${name}`);
    else if (isOfKind(manifest, 'Gateway')) this.servers.set(`${namespace}/${name}`, manifest);
    else if (isOfKind(manifest, 'RequestAuthentication')) this.authentications.push(manifest);
    else if (isGatewayApi(manifest) && manifest.kind === 'Gateway') this.gateways.set(`${namespace}/${name}`, manifest);
    else if (isOfKind(manifest, 'ListenerSet')) this.listenerSets.add(`${namespace}/${name}`);
    else if (isOfKind(manifest, 'GatewayClass')) this.gatewayClasses.add(name);
    else if (isOfKind(manifest, 'Namespace')) this.labelled.add(name);
    else if (manifest.kind === 'IngressClass') this.ingressControllers.set(name, readValue(INGRESS_CLASS, manifest)?.spec?.controller);
    else if (holdsMeshConfig(manifest)) this.firstHolder ??= manifest;
  }
}

/** Whether MeshConfig is read from an object where no other one is given. */
function holdsMeshConfig(manifest: Manifest): boolean {
  if (manifest.kind === 'IstioOperator') return true;
  return manifest.kind === 'ConfigMap' && manifest.metadata.name === 'istio' && readValue(CONFIG_MAP, manifest)?.data?.mesh !== undefined;
}

function isGatewayApi({ apiVersion }: Manifest): boolean {
  return apiVersion.startsWith('gateway.networking.k8s.io/');
}
