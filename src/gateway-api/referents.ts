import type { LabelSelector } from '../manifest/gateway-api-specs.generated';
import { serviceHost } from '../manifest/host-name';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import type { Kind, Manifest, ManifestOf } from '../manifest/manifest';
import { manifestsOf } from '../manifest/manifest';

/** The objects that the Gateway API refers to, by name. */
export class Referents {
  private readonly indexes = new Map<Kind, ReadonlyMap<string, Manifest>>();

  /** The hosts of ServiceEntries, as `namespace/host`. */
  private entryHosts?: ReadonlySet<string>;

  constructor(private readonly manifests: readonly Manifest[]) {}

  /** An object of a kind; the last version of it. Undefined if the input has none. */
  public get<K extends Kind>(kind: K, namespace: string, name: string): ManifestOf<K> | undefined {
    let index = this.indexes.get(kind);
    if (!index) this.indexes.set(kind, index = new Map(manifestsOf(this.manifests, kind).map(object => [keyOf(object), object])));
    return index.get(`${namespace}/${name}`) as ManifestOf<K> | undefined;
  }

  /** Whether a Service or ServiceEntry of a namespace has a host. */
  public hasHost(host: string, namespace: string, clusterDomain: string): boolean {
    this.entryHosts ??= new Set(manifestsOf(this.manifests, 'ServiceEntry').flatMap(({ metadata, spec }) => (
      (spec?.hosts ?? []).map(each => `${metadata.namespace ?? ''}/${each}`))));
    const [name] = host.split('.');
    return this.entryHosts.has(`${namespace}/${host}`)
      || host === serviceHost(name, namespace, clusterDomain) && this.get('Service', namespace, name) !== undefined;
  }

  /** The labels of a namespace; undefined if the input lacks the namespace. Kubernetes writes its name into a label. */
  public namespaceLabels(name: string): Labels | undefined {
    const object = this.get('Namespace', '', name);
    return object && { ...object.metadata.labels, [NAME_LABEL]: name };
  }

  /** The namespaces of the input that a selector selects, sorted. */
  public namespacesOf(selector: LabelSelector): string[] {
    const names = manifestsOf(this.manifests, 'Namespace').map(({ metadata }) => metadata.name);
    return [...new Set(names)].filter(name => matchesSelector(selector, this.namespaceLabels(name)!)).sort();
  }
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

function keyOf({ kind, metadata: { namespace = '', name } }: Manifest): string {
  return kind === 'Namespace' || kind === 'GatewayClass' ? `/${name}` : `${namespace}/${name}`;
}

/** Whether a label selector of Kubernetes selects labels. One that Kubernetes would reject selects nothing. */
export function matchesSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return selects(matchLabels, labels) && matchExpressions.every(({ key = '', operator, values = [] }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case 'In': return value !== undefined && values.includes(value);
      case 'NotIn': return values.length > 0 && (value === undefined || !values.includes(value));
      case 'Exists': return value !== undefined && values.length === 0;
      case 'DoesNotExist': return value === undefined && values.length === 0;
      default: return false;
    }
  });
}
