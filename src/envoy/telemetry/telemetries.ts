import type { ProviderRef } from '../../manifest/istio-specs.generated';
import { byAge } from '../../manifest/kubernetes-object';
import type { ManifestOf } from '../../manifest/manifest';
import type { AttachedService } from '../access/policy-attachment';
import { isAttached } from '../access/policy-attachment';
import { clusterName } from '../cluster-name';
import type { ExtensionProvider } from '../mesh-config';
import type { MeshServices } from '../mesh-services';
import type { Proxy } from '../proxy';

type Telemetry = ManifestOf<'Telemetry'>;

/** The Telemetries of a mesh. */
export class Telemetries {
  private readonly byNamespace = new Map<string, Telemetry[]>();

  constructor(objects: readonly Telemetry[]) {
    for (const object of [...objects].sort(byAge)) {
      const namespace = object.metadata.namespace ?? '';
      this.byNamespace.set(namespace, [...this.byNamespace.get(namespace) ?? [], object]);
    }
  }

  /**
   * The Telemetries that apply to a proxy; later ones override: the mesh's, the namespace's, then the workload's. At a waypoint, those of
   * the namespace of the called service come after those of the waypoint's own.
   */
  public of(proxy: Proxy, rootNamespace: string, service?: AttachedService): readonly Telemetry[] {
    const nearest = service?.namespace ?? proxy.namespace;
    const attachment = { proxy, rootNamespace, service };
    const selected = (this.byNamespace.get(nearest) ?? []).filter(object => !isWide(object) && isAttached(object, attachment));
    const wide = [...new Set([rootNamespace, proxy.namespace, nearest])]
      .flatMap(namespace => this.byNamespace.get(namespace)?.find(isWide) ?? []);
    return [...wide, ...selected];
  }
}

const labelsOf = ({ spec }: Telemetry) => spec?.selector?.matchLabels ?? {};
const refersToObjects = ({ spec }: Telemetry) => Boolean(spec?.targetRef) || (spec?.targetRefs ?? []).length > 0;

function isWide(object: Telemetry): boolean {
  return Object.keys(labelsOf(object)).length === 0 && !refersToObjects(object);
}

/** A provider of MeshConfig by name; case is ignored. */
export function providerOf({ meshConfig }: MeshServices, name: string): ExtensionProvider | undefined {
  return meshConfig.extensionProviders.find(provider => (provider.name ?? '').toLowerCase() === name.toLowerCase());
}

/** The names of the providers in an item of a Telemetry. */
export function providerNames({ providers = [] }: { readonly providers?: readonly ProviderRef[] }): string[] {
  return providers.map(({ name }) => name ?? '');
}

/** The cluster of a provider's service. */
export interface ProviderCluster {
  readonly host: string;
  readonly cluster: string;
}

/** The host and cluster of a provider's service; undefined if the registry has none or several with that name. */
export function providerCluster(
  { registry }: MeshServices, { service = '', port = 0 }: { readonly service?: string; readonly port?: number },
): ProviderCluster | undefined {
  const [namespace, named] = service.split('/');
  const found = named === undefined ? [...registry.byNamespace(namespace).values()] : [registry.find(named, namespace)];
  return found.length === 1 && found[0] ? { host: found[0].host, cluster: clusterName(found[0].host, port) } : undefined;
}
