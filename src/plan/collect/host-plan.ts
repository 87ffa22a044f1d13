import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { AppState } from './app-state';
import { istioObject } from './istio-object';
import type { ServicePlan } from './service-plan';
import { compileHost, entriesOf, leadsTo } from '../compile/compile-host';
import { hostCookieErrors } from '../compile/cookie-checks';
import type { PublicHostAudience } from '../model/audience';
import type { Exposure, Handover } from '../model/exposure';
import { segmentOf } from '../model/exposure';
import type { CompiledHost, ExposedService } from '../model/host-model';
import { publicOrigin } from '../render/route-origins';

/** The facts about a host from its owner. */
export interface HostFacts {
  readonly host: string;
  /** The name and namespace of its VirtualService. */
  readonly name: string;
  readonly namespace: string;
  /** The public hosts of the gateway workload. */
  readonly siblings?: ReadonlySet<string>;
  /** The identity of the gateway's pods. */
  readonly identity?: string;
  /** The delegated path, if the host is a delegate. */
  readonly range?: string;
}

/** An exposure, and the plan of its service. */
interface Exposed {
  readonly exposure: Exposure;
  readonly plan: ServicePlan;
}

/** Collects the exposures and delegations of a host, and owns the VirtualService of the host. */
export abstract class HostPlan {
  /** The audience of the host. */
  public readonly audience: PublicHostAudience;
  /** By path segment. */
  private readonly exposures = new Map<string, Exposed>();
  private readonly handovers = new Map<string, Handover>();
  /** Exposures of connections, by gateway port. */
  private readonly byListener = new Map<number, Exposed>();
  private cached?: { readonly revision: number; readonly host: CompiledHost };
  private object?: ApiObject;

  private readonly state: AppState;
  /** All plans of the App for this host: of public hosts and of delegates. */
  private readonly parts: HostPlan[];

  protected constructor(private readonly owner: Construct, private readonly facts: HostFacts) {
    this.state = AppState.of(owner);
    this.audience = { path: owner.node.path, host: facts.host, siblings: facts.siblings, identity: facts.identity };
    this.parts = this.state.one(`parts of ${facts.host}`, () => []);
    this.parts.push(this);
  }

  public get isExposed(): boolean {
    return this.exposures.size > 0 || this.handovers.size > 0 || this.byListener.size > 0;
  }

  /** All errors of the host as a whole, for the validation of cdk8s. */
  public validate(): string[] {
    return [...this.errorsOf(this.compiled), ...this.sharedCookieErrors()];
  }

  /** The VirtualService, created on first use. */
  public virtualService(): ApiObject {
    const { name, namespace } = this.facts;
    return this.object ??= istioObject(this.owner, 'Resource', {
      kind: 'VirtualService',
      name,
      namespace,
      spec: () => this.specOf(this.refuseUnsound()),
      origin: () => publicOrigin(this.refuseUnsound()),
    });
  }

  /** Routes a path, or a TCP or TLS listener, to a service. */
  public expose(stated: Exposure, plan: ServicePlan): void {
    if (stated.listener === undefined) this.exposePath(stated, plan);
    else this.exposeListener(stated, stated.listener, plan);
    this.virtualService();
  }

  /** Delegates a part of the host. */
  public handOver(handover: Handover): void {
    this.claim(handover);
    const other = [...this.handovers.values()].find(({ name }) => name === handover.name);
    if (other) {
      this.state.fail(handover.path, `the route name '${handover.name}' on ${this.facts.host} is already taken by ${other.path}; `
        + 'use a different construct id');
    }
    this.handovers.set(segmentOf(handover), handover);
    this.virtualService();
  }

  protected abstract errorsOf(host: CompiledHost): string[];
  protected abstract specOf(host: CompiledHost): object;

  /** Whether the services have no errors, so their entries are known. */
  protected get areServicesSound(): boolean {
    return [...this.exposures.values()].every(({ plan }) => plan.compiled.errors.length === 0);
  }

  /** The errors of cookies that several parts of the host set. One part reports them. */
  private sharedCookieErrors(): string[] {
    if (this.parts.length === 1 || this.parts[0] !== this) return [];
    const parts = [...this.parts].sort((a, b) => (a.audience.path < b.audience.path ? -1 : 1));
    const found = new Set(parts.flatMap(part => part.compiled.errors));
    const exposed = parts.flatMap(part => [...part.exposures.values()].map(compiledOf));
    return hostCookieErrors(this.facts.host, exposed.flatMap(entriesOf), exposed.map(({ service }) => service))
      .filter(error => !found.has(error));
  }

  private exposePath(stated: Exposure, plan: ServicePlan): void {
    const { host, range = '/' } = this.facts;
    const exposure = { ...stated, pathPrefix: stated.pathPrefix ?? (range === '/' ? undefined : range) };
    if (!`${segmentOf(exposure)}/`.startsWith(`${segmentOf({ pathPrefix: range })}/`)) {
      this.state.fail(exposure.path, `pathPrefix '${exposure.pathPrefix ?? '/'}' is outside '${range}', `
        + `the only path of ${host} that is delegated here, so Istio would drop it; `
        + 'use a path below it, or omit pathPrefix');
    }
    this.claim(exposure);
    plan.addExposure(exposure);
    this.exposures.set(segmentOf(exposure), { exposure, plan });
  }

  private exposeListener(exposure: Exposure, listener: number, plan: ServicePlan): void {
    const other = this.byListener.get(listener);
    if (other) {
      this.state.fail(exposure.path, `the listener at port ${listener} of ${this.facts.host} already routes to '${other.plan.facts.host}' `
        + `(${other.exposure.path}), `
        + 'and a listener has one service per host; use a different listener or public host');
    }
    plan.addExposure(exposure);
    this.byListener.set(listener, { exposure, plan });
  }

  private claim(part: Exposure | Handover): void {
    const segment = segmentOf(part);
    const exposed = this.exposures.get(segment);
    const other = exposed ? { exposure: exposed.exposure, service: exposed.plan.facts } : this.handovers.get(segment);
    if (other) {
      this.state.fail(part.path, `the path '${segment || '/'}' of ${this.facts.host} already ${leadsTo(other)}; `
        + 'use a different pathPrefix or public host');
    }
  }

  /** The compiled host, with or without errors. Cached until the next statement about one of its services. */
  private get compiled(): CompiledHost {
    const [exposures, connections] = [[...this.exposures.values()], [...this.byListener.values()]];
    const parts = exposures.length + connections.length + this.handovers.size;
    const revision = [...exposures, ...connections].reduce((sum, { plan }) => sum + plan.revision, parts);
    if (this.cached?.revision !== revision) {
      this.cached = {
        revision,
        host: compileHost({
          audience: this.audience,
          exposures: exposures.map(compiledOf),
          handovers: [...this.handovers.values()],
          connections: connections.map(compiledOf),
        }),
      };
    }
    return this.cached.host;
  }

  /** The compiled host. Throws its errors, or those of its services. */
  private refuseUnsound(): CompiledHost {
    const { compiled } = this;
    const errors = [...this.errorsOf(compiled), ...this.sharedCookieErrors()];
    if (errors.length > 0) this.state.failAll(errors);
    for (const { plan } of [...this.exposures.values(), ...this.byListener.values()]) plan.refuseUnsound();
    return compiled;
  }
}

function compiledOf({ exposure, plan }: Exposed): ExposedService {
  return { exposure, service: plan.compiled };
}
