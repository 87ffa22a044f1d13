import type { CallerFate } from './caller-fates';
import { callerFates } from './caller-fates';
import { connectionManagerOf } from '../../envoy/filter-chains';
import type { Proxy } from '../../envoy/proxy';
import { parsePrincipal } from '../access/caller';
import type { Transport } from '../access/connection-transport';
import { verdictAtPod, verdictAtPods } from '../access/pod-access';
import type { TakingSet } from '../access/taking-pods';
import { TakingPods } from '../access/taking-pods';
import { ALLOWED } from '../access/verdict';
import { chainsOfPort, enforced } from '../access-changes/enforced';
import { entrancesWithCalls } from '../access-changes/gateway-places';
import type { Side } from '../access-changes/judged-place';
import type { Probes } from '../access-changes/probes';
import { ofConnections, probesOf } from '../access-changes/probes';
import { TransportsOfMesh } from '../access-changes/transports';
import type { TriedCall, TriedCaller } from '../access-changes/tried-calls';
import { meshCallers, triedCalls } from '../access-changes/tried-calls';

/** Who may call one port of a service or of a gateway. */
export interface PortAccess {
  readonly port: number;
  readonly fates: readonly CallerFate[];
}

/**
 * Who may call each service and each gateway, as access policies decide it. Routes count for nothing, and requests with invalid tokens are
 * left out.
 */
export class AccessMap {
  private readonly taking: TakingPods;
  private readonly transports: TransportsOfMesh;
  private readonly known = new Map<string, PortAccess['fates']>();

  /** @param haveCallersTransports Whether callers of different namespaces may connect to one service in different ways. */
  constructor(private readonly side: Side, private readonly haveCallersTransports: boolean) {
    this.taking = new TakingPods(side.translator, side.edge);
    this.transports = new TransportsOfMesh(side.translator);
  }

  /** The callers of the ports of a service; undefined if none of its pods has a sidecar. */
  public ofService(host: string, ports: readonly number[]): readonly PortAccess[] | undefined {
    const sets = ports.map(port => ({ port, set: this.taking.at(host, port) })).filter(({ set }) => set.pods.length > 0);
    if (sets.length === 0) return undefined;
    const { identities, ofIdentities } = probesOf(sets.flatMap(({ set }) => set.pods.flatMap(chainsOfPort)), this.trustDomain);
    return sets.map(({ port, set }) => {
      const transportOf = (id: string) => this.transportOf(id, host, port);
      const callers = meshCallers({ identities, ofIdentities }, this.side.translator.identities, this.trustDomain, transportOf);
      return { port, fates: this.fatesAt(host, port, set, callers) };
    });
  }

  /** The callers of the ports of a gateway. */
  public ofGateway(gateway: Proxy): readonly PortAccess[] {
    const entrances = entrancesWithCalls(this.side, gateway, withoutInvalidTokens);
    return entrances.map(({ port, tried, verdictOf }) => ({ port, fates: callerFates(tried, verdictOf) }));
  }

  private get trustDomain(): string {
    return this.side.translator.trustDomain;
  }

  private transportOf(id: string, host: string, port: number): Transport {
    return this.transports.of(host, port, this.haveCallersTransports ? parsePrincipal(id)?.namespace : undefined);
  }

  private fatesAt(host: string, port: number, { pods, hasOthers }: TakingSet, callers: readonly TriedCaller[]): readonly CallerFate[] {
    const chains = pods.flatMap(chainsOfPort);
    const { mayHaveProvider } = this.taking;
    const transportOf = (peer: TriedCaller['peer']) => (typeof peer === 'string' ? 'plaintext' : this.transportOf(peer.id, host, port));
    const ways = callers.map(({ names, peer }) => [names, transportOf(peer)]);
    const key = JSON.stringify([hasOthers, ways, pods.map(pod => [pod.port, enforced(chainsOfPort(pod))])]);
    const known = this.known.get(key);
    if (known) return known;
    const probes = withoutInvalidTokens(probesOf(chains, this.trustDomain));
    const readsRequests = chains.some(chain => connectionManagerOf(chain) !== undefined);
    const tried = triedCalls(readsRequests ? probes : ofConnections(probes), callers, { host, readsRequests });
    const verdictOf = ({ peer, request, address, token }: TriedCall) => {
      const call = { peer, request, token, directAddress: address, claimHeaders: [], transport: transportOf(peer) };
      return verdictAtPods(pods.map(pod => verdictAtPod(pod, call, { now: 0, mayHaveProvider })), hasOthers) ?? ALLOWED;
    };
    const fates = callerFates(tried, verdictOf);
    // Where rules name hosts, another service has other hosts.
    if (probes.hostsAt(host).values.length === 1) this.known.set(key, fates);
    return fates;
  }
}

/** Every place that verifies tokens refuses invalid ones. */
function withoutInvalidTokens(probes: Probes): Probes {
  return { ...probes, tokens: probes.tokens.where(({ token }) => token !== 'invalid') };
}
