import type { Proxy } from './proxy';
import { hasLabels } from './proxy';
import { byAge } from '../manifest/kubernetes-object';
import type { ManifestOf } from '../manifest/manifest';

type Sidecar = ManifestOf<'Sidecar'>;

/** The Sidecars of a mesh. A proxy has one; Sidecars are never merged. */
export class Sidecars {
  private readonly byNamespace = new Map<string, Sidecar[]>();
  private readonly root?: Sidecar;

  constructor(objects: readonly Sidecar[], rootNamespace: string) {
    const sorted = [...objects].sort(byAge);
    const hasSelector = ({ spec }: Sidecar) => Boolean(spec?.workloadSelector);
    for (const object of [...sorted.filter(hasSelector), ...sorted.filter(each => !hasSelector(each))]) {
      const namespace = object.metadata.namespace ?? '';
      this.byNamespace.set(namespace, [...this.byNamespace.get(namespace) ?? [], object]);
      if (namespace === rootNamespace && !hasSelector(object)) this.root ??= object;
    }
  }

  /** The oldest that selects the proxy, else the oldest of its namespace without a selector, else the root namespace's. */
  public of(proxy: Proxy): Sidecar | undefined {
    if (proxy.type === 'gateway') return undefined;
    const own = this.byNamespace.get(proxy.namespace)?.find(({ spec }) => hasLabels(proxy, spec?.workloadSelector?.labels));
    return own ?? this.root;
  }
}
