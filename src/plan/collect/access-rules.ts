import type { IConstruct } from 'constructs';
import { AppState } from './app-state';
import { addToGroup } from '../../manifest/group-by';
import type { PlacedRule } from '../compile/access-contradictions';
import { contradiction, emptiness, jointContradiction } from '../compile/access-contradictions';
import type { AccessRule } from '../model/access';
import { isEnforced } from '../model/access';
import type { Scope } from '../model/scope';
import { maySelect, scopeKey } from '../model/scope';

interface Added extends PlacedRule {
  readonly scope: Scope;
}

/**
 * All access rules of an App. A rule is compared with the other rules of its pods and with those of the namespace and the mesh around them,
 * so that a contradiction throws at the later statement. Rules of a waypoint are compared with each other, because no policy of a
 * namespace or of the mesh applies to waypoints.
 */
export class AccessRules {
  public static of(at: IConstruct): AccessRules {
    const state = AppState.of(at);
    return state.one('accessRules', () => new AccessRules(state));
  }

  private readonly ofPods = new Map<string, Added[]>();
  private readonly byNamespace = new Map<string, Added[]>();
  private readonly ofNamespaces = new Map<string, Added[]>();
  private readonly ofWaypoints = new Map<string, Added[]>();
  private readonly ofMesh: Added[] = [];
  private readonly all: Added[] = [];

  private constructor(private readonly state: AppState) {}

  /** Adds a rule about the pods of a scope, if it is enforced. Throws if it contradicts another one. */
  public add(scope: Scope, rule: AccessRule, podPorts?: readonly number[]): void {
    const added = { scope, rule, podPorts };
    const empty = emptiness(rule);
    if (empty !== undefined) this.state.fail(rule.path, empty);
    if (!isEnforced(rule)) return;
    for (const other of this.overlapping(scope)) {
      const cause = contradiction(added, other);
      if (cause !== undefined) this.state.fail(rule.path, cause);
    }
    for (const pods of [scope, ...this.scopesWithin(scope)]) {
      const cause = jointContradiction(added, this.around(pods));
      if (cause !== undefined) this.state.fail(rule.path, cause);
    }
    if (scope.kind === 'waypoint') {
      addToGroup(this.ofWaypoints, scopeKey(scope), added);
      return;
    }
    this.all.push(added);
    if (scope.kind === 'mesh') {
      this.ofMesh.push(added);
    } else if (scope.kind === 'namespace') {
      addToGroup(this.ofNamespaces, scope.namespace, added);
    } else {
      addToGroup(this.ofPods, scopeKey(scope), added);
      addToGroup(this.byNamespace, scope.namespace, added);
    }
  }

  /** The rules about all pods of a namespace. */
  public aboutAll(namespace: string): readonly AccessRule[] {
    return [...this.ofMesh.map(({ rule }) => rule), ...this.ofNamespace(namespace)];
  }

  /** The rules about a namespace alone. */
  public ofNamespace(namespace: string): readonly AccessRule[] {
    return (this.ofNamespaces.get(namespace) ?? []).map(({ rule }) => rule);
  }

  /** The rules about the pods of a workload, by ports of the pods. */
  public aboutPods(scope: Scope): readonly AccessRule[] {
    return (this.ofPods.get(scopeKey(scope)) ?? []).map(({ rule, podPorts }) => ({ ...rule, ports: undefined, containerPorts: podPorts }));
  }

  /** The rules about other labels, which the pods of a workload may have too. */
  public besidePods(pods: Scope, rootNamespace: string): readonly AccessRule[] {
    return this.all.filter(({ scope }) => scope.kind === 'workload' && [pods.namespace, rootNamespace].includes(scope.namespace)
      && scopeKey(scope) !== scopeKey(pods) && maySelect(scope, pods)).map(({ rule }) => rule);
  }

  /** The rules about the pods of a workload, and about all pods around them. */
  public about(scope: Scope): readonly AccessRule[] {
    return [...this.aboutAll(scope.namespace), ...(this.ofPods.get(scopeKey(scope)) ?? []).map(({ rule }) => rule)];
  }

  /**
   * The rules that may be about the pods that a policy of the root namespace selects: those of a namespace where they may be, and those of
   * labels that they may have.
   */
  public maybeAbout(pods: Scope): readonly AccessRule[] {
    return this.all.filter(({ scope }) => scope.kind === 'namespace' || (scope.kind === 'workload' && maySelect(scope, pods)))
      .map(({ rule }) => rule);
  }

  /** The scopes of rules about some of the pods of a scope. */
  private scopesWithin({ kind, namespace }: Scope): readonly Scope[] {
    if (kind === 'workload' || kind === 'waypoint') return [];
    const narrower = kind === 'mesh' ? this.all : this.byNamespace.get(namespace) ?? [];
    return [...new Map(narrower.map(({ scope }) => [`${scope.kind} ${scopeKey(scope)}`, scope])).values()];
  }

  /** The rules about all pods of a scope. */
  private around(scope: Scope): readonly Added[] {
    if (scope.kind === 'mesh') return this.ofMesh;
    if (scope.kind === 'waypoint') return this.ofWaypoints.get(scopeKey(scope)) ?? [];
    const wide = [...this.ofMesh, ...this.ofNamespaces.get(scope.namespace) ?? []];
    return scope.kind === 'namespace' ? wide : [...wide, ...this.ofPods.get(scopeKey(scope)) ?? []];
  }

  private overlapping(scope: Scope): readonly Added[] {
    const { kind, namespace } = scope;
    if (kind === 'mesh') return this.all;
    if (kind === 'waypoint') return this.ofWaypoints.get(scopeKey(scope)) ?? [];
    const wide = [...this.ofMesh, ...this.ofNamespaces.get(namespace) ?? []];
    return [...wide, ...(kind === 'namespace' ? this.byNamespace.get(namespace) : this.ofPods.get(scopeKey(scope))) ?? []];
  }
}
