import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { HostPlan } from './host-plan';
import { istioObject } from './istio-object';
import { publicOrigin, publicRoutes } from './render';
import type { VirtualServiceSpec } from '../../imports/networking.istio.io';
import { describeCondition } from '../manifest/match-algebra';
import { fail } from '../traffic/problem';

/** The delegate's VirtualService: what it is called, and whose routes it becomes part of. */
export interface DelegateFacts {
  readonly host: string;
  readonly pathPrefix?: string;
  readonly name: string;
  readonly namespace: string;
  /** The namespace of the root's VirtualService, to which it has to be visible. */
  readonly rootNamespace: string;
}

/** The routes of a delegate: a VirtualService without hosts and gateways, which Istio merges into the root's. */
export class DelegatePlan {
  public readonly host: HostPlan;
  private object?: ApiObject;

  constructor(private readonly owner: Construct, private readonly facts: DelegateFacts) {
    this.host = new HostPlan(owner.node.path, facts.host, () => this.resource, { range: facts.pathPrefix ?? '/' });
  }

  public get resource(): ApiObject {
    const { name, namespace } = this.facts;
    return this.object ??= istioObject(this.owner, 'Resource', {
      kind: 'VirtualService', name, namespace, spec: () => this.spec(), origin: () => publicOrigin(this.host),
    });
  }

  /** What Istio would drop. Judged only where the services are sound, or nothing could be said of their entries. */
  public judge(): readonly string[] {
    const { pathPrefix = '/', host } = this.facts;
    if (!this.host.isExposed || !this.host.isSound) return [];
    if (pathPrefix === '/') return this.host.judge();
    return [...this.host.judge(), ...new Set(this.host.blocks().flatMap(({ entries }) => entries.flatMap(({ terms, route, cohort }) => terms
      .filter(({ uri }) => uri?.ignoreCase || uri?.regex !== undefined)
      .map(({ uri }) => `${cohort?.path ?? route.path} matches the path ${describeCondition(uri)}${uri!.ignoreCase ? ' in any case' : ''}, which Istio drops from the delegate of `
        + `'${pathPrefix}' on ${host}; use a prefix or an exact path in one case, or limit the statement to Audience.mesh()`))))].sort();
  }

  private spec(): VirtualServiceSpec {
    const errors = this.judge();
    if (errors.length > 0) fail(this.owner, errors.join('\n'));
    const { rootNamespace, namespace } = this.facts;
    return { exportTo: [rootNamespace === namespace ? '.' : rootNamespace], http: publicRoutes(this.host) };
  }
}
