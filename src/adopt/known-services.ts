import type { Code, OwnerClass } from './code';
import { call, fields, literal } from './code';
import { cannot } from './not-said';
import { serviceHost } from '../manifest/host-name';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Manifest, ManifestOf } from '../manifest/manifest';
import { manifestsOf } from '../manifest/manifest';
import type { ServicePort } from '../traffic/service-port';
import { servicePortOfManifest } from '../traffic/service-port';

/** The file that creates the MeshService or ExternalDependency of a host, and its variable there. */
export interface ServiceFile {
  readonly file: string;
  readonly exported: string;
  readonly ofClass: OwnerClass;
}

/** The Services of the mesh by the full names of their hosts. */
export class KnownServices {
  public readonly byHost: ReadonlyMap<string, ManifestOf<'Service'>>;
  /** The ServiceEntries with one host. */
  private readonly entryByHost: ReadonlyMap<string, ManifestOf<'ServiceEntry'>>;
  private readonly assumed: ReadonlySet<string>;

  /** `assumed`: the Gateways that the input names and lacks. */
  constructor(manifests: readonly Manifest[], public readonly clusterDomain: string, assumed: readonly KubernetesObject[] = []) {
    this.assumed = new Set(assumed.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`));
    this.entryByHost = new Map(manifestsOf(manifests, 'ServiceEntry').filter(({ spec }) => spec?.hosts?.length === 1)
      .map(each => [each.spec!.hosts![0], each]));
    this.byHost = new Map(manifestsOf(manifests, 'Service').map(each => (
      [serviceHost(each.metadata.name, each.metadata.namespace!, clusterDomain), each])));
  }

  public get(host: string): ManifestOf<'Service'> {
    return this.byHost.get(host) ?? cannot(`a destination is ${host}, which is not a Service of the input`);
  }

  /** The numbers of the ports of a host: a Service, or the only host of a ServiceEntry. */
  public portsOf(host: string): readonly number[] {
    const entry = this.entryByHost.get(host);
    if (!this.byHost.has(host) && entry) return (entry.spec?.ports ?? []).map(each => each.number ?? 0);
    return (this.get(host).spec?.ports ?? []).map(each => each.port ?? 0);
  }

  /** Whether a Gateway, by namespace and name, is assumed, because the input lacks it. */
  public isAssumed(gateway: string): boolean {
    return this.assumed.has(gateway);
  }

  /** The prop `clusterDomain`, unless it is the default. */
  public get domainProp(): string | undefined {
    return this.clusterDomain === 'cluster.local' ? undefined : this.clusterDomain;
  }
}

/** The ports of a Service. Gives up if one declares no protocol. */
export function portsOf(service: ManifestOf<'Service'>): readonly ServicePort[] {
  const ports = (service.spec?.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .map(port => servicePortOfManifest({ ...port, port: port.port ?? 0, targetPort: undefined }));
  const undeclared = ports.find(({ protocol }) => protocol === 'AUTO');
  if (undeclared) cannot(`port ${undeclared.number} of the Service ${service.metadata.name} declares no protocol, and constructs need one`);
  return ports;
}

export const METHODS: { readonly [protocol: string]: string } = {
  HTTP: 'http', HTTP2: 'http2', GRPC: 'grpc', HTTPS: 'https', TLS: 'tls', TCP: 'tcp',
};

/** The props by which a MeshService describes a Service. */
export function serviceProps(
  service: ManifestOf<'Service'>, namespace: string, { domainProp }: KnownServices, more: { readonly [field: string]: Code | undefined } = {},
): Code {
  const { name, namespace: own } = service.metadata;
  return fields({
    name,
    namespace: own === namespace ? undefined : own,
    ports: portsOf(service).map(port => call('ServicePort', METHODS[port.protocol], port.number)),
    ...more,
    clusterDomain: domainProp,
  });
}

/** A list, unless it is missing or empty. */
export function listCode(values: readonly string[] | undefined): Code | undefined {
  return values && values.length > 0 ? literal(values) : undefined;
}
