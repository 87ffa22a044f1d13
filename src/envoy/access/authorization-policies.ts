import { isAttached } from './policy-attachment';
import { addToGroup } from '../../manifest/group-by';
import { byAge } from '../../manifest/kubernetes-object';
import type { ManifestOf } from '../../manifest/manifest';
import type { Proxy } from '../proxy';

/** A policy of who may call. */
export type AuthorizationPolicy = ManifestOf<'AuthorizationPolicy'>;

/** What a policy does with the requests that its rules match. */
export type PolicyAction = NonNullable<NonNullable<AuthorizationPolicy['spec']>['action']>;

/** The AuthorizationPolicies of a mesh. */
export class AuthorizationPolicies {
  private readonly byNamespace = new Map<string, AuthorizationPolicy[]>();

  constructor(objects: readonly AuthorizationPolicy[], private readonly rootNamespace: string) {
    for (const object of [...objects].sort(byAge)) addToGroup(this.byNamespace, object.metadata.namespace ?? '', object);
  }

  /** Whether the mesh has none. */
  public get isEmpty(): boolean {
    return this.byNamespace.size === 0;
  }

  /** The policies that apply to a proxy: those of the root namespace, then those of its own, each by age. */
  public of(proxy: Proxy): readonly AuthorizationPolicy[] {
    const namespaces = [...new Set([this.rootNamespace, proxy.namespace])];
    return namespaces.flatMap(namespace => this.byNamespace.get(namespace) ?? []).filter(policy => isAttached(policy, proxy));
  }
}

/** The action of a policy. */
export function actionOf({ spec }: AuthorizationPolicy): PolicyAction {
  return spec?.action ?? 'ALLOW';
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/** Whether only the result of a policy is recorded. */
export function isDryRun({ metadata: { annotations = {} } }: AuthorizationPolicy): boolean {
  return TRUE.has(annotations['istio.io/dry-run'] ?? '');
}
