import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { byAge } from '../../manifest/kubernetes-object';
import type { MeshServices } from '../mesh-services';
import type { Proxy } from '../proxy';
import { hasLabels } from '../proxy';
import type { Json } from '../proxy-config';
import { list } from '../virtual-service';

/** The Telemetries of a mesh. */
export class Telemetries {
  private readonly byNamespace = new Map<string, KubernetesObject[]>();

  constructor(objects: readonly KubernetesObject[]) {
    for (const object of [...objects].sort(byAge)) {
      const namespace = object.metadata.namespace ?? '';
      this.byNamespace.set(namespace, [...this.byNamespace.get(namespace) ?? [], object]);
    }
  }

  /** The ones that hold for a proxy, in the order in which later ones override: the mesh's, the namespace's, then its own. */
  public of(proxy: Proxy, rootNamespace: string): readonly KubernetesObject[] {
    const own = this.byNamespace.get(proxy.namespace) ?? [];
    const selected = own.filter(object => !isWide(object) && isSelected(object, proxy));
    const wide = [...new Set([rootNamespace, proxy.namespace])].flatMap(namespace => this.byNamespace.get(namespace)?.find(isWide) ?? []);
    return [...wide, ...selected];
  }
}

const labelsOf = ({ spec }: KubernetesObject) => spec?.selector?.matchLabels ?? {};
const refersToObjects = ({ spec }: KubernetesObject) => Boolean(spec?.targetRef) || list(spec?.targetRefs).length > 0;

function isWide(object: KubernetesObject): boolean {
  return Object.keys(labelsOf(object)).length === 0 && !refersToObjects(object);
}

function isSelected(object: KubernetesObject, proxy: Proxy): boolean {
  return !refersToObjects(object) && hasLabels(proxy, labelsOf(object));
}

/** A provider of the MeshConfig by its name, whatever its case. */
export function providerOf({ meshConfig }: MeshServices, name: string): Json | undefined {
  return meshConfig.extensionProviders.find(provider => String(provider.name).toLowerCase() === name.toLowerCase());
}

/** The names of the providers that a part of a Telemetry states. */
export function providerNames(part: Json): string[] {
  return list(part?.providers).map(({ name }) => String(name));
}

/** Where a provider is reached. */
export interface ProviderCluster {
  readonly host: string;
  readonly cluster: string;
}

/** The host and cluster of a provider's service; undefined where the registry has none, or several of that name. */
export function providerCluster({ registry }: MeshServices, { service, port }: Json): ProviderCluster | undefined {
  const [namespace, named] = String(service ?? '').split('/');
  const found = named === undefined ? [...registry.byNamespace(namespace).values()] : [registry.find(named, namespace)];
  return found.length === 1 && found[0] ? { host: found[0].host, cluster: `outbound|${port ?? 0}||${found[0].host}` } : undefined;
}
