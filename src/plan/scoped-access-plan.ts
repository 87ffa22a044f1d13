import type { Construct, IConstruct } from 'constructs';
import { Environment } from './environment';
import type { Scope } from './scope';
import { ScopedObject, describeScope, keyOf } from './scope';
import { ScopedObjects } from './scoped-objects';
import type { MutualTlsMode } from '../traffic/mutual-tls-mode';
import { fail } from '../traffic/problem';

interface Mode {
  readonly value: MutualTlsMode;
  readonly path: string;
}

/** What holds for all pods of the mesh or of a namespace, unless their own service says otherwise. */
export class ScopedAccessPlan {
  public static of(by: Construct, scope: Scope): ScopedAccessPlan {
    const environment = Environment.of(by);
    return environment.one(`access/${keyOf(scope)}`, () => {
      const plan = new ScopedAccessPlan(scope, by);
      environment.one('scopedAccess', (): ScopedAccessPlan[] => []).push(plan);
      return plan;
    });
  }

  public readonly peers: ScopedObject;
  public readonly authorization: ScopedObject;
  public mode?: Mode;
  private denied?: string;

  private constructor(public readonly scope: Scope, by: Construct) {
    const object = (kind: string, spec: () => object) => new ScopedObject(kind, scope, ScopedObjects.of(by, kind), spec);
    this.peers = object('PeerAuthentication', () => ({ mtls: { mode: this.mode!.value } }));
    this.authorization = object('AuthorizationPolicy', () => ({}));
  }

  public addMode(path: string, value: MutualTlsMode): void {
    const { mode } = this;
    if (mode && mode.value !== value) {
      fail(path, `mode ${value} for ${describeScope(this.scope)} disagrees with ${mode.value}, which ${mode.path} states; state one mode a scope`);
    }
    if (!mode || path < mode.path) this.mode = { value, path };
  }

  public deny(path: string): void {
    if (this.denied !== undefined) {
      fail(path, `denyByDefault for ${describeScope(this.scope)} is already stated by ${this.denied}; state it once`);
    }
    this.denied = path;
  }
}

/** The mode that a namespace's pods get where nothing says otherwise for them, if anybody stated it. */
export function scopedMode(at: IConstruct, namespace: string): Mode | undefined {
  const plans = Environment.of(at).one('scopedAccess', (): ScopedAccessPlan[] => []);
  return (plans.find(({ mode, scope }) => mode && scope.kind === 'namespace' && scope.namespace === namespace)
    ?? plans.find(({ mode, scope }) => mode && scope.kind === 'mesh'))?.mode;
}
