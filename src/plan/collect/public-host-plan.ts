import type { Construct } from 'constructs';
import type { HostFacts } from './host-plan';
import { HostPlan } from './host-plan';
import type { CompiledHost } from '../model/host-model';
import { publicVirtualService } from '../render/public-virtual-service';

/** A host on a gateway. */
export class PublicHostPlan extends HostPlan {
  constructor(owner: Construct, facts: HostFacts, private readonly gateway: string) {
    super(owner, facts);
  }

  protected errorsOf(host: CompiledHost): string[] {
    return [...host.errors];
  }

  protected specOf(host: CompiledHost): object {
    return publicVirtualService(host, this.gateway);
  }
}
