import type { Construct } from 'constructs';
import { Environment } from './environment';
import type { Scope } from './scope';
import { ScopedObject, describeScope, keyOf, selectorOf } from './scope';
import { ScopedObjects } from './scoped-objects';
import type { SidecarSpec } from '../../imports/networking.istio.io';
import type { OutboundTrafficMode } from '../traffic/outbound-traffic-mode';
import { fail } from '../traffic/problem';

/**
 * The one Sidecar of a scope. Sidecars never merge in Istio: a narrower one hides the wider, and a mode that it leaves out falls back to the
 * mesh config. So each restates what the wider scopes state.
 */
export class SidecarPlan {
  /** The plan of a scope, of which there is one in an App. */
  public static of(by: Construct, scope: Scope, rootNamespace: string): SidecarPlan {
    return SidecarPlan.in(Environment.of(by), scope, rootNamespace);
  }

  private static in(environment: Environment, scope: Scope, rootNamespace: string): SidecarPlan {
    return environment.one(`sidecar/${keyOf(scope)}`, () => new SidecarPlan(environment, scope, rootNamespace));
  }

  public readonly object: ScopedObject;
  private mode?: { readonly value: OutboundTrafficMode; readonly path: string };
  private readonly allowed = new Set<string>();

  private constructor(private readonly environment: Environment, private readonly scope: Scope, private readonly rootNamespace: string) {
    this.object = new ScopedObject('Sidecar', scope, ScopedObjects.in(environment, 'Sidecar'), () => this.render());
  }

  public add(path: string, mode: OutboundTrafficMode | undefined, allow: readonly string[] | undefined): void {
    if (mode !== undefined && this.mode && this.mode.value !== mode) {
      fail(path, `mode ${mode} for ${describeScope(this.scope)} disagrees with ${this.mode.value}, which ${this.mode.path} states; `
        + 'state one mode a scope, or narrow one of the scopes');
    }
    if (mode !== undefined) this.mode ??= { value: mode, path };
    allow?.forEach(host => this.allowed.add(host));
  }

  /** The plans that hold for the scope, the widest first. */
  private chain(): readonly SidecarPlan[] {
    const scopes: Scope[] = [{ kind: 'mesh', namespace: this.rootNamespace }];
    if (this.scope.kind === 'workload') scopes.push({ kind: 'namespace', namespace: this.scope.namespace });
    if (this.scope.kind !== 'mesh') scopes.push(this.scope);
    return scopes.map(scope => SidecarPlan.in(this.environment, scope, this.rootNamespace));
  }

  private render(): SidecarSpec {
    const chain = this.chain();
    const mode = chain.map(plan => plan.mode?.value).filter(value => value !== undefined).pop();
    const allowed = new Set(chain.flatMap(plan => [...plan.allowed]));
    const labels = selectorOf(this.scope);
    return {
      workloadSelector: labels && { labels },
      egress: allowed.size > 0 ? [{ hosts: this.hosts(allowed) }] : undefined,
      outboundTrafficPolicy: mode && ({ mode: mode as string } as SidecarSpec['outboundTrafficPolicy']),
    };
  }

  /** The own and the root namespace, and of the rest what no namespace of the list holds already: Istio warns of what is named twice. */
  private hosts(allowed: ReadonlySet<string>): string[] {
    const own = this.scope.kind === 'mesh' ? undefined : this.scope.namespace;
    const namespaceOf = (host: string) => host.slice(0, host.indexOf('/'));
    const rest = [...allowed].filter(host => namespaceOf(host) !== own && namespaceOf(host) !== this.rootNamespace)
      .filter(host => host.endsWith('/*') || !allowed.has(`${namespaceOf(host)}/*`));
    return ['./*', ...(own === this.rootNamespace ? [] : [`${this.rootNamespace}/*`]), ...rest.sort()];
  }
}
