import type { Construct, IConstruct } from 'constructs';
import { AppState } from './app-state';
import { ScopedObject } from './scoped-object';
import { ScopedObjects } from './scoped-objects';
import type { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { StatedMode } from '../model/access';
import type { Scope } from '../model/scope';
import { scopeKey, scopeName } from '../model/scope';
import { scopedPeerAuthentication } from '../render/access';

/** The access settings of all pods of the mesh or of a namespace, unless their own service overrides them. */
export class ScopedAccessPlan {
  public static of(by: Construct, scope: Scope): ScopedAccessPlan {
    const state = AppState.of(by);
    return state.one(`access/${scopeKey(scope)}`, () => {
      const plan = new ScopedAccessPlan(state, scope);
      state.one('scopedAccess', (): ScopedAccessPlan[] => []).push(plan);
      return plan;
    });
  }

  public readonly peers: ScopedObject;
  public readonly authorization: ScopedObject;
  public mode?: StatedMode;
  /** The path of the construct that denies all callers. */
  public denial?: string;

  private constructor(private readonly state: AppState, public readonly scope: Scope) {
    const object = (kind: string, spec: () => object) => new ScopedObject(kind, scope, ScopedObjects.in(state, kind), { spec });
    this.peers = object('PeerAuthentication', () => scopedPeerAuthentication(this.mode!.value));
    this.authorization = object('AuthorizationPolicy', () => ({}));
  }

  public addMode(path: string, value: MutualTlsMode): void {
    const { mode } = this;
    if (mode && mode.value !== value) {
      this.state.fail(
        path,
        `mode ${value} for ${scopeName(this.scope)} differs from ${mode.value}, which ${mode.path} sets; use one mode per scope`,
      );
    }
    if (!mode || path < mode.path) this.mode = { value, path };
  }

  public deny(path: string): void {
    if (this.denial !== undefined) {
      this.state.fail(path, `denyByDefault for ${scopeName(this.scope)} is already set by ${this.denial}; set it once`);
    }
    this.denial = path;
  }
}

/** The path of the construct that denies all callers of the pods in a namespace, if any does. */
export function scopedDenial(at: IConstruct, namespace: string): string | undefined {
  const plans = AppState.of(at).one('scopedAccess', (): ScopedAccessPlan[] => []);
  return plans.find(({ denial, scope }) => denial !== undefined && (scope.kind === 'mesh' || scope.namespace === namespace))?.denial;
}

/** The default mode of the pods in a namespace, if any construct sets it. */
export function scopedMode(at: IConstruct, namespace: string): StatedMode | undefined {
  const plans = AppState.of(at).one('scopedAccess', (): ScopedAccessPlan[] => []);
  return (plans.find(({ mode, scope }) => mode && scope.kind === 'namespace' && scope.namespace === namespace)
    ?? plans.find(({ mode, scope }) => mode && scope.kind === 'mesh'))?.mode;
}
