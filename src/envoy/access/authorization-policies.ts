import type { AttachedService, Attachment } from './policy-attachment';
import { isAttached } from './policy-attachment';
import { addToGroup } from '../../manifest/group-by';
import { byAge } from '../../manifest/kubernetes-object';
import type { ManifestOf } from '../../manifest/manifest';
import type { Proxy } from '../proxy';

/** A policy of who may call. */
export type AuthorizationPolicy = ManifestOf<'AuthorizationPolicy'>;

/** What a policy does with the requests that its rules match. */
export type PolicyAction = NonNullable<NonNullable<AuthorizationPolicy['spec']>['action']>;

/** The policies of a namespace. Each is listed once: for every proxy, by one label that it selects by, or as one of the others. */
interface Listed {
  readonly forAll: Placed[];
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
  /** Each list that `of` returned, by the namespace of the proxy and the places of the policies that select it. */
  private readonly lists = new Map<string, readonly AuthorizationPolicy[]>();

  constructor(objects: readonly AuthorizationPolicy[], private readonly rootNamespace: string) {
    [...objects].sort(byAge).forEach((policy, place) => {
      const namespace = policy.metadata.namespace ?? '';
      let listed = this.byNamespace.get(namespace);
      if (listed === undefined) this.byNamespace.set(namespace, listed = { forAll: [], byLabel: new Map(), others: [] });
      const label = labelOf(policy);
      if (label !== undefined) addToGroup(listed.byLabel, label, { policy, place });
      else (isForAll(policy) ? listed.forAll : listed.others).push({ policy, place });
    });
  }

  /** Whether the mesh has none. */
  public get isEmpty(): boolean {
    return this.byNamespace.size === 0;
  }

  /**
   * The policies that apply to a proxy: those of the root namespace, then those of its own, each by age. At a waypoint, those that name the
   * waypoint, or the service that is called, whose namespace comes last. Equal lists are one list.
   */
  public of(proxy: Proxy, service?: AttachedService): readonly AuthorizationPolicy[] {
    const isWaypoint = proxy.type === 'waypoint';
    const namespaces = [...new Set([this.rootNamespace, proxy.namespace, ...service ? [service.namespace] : []])];
    const selecting = namespaces.map(namespace => this.selecting(namespace, { proxy, rootNamespace: this.rootNamespace, service }));
    const key = [isWaypoint ? '' : proxy.namespace, ...selecting.flat().map(({ place }) => place)].join();
    let list = this.lists.get(key);
    if (list === undefined) {
      const forAll = (namespace: string) => (isWaypoint ? [] : this.byNamespace.get(namespace)?.forAll ?? []);
      list = namespaces.flatMap((namespace, i) => [...forAll(namespace), ...selecting[i]].sort(byPlace)).map(({ policy }) => policy);
      this.lists.set(key, list);
    }
    return list;
  }

  /** The policies of a namespace that apply to a proxy, beside those for every proxy. */
  private selecting(namespace: string, attachment: Attachment): Placed[] {
    const listed = this.byNamespace.get(namespace);
    if (listed === undefined) return [];
    const byLabel = Object.entries(attachment.proxy.labels ?? {}).flatMap(([key, value]) => listed.byLabel.get(`${key}=${value}`) ?? []);
    return [...listed.others, ...byLabel].filter(({ policy }) => isAttached(policy, attachment)).sort(byPlace);
  }
}

function byPlace(a: Placed, b: Placed): number {
  return a.place - b.place;
}

/** Whether a policy applies to every proxy of its namespace. */
function isForAll({ spec: { selector, targetRef, targetRefs = [] } = {} }: AuthorizationPolicy): boolean {
  return targetRef === undefined && targetRefs.length === 0 && Object.keys(selector?.matchLabels ?? {}).length === 0;
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
