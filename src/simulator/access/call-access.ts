import type { Filtered, Stated } from './access-filters';
import type { CallerFacts } from './caller';
import { peerOf } from './caller';
import type { Transport } from './connection-transport';
import type { Peer } from './facts';
import { filteredAtGateway } from './gateway-access';
import { verdictAtPod, verdictAtPods } from './pod-access';
import type { TakingPods } from './taking-pods';
import type { AccessVerdict } from './verdict';
import { filteredAtWaypoint } from './waypoint-access';
import type { Proxy } from '../../envoy/proxy';
import type { FilterChain, Listener } from '../../envoy/xds/listener';
import type { Request } from '../request';
import type { Token } from '../token';

/** A request or a connection as a proxy sends it to an endpoint. */
export interface Outgoing {
  /** The host of the service, in full. */
  readonly host: string;
  /** The port of the service. */
  readonly port: number;
  readonly endpoints: readonly string[];
  readonly transport: Transport;
  readonly serverName?: string;
  /** Undefined for bytes. */
  readonly request?: Request;
  readonly sourceAddress?: string;
  readonly token: Token;
  /** The headers that tell the claims of a token that the gateway verified. */
  readonly claimHeaders: readonly string[];
}

/** Who may call, for the calls of one proxy. */
export class CallAccess {
  private readonly peer: Peer;

  constructor(private readonly pods: TakingPods, private readonly caller: Proxy, private readonly facts: CallerFacts) {
    this.peer = peerOf(facts, caller.namespace, pods.identitiesOf(caller), pods.trustDomain);
  }

  /** The token with which a caller starts. */
  public get token(): Token {
    return this.facts.token ?? 'none';
  }

  /** What the filters of a gateway's chain decide. */
  public atGateway(
    chain: FilterChain,
    listener: Listener,
    request: Request | undefined,
    serverName: string,
    sourceAddress?: string,
  ): Filtered {
    return filteredAtGateway(chain, listener, { request, serverName, sourceAddress, token: this.token }, this.stated);
  }

  /** What the filters of a waypoint's chain decide about a caller, who is not known unless `as` names it. */
  public atWaypoint(chain: FilterChain, port: number, request: Request | undefined, sourceAddress?: string): Filtered {
    const peer = this.facts.as ? this.peer : 'unknown';
    return filteredAtWaypoint(chain, { request, peer, port, sourceAddress, token: this.token }, this.stated);
  }

  /** What the pods behind a destination decide; undefined where nothing is known of them. */
  public atPods(outgoing: Outgoing): AccessVerdict | undefined {
    const { pods, hasOthers } = this.pods.of(outgoing.host, outgoing.port, outgoing.endpoints);
    const { peer, stated, caller: { type } } = this;
    const transport = this.facts.plaintext ? 'plaintext' : outgoing.transport;
    const call = { ...outgoing, peer, transport, directAddress: type === 'sidecar' ? outgoing.sourceAddress : undefined, isFromGateway: type === 'gateway' };
    return verdictAtPods(pods.map(pod => verdictAtPod(pod, call, stated)), hasOthers);
  }

  private get stated(): Stated {
    return { authorizer: this.facts.authorizer, now: Date.now() / 1000, mayHaveProvider: this.pods.mayHaveProvider };
  }
}
