import { isAttached } from './policy-attachment';
import { addToGroup } from '../../manifest/group-by';
import { byAge } from '../../manifest/kubernetes-object';
import type { ManifestOf } from '../../manifest/manifest';
import type { Proxy } from '../proxy';

/** A policy of who may call. */
export type AuthorizationPolicy = ManifestOf<'AuthorizationPolicy'>;

/** What a policy does with the requests that its rules match. */
export type PolicyAction = NonNullable<NonNullable<AuthorizationPolicy['spec']>['action']>;

/** The policies of a namespace. Each is listed once: by one label that it selects by, else among those that may apply to every proxy. */
interface Listed {
  readonly byLabel: Map<string, Placed[]>;
  readonly others: Placed[];
}

interface Placed {
  readonly policy: AuthorizationPolicy;
  /** Its place among all policies, by age. */
  readonly place: number;
}

/** The AuthorizationPolicies of a mesh. */
export class AuthorizationPolicies {
  private readonly byNamespace = new Map<string, Listed>();

  constructor(objects: readonly AuthorizationPolicy[], private readonly rootNamespace: string) {
    [...objects].sort(byAge).forEach((policy, place) => {
      const namespace = policy.metadata.namespace ?? '';
      let listed = this.byNamespace.get(namespace);
      if (listed === undefined) this.byNamespace.set(namespace, listed = { byLabel: new Map(), others: [] });
      const label = labelOf(policy);
      if (label === undefined) listed.others.push({ policy, place });
      else addToGroup(listed.byLabel, label, { policy, place });
    });
  }

  /** Whether the mesh has none. */
  public get isEmpty(): boolean {
    return this.byNamespace.size === 0;
  }

  /** The policies that apply to a proxy: those of the root namespace, then those of its own, each by age. */
  public of(proxy: Proxy): readonly AuthorizationPolicy[] {
    const namespaces = [...new Set([this.rootNamespace, proxy.namespace])];
    return namespaces.flatMap(namespace => this.candidates(namespace, proxy)).filter(policy => isAttached(policy, proxy));
  }

  private candidates(namespace: string, { labels = {} }: Proxy): AuthorizationPolicy[] {
    const listed = this.byNamespace.get(namespace);
    if (listed === undefined) return [];
    const found = [...listed.others, ...Object.entries(labels).flatMap(([key, value]) => listed.byLabel.get(`${key}=${value}`) ?? [])];
    return found.sort((a, b) => a.place - b.place).map(({ policy }) => policy);
  }
}

/** One label that a policy selects proxies by; undefined for a policy that applies by other means. */
function labelOf({ spec: { selector, targetRef, targetRefs = [] } = {} }: AuthorizationPolicy): string | undefined {
  const [first] = Object.entries(selector?.matchLabels ?? {});
  return first === undefined || targetRef !== undefined || targetRefs.length > 0 ? undefined : first.join('=');
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
