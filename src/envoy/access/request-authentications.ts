import type { AttachedService } from './policy-attachment';
import { isAttached } from './policy-attachment';
import { addToGroup } from '../../manifest/group-by';
import type { JWTRule } from '../../manifest/istio-specs.generated';
import { byAge } from '../../manifest/kubernetes-object';
import type { ManifestOf } from '../../manifest/manifest';
import type { Note } from '../note';
import type { Proxy } from '../proxy';

type RequestAuthentication = ManifestOf<'RequestAuthentication'>;

/** The RequestAuthentications of a mesh. Those that apply to a proxy add up. */
export class RequestAuthentications {
  private readonly byNamespace = new Map<string, RequestAuthentication[]>();

  constructor(objects: readonly RequestAuthentication[], private readonly rootNamespace: string) {
    for (const object of [...objects].sort(byAge)) addToGroup(this.byNamespace, object.metadata.namespace ?? '', object);
  }

  /** Whether the mesh has none. */
  public get isEmpty(): boolean {
    return this.byNamespace.size === 0;
  }

  /** The rules that apply to a proxy, by issuer; at a waypoint, to the calls of a service. */
  public rulesOf(proxy: Proxy, notes: Note[], service?: AttachedService): readonly JWTRule[] {
    const attachment = { proxy, rootNamespace: this.rootNamespace, service };
    const namespaces = [...new Set([proxy.namespace, this.rootNamespace, ...service ? [service.namespace] : []])];
    const attached = namespaces.flatMap(namespace => this.byNamespace.get(namespace) ?? [])
      .filter(object => isAttached(object, attachment));
    for (const object of attached) {
      for (const rule of object.spec?.jwtRules ?? []) {
        if (!rule.jwks) {
          notes.push({
            object,
            message: `the keys of ${rule.issuer || 'an issuer without a name'} are fetched by istiod, and are not in the input`,
          });
        }
      }
    }
    return attached.flatMap(({ spec }) => spec?.jwtRules ?? []).sort((a, b) => compare(a.issuer ?? '', b.issuer ?? ''));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
