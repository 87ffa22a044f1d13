import type { Construct } from 'constructs';
import { HostPlan } from './host-plan';
import { delegateErrors } from '../compile/delegate-checks';
import type { CompiledHost } from '../model/host-model';
import { delegateVirtualService } from '../render/public-virtual-service';

/** The delegate's VirtualService: what it is called, and whose routes it becomes part of. */
export interface DelegateFacts {
  readonly host: string;
  readonly pathPrefix?: string;
  readonly name: string;
  readonly namespace: string;
  /** The namespace of the root's VirtualService, to which it has to be visible. */
  readonly rootNamespace: string;
}

/** The routes of a delegate, which Istio merges into the root's. */
export class DelegatePlan extends HostPlan {
  constructor(owner: Construct, private readonly delegate: DelegateFacts) {
    super(owner, { ...delegate, range: delegate.pathPrefix });
  }

  /** What Istio would drop among them. Judged only where the services are sound, or nothing could be said of their entries. */
  protected errorsOf(host: CompiledHost): string[] {
    return this.isExposed && this.areServicesSound ? [...host.errors, ...delegateErrors(host, this.delegate.pathPrefix ?? '/')] : [];
  }

  protected specOf(host: CompiledHost): object {
    return delegateVirtualService(host, this.delegate.namespace, this.delegate.rootNamespace);
  }
}
