import type { Construct } from 'constructs';
import { HostPlan } from './host-plan';
import { delegateErrors } from '../compile/delegate-checks';
import type { CompiledHost } from '../model/host-model';
import { delegateVirtualService } from '../render/public-virtual-service';

/** The name of a delegate's VirtualService, and the root that it belongs to. */
export interface DelegateFacts {
  readonly host: string;
  readonly pathPrefix?: string;
  readonly name: string;
  readonly namespace: string;
  /** The namespace of the root VirtualService, to which it is exported. */
  readonly rootNamespace: string;
}

/** The routes of a delegate, which Istio merges into the root. */
export class DelegatePlan extends HostPlan {
  constructor(owner: Construct, private readonly delegate: DelegateFacts) {
    super(owner, { ...delegate, range: delegate.pathPrefix });
  }

  /** The routes that Istio would drop. Checked only if the services have no errors, because their entries are otherwise unknown. */
  protected errorsOf(host: CompiledHost): string[] {
    return this.isExposed && this.areServicesSound ? [...host.errors, ...delegateErrors(host, this.delegate.pathPrefix ?? '/')] : [];
  }

  protected specOf(host: CompiledHost): object {
    return delegateVirtualService(host, this.delegate.namespace, this.delegate.rootNamespace);
  }
}
