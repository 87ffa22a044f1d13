import type { Construct } from 'constructs';
import type { GatewayPods } from './gateway-tokens';
import { mayVerifyTokens } from './gateway-tokens';
import type { HostFacts } from './host-plan';
import { HostPlan } from './host-plan';
import { claimPaths } from '../compile/claim-checks';
import type { CompiledHost } from '../model/host-model';
import { publicVirtualService } from '../render/public-virtual-service';

/** A host on a gateway. */
export class PublicHostPlan extends HostPlan {
  constructor(
    private readonly by: Construct, facts: HostFacts, private readonly gateway: string,
    private readonly pods: () => GatewayPods | undefined,
  ) {
    super(by, facts);
  }

  protected errorsOf(host: CompiledHost): string[] {
    return [...host.errors, ...this.tokenErrors(host)];
  }

  /** Statements about claims at a gateway that verifies no tokens. */
  private tokenErrors(host: CompiledHost): string[] {
    const paths = claimPaths(host);
    const pods = this.pods();
    if (paths.length === 0 || !pods || mayVerifyTokens(this.by, pods)) return [];
    return paths.map(path => `${path} matches claims of tokens, but nothing verifies tokens at the gateway '${this.gateway}' of ${host.host}, `
      + 'so that no claim has a value; add a TokenAuthentication with this gateway');
  }

  protected specOf(host: CompiledHost): object {
    return publicVirtualService(host, this.gateway);
  }
}
