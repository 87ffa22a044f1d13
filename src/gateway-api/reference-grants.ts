import type { Problem } from './problem';
import { problem } from './problem';
import type { KindKey } from './references';
import { CONFIG_MAP, GATEWAY, GROUP, LISTENER_SET, SECRET, SERVICE, kindOf } from './references';
import type { ManifestOf } from '../manifest/manifest';

/** What refers to something, or what it refers to. */
export interface Reference {
  readonly kind: KindKey;
  readonly namespace: string;
}

const FROM = new Set<KindKey>([GATEWAY, LISTENER_SET, `${GROUP}/HTTPRoute`, `${GROUP}/GRPCRoute`, `${GROUP}/TLSRoute`, `${GROUP}/TCPRoute`]);
const TO = new Set<KindKey>([SERVICE, SECRET, CONFIG_MAP]);

/** The references between namespaces that ReferenceGrants permit. */
export class ReferenceGrants {
  /** By both sides of a reference, the permitted names; `*` for all. */
  private readonly names = new Map<string, Set<string>>();

  constructor(objects: readonly ManifestOf<'ReferenceGrant'>[]) {
    for (const { metadata: { namespace = '' }, spec: { from = [], to = [] } = {} } of objects) {
      for (const source of from) {
        for (const target of to) {
          const kinds = [kindOf(source, '/'), kindOf(target, '/')];
          if (!FROM.has(kinds[0]) || !TO.has(kinds[1])) continue;
          const key = pairKey({ kind: kinds[0], namespace: source.namespace ?? '' }, { kind: kinds[1], namespace });
          this.names.set(key, (this.names.get(key) ?? new Set()).add(target.name ?? '*'));
        }
      }
    }
  }

  /** Whether a reference to an object is permitted. */
  public allow(from: Reference, to: Reference & { readonly name: string }): boolean {
    const names = this.names.get(pairKey(from, to));
    return names !== undefined && (names.has('*') || names.has(to.name));
  }
}

/** A reference that no ReferenceGrant of the namespace of its object permits. */
export function notPermitted(what: string, namespace: string): Problem {
  return problem('RefNotPermitted', `no ReferenceGrant permits ${what}`, { kind: 'ReferenceGrant', namespace, name: '' });
}

function pairKey(from: Reference, to: Reference): string {
  return `${from.kind} ${from.namespace} ${to.kind} ${to.namespace}`;
}
