import type { Construct } from 'constructs';
import { AppState } from './app-state';
import { ScopedObject } from './scoped-object';
import { ScopedObjects } from './scoped-objects';
import type { OutboundTrafficMode } from '../../traffic/outbound-traffic-mode';
import type { Scope } from '../model/scope';
import { scopeKey, scopeName } from '../model/scope';
import { sidecar } from '../render/sidecar';

/**
 * The Sidecar of a scope. Istio does not merge Sidecars: a narrower one hides the wider one, and a missing mode falls back to MeshConfig.
 * Each Sidecar therefore repeats the settings of the wider scopes.
 */
export class SidecarPlan {
  /** The plan of a scope. An App has one per scope. */
  public static of(by: Construct, scope: Scope, rootNamespace: string): SidecarPlan {
    return SidecarPlan.in(AppState.of(by), scope, rootNamespace);
  }

  private static in(state: AppState, scope: Scope, rootNamespace: string): SidecarPlan {
    return state.one(`sidecar/${scopeKey(scope)}`, () => new SidecarPlan(state, scope, rootNamespace));
  }

  public readonly object: ScopedObject;
  private mode?: { readonly value: OutboundTrafficMode; readonly path: string };
  private readonly allowed = new Set<string>();

  private constructor(private readonly state: AppState, private readonly scope: Scope, private readonly rootNamespace: string) {
    this.object = new ScopedObject('Sidecar', scope, ScopedObjects.in(state, 'Sidecar'), { spec: () => this.render() });
  }

  public add(path: string, mode: OutboundTrafficMode | undefined, allow: readonly string[] | undefined): void {
    if (mode !== undefined && this.mode && this.mode.value !== mode) {
      this.state.fail(path, `mode ${mode} for ${scopeName(this.scope)} differs from ${this.mode.value}, which ${this.mode.path} sets; `
        + 'use one mode per scope, or narrow one of the scopes');
    }
    if (mode !== undefined) this.mode ??= { value: mode, path };
    allow?.forEach(host => this.allowed.add(host));
  }

  /** The plans that apply to the scope, the widest first. */
  private chain(): readonly SidecarPlan[] {
    const scopes: Scope[] = [{ kind: 'mesh', namespace: this.rootNamespace }];
    if (this.scope.kind === 'workload') scopes.push({ kind: 'namespace', namespace: this.scope.namespace });
    if (this.scope.kind !== 'mesh') scopes.push(this.scope);
    return scopes.map(scope => SidecarPlan.in(this.state, scope, this.rootNamespace));
  }

  private render(): object {
    const chain = this.chain();
    const mode = chain.map(plan => plan.mode?.value).filter(value => value !== undefined).pop();
    const allowed = new Set(chain.flatMap(plan => [...plan.allowed]));
    return sidecar({ scope: this.scope, rootNamespace: this.rootNamespace, mode, allowed });
  }
}
