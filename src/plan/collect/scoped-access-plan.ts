import type { Construct, IConstruct } from 'constructs';
import { AccessRules } from './access-rules';
import { AppState } from './app-state';
import type { ScopedContent } from './scoped-object';
import { ScopedObject } from './scoped-object';
import { ScopedObjects } from './scoped-objects';
import { tokenAdded } from './token-rules';
import type { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { AccessRule, PolicyPart, StatedMode, TokenRule } from '../model/access';
import { annotationsOf, partOf, POLICY_PARTS, policyName } from '../model/access';
import type { Scope } from '../model/scope';
import { scopeFields, scopeKey, scopeName } from '../model/scope';
import { scopedPeerAuthentication } from '../render/access';
import { authorizationPolicy } from '../render/authorization-policy';
import { requestAuthentication } from '../render/request-authentication';

/** The access settings of all pods of the mesh, of a namespace or of a gateway, or of a waypoint. */
export class ScopedAccessPlan {
  public static of(by: Construct, scope: Scope): ScopedAccessPlan {
    const state = AppState.of(by);
    return state.one(`access/${scopeKey(scope)}`, () => {
      const plan = new ScopedAccessPlan(state, scope);
      state.one('scopedAccess', (): ScopedAccessPlan[] => []).push(plan);
      return plan;
    });
  }

  /** All plans of the App. */
  public static all(by: IConstruct): readonly ScopedAccessPlan[] {
    return AppState.of(by).one('scopedAccess', (): ScopedAccessPlan[] => []);
  }

  public readonly peers: ScopedObject;
  public readonly requests: ScopedObject;
  public mode?: StatedMode;
  /** The path of the construct that denies all callers. */
  public denial?: string;
  private readonly rules: AccessRule[] = [];
  private readonly tokens: TokenRule[] = [];
  /** The path of the construct that tries to deny all callers. */
  private tried?: string;
  private readonly policies = new Map<PolicyPart, ScopedObject>();

  private constructor(private readonly state: AppState, public readonly scope: Scope) {
    this.peers = this.object('PeerAuthentication', { spec: () => scopedPeerAuthentication(this.mode!.value) });
    this.requests = this.object('RequestAuthentication', { spec: () => this.selecting(requestAuthentication(this.tokens)) });
  }

  /** Whether the pods of the scope verify tokens. */
  public get verifiesTokens(): boolean {
    return this.tokens.length > 0;
  }

  /** Adds a rule to the AuthorizationPolicy of its action. */
  public addRule(by: Construct, rule: AccessRule, name: string | undefined): void {
    AccessRules.of(by).add(this.scope, rule, rule.containerPorts);
    this.rules.push(rule);
    this.contribute(by, partOf(rule), name);
  }

  public addToken(by: Construct, token: TokenRule, name: string | undefined): void {
    tokenAdded(this.state, this.tokens, token, scopeName(this.scope));
    this.requests.contribute(by, name);
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

  /** Denies all callers that no rule allows: an AuthorizationPolicy without rules. `isDryRun` only reports whom it would deny. */
  public deny(by: Construct, name: string | undefined, isDryRun: boolean): void {
    const { path } = by.node;
    const other = isDryRun ? this.tried : this.denial;
    if (other !== undefined) this.state.fail(path, `denyByDefault for ${scopeName(this.scope)} is already set by ${other}; set it once`);
    if (isDryRun) this.tried = path;
    else this.denial = path;
    this.contribute(by, partOf({ action: 'ALLOW', isDryRun }), name);
  }

  /** Adds a statement to an AuthorizationPolicy. */
  private contribute(by: Construct, part: PolicyPart, name: string | undefined): void {
    let policy = this.policies.get(part);
    if (policy === undefined) {
      policy = this.object('AuthorizationPolicy', {
        spec: () => {
          const own = this.rules.filter(rule => partOf(rule) === part);
          return this.selecting(own.length === 0 ? {} : authorizationPolicy(own));
        },
        nameOf: stated => policyName(stated, part),
        annotations: annotationsOf(part),
      });
      this.policies.set(part, policy);
    }
    policy.contribute(by, name, `${POLICY_PARTS.indexOf(part)}`);
  }

  private selecting(spec: object): object {
    return { ...scopeFields(this.scope), ...spec };
  }

  private object(kind: string, content: ScopedContent): ScopedObject {
    return new ScopedObject(kind, this.scope, ScopedObjects.in(this.state, kind), content);
  }
}

/** The path of the construct that denies all callers of the pods in a namespace, if any does. */
export function scopedDenial(at: IConstruct, namespace: string): string | undefined {
  const plans = ScopedAccessPlan.all(at);
  return plans.find(({ denial, scope }) => denial !== undefined
    && (scope.kind === 'mesh' || (scope.kind === 'namespace' && scope.namespace === namespace)))?.denial;
}

/** The default mode of the pods in a namespace, if any construct sets it. */
export function scopedMode(at: IConstruct, namespace: string): StatedMode | undefined {
  const plans = ScopedAccessPlan.all(at);
  return (plans.find(({ mode, scope }) => mode && scope.kind === 'namespace' && scope.namespace === namespace)
    ?? plans.find(({ mode, scope }) => mode && scope.kind === 'mesh'))?.mode;
}
