import type { CheckedMesh, CheckedProxy } from './checked-mesh';
import type { Entrance } from './entrances';
import type { Account, Member } from './scope';
import { keptOnTheWay } from './sent-fields';
import { connectionManagerOf } from '../envoy/filter-chains';
import type { HttpFilter } from '../envoy/xds/http-connection-manager';
import type { FilterChain } from '../envoy/xds/listener';
import type { StringMatcher } from '../envoy/xds/matcher';
import type { Route } from '../envoy/xds/route';
import { filtersGate } from '../proof/access-gate';
import { ALWAYS, unreadFormula } from '../proof/formula';
import { Gate, OPEN_GATE } from '../proof/gate';
import { transportOf } from '../simulator/access/connection-transport';
import { peerFinding } from '../simulator/access/peer-match';
import { reachedChain } from '../simulator/access/pod-access';
import type { TakingPod } from '../simulator/access/taking-pods';
import type { Destination } from '../simulator/clusters';
import { requestOf } from '../simulator/request';

/** What one set of pods denies. */
export interface PodGate {
  readonly gate: Gate;
  /** Equal for callers that the pods treat alike behind the same route. */
  readonly key: string;
}

/** Any request: which filter chain takes it depends on none of its parts. */
const ANY = requestOf('GET', 'http://any/');
const CLOSED = new Gate([{ denies: ALWAYS, of: [] }]);
const UNKNOWN = new Gate([{ denies: unreadFormula('whether the pods accept the connection'), of: [] }]);

/** Who may call, for one caller and one virtual host. */
export class DestinationAccess {
  constructor(
    private readonly mesh: CheckedMesh, private readonly proxy: CheckedProxy, private readonly entrance: Entrance,
    private readonly member: Member, private readonly account: Account, private readonly isExcepted: (identity: string) => boolean,
  ) {}

  /** What each set of pods behind a destination denies. */
  public behind(destination: Destination, route: Route): readonly PodGate[] {
    const cluster = this.proxy.simulated.clusters.get(destination.cluster);
    const open: PodGate = { gate: OPEN_GATE, key: 'open' };
    if (!this.mesh.pods.arePoliciesKnown || !cluster || destination.host === undefined) return [open];
    const { host, port = 0, endpoints, security } = destination;
    const { pods, hasOthers } = this.mesh.pods.of(host, port, endpoints);
    const transport = transportOf(cluster);
    const { peer } = this.account;
    const call = { peer, transport, serverName: security?.serverName, request: ANY, token: 'none' as const, claimHeaders: [] };
    const each = pods.map((pod): PodGate => {
      const reached = reachedChain(pod, call);
      if ('chain' in reached) return this.gateOf(reached.chain, pod, route);
      return reached.outcome === 'undecided' ? { gate: UNKNOWN, key: 'unknown' } : { gate: CLOSED, key: 'closed' };
    });
    return hasOthers || each.length === 0 ? [...each, open] : each;
  }

  /** The accounts that rules of the pods behind a destination name, which the caller may have. */
  public accountsNamed(destination: Destination): readonly string[] {
    const { host = '', port = 0, endpoints } = destination;
    const { namespace } = this.member.caller;
    const named = this.mesh.pods.of(host, port, endpoints).pods.flatMap(pod => accountsIn(pod, namespace));
    return [...new Set(named)].filter(name => !this.isExcepted(`spiffe://x/ns/${namespace}/sa/${name}`));
  }

  private gateOf(chain: FilterChain, pod: TakingPod, route: Route): PodGate {
    const known: (boolean | undefined)[] = [];
    const hasIdentity = (name: StringMatcher) => {
      const is = this.hasIdentity(name);
      known.push(is);
      return is;
    };
    const isTls = chain.transportSocket !== undefined;
    const isKept = keptOnTheWay(route, this.entrance.host, this.verifiesTokens);
    const gate = filtersGate(
      filtersOf(chain), { port: pod.port, isTls, hasCertificate: isTls, hasIdentity },
      condition => (isKept(condition) ? condition : unreadFormula(condition.field)),
    );
    return { gate, key: `${JSON.stringify(pod.proxy)} ${pod.port} ${known.join()}` };
  }

  private hasIdentity(name: StringMatcher): boolean | undefined {
    if (name.exact !== undefined && this.isExcepted(name.exact)) return false;
    return peerFinding(name, this.account.peer).met;
  }

  /** Whether the caller is a gateway that verifies tokens, which it may not forward. */
  private get verifiesTokens(): boolean {
    if (this.member.caller.type === 'sidecar') return false;
    return this.proxy.traffic.chainsOf(this.entrance.host).some(({ chain }) => filtersOf(chain).some(({ name }) => name.endsWith('.jwt_authn')));
  }
}

function filtersOf(chain: FilterChain): readonly HttpFilter[] {
  return connectionManagerOf(chain)?.httpFilters ?? [];
}

function accountsIn({ config }: TakingPod, namespace: string): string[] {
  const text = JSON.stringify(config.listeners);
  const named = text.matchAll(/"[^"/]*(?:\/\/)?[^"/]*\/ns\/([^/"]+)\/sa\/([a-z0-9.-]+)"/g);
  return [...named].flatMap(([, of, name]) => (of === namespace ? [name] : []));
}
