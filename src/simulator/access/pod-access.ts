import { isIP } from 'node:net';
import type { Stated } from './access-filters';
import { filtered, withClaimHeaders } from './access-filters';
import type { Transport } from './connection-transport';
import type { Peer } from './facts';
import type { TakingPod } from './taking-pods';
import type { AccessVerdict } from './verdict';
import { ALLOWED } from './verdict';
import { connectionManagerOf } from '../../envoy/filter-chains';
import { chainFor } from '../../envoy/listener-selection';
import type { FilterChain, Listener } from '../../envoy/xds/listener';
import { receive } from '../connection-manager';
import type { Request } from '../request';
import type { Token } from '../token';

/** A call as it reaches pods. */
export interface PodCall {
  /** The identity of the caller, which mutual TLS shows. */
  readonly peer: Peer;
  readonly transport: Transport;
  readonly serverName?: string;
  /** Undefined for bytes. */
  readonly request?: Request;
  /** The address from which the pods see the connection. */
  readonly directAddress?: string;
  /** Whether a gateway opens the connection in place of the caller. @default false */
  readonly isFromGateway?: boolean;
  readonly token: Token;
  /** The headers that tell the claims of a token that a gateway verified. */
  readonly claimHeaders: readonly string[];
}

/** Protocols of the handshake and of the first bytes, by which filter chains are selected. */
const PROTOCOLS = {
  mesh: { http: ['istio-http/1.1'], bytes: ['istio-peer-exchange', 'istio'] },
  plain: { http: ['http/1.1'], bytes: [] },
} as const;

/** A filter chain of pods, with the call as it reaches the chain. */
export interface ReachedChain {
  readonly chain: FilterChain;
  readonly call: PodCall;
}

/** The filter chain of the port that takes a call, or what is decided without one. */
export function reachedChain(pod: TakingPod, call: PodCall): ReachedChain | AccessVerdict {
  const isPlain = call.transport === 'plaintext' || (call.transport === 'automatic' && !takesMeshTls(pod));
  const isMesh = !isPlain && call.transport !== 'other TLS';
  const what = call.request ? 'http' : 'bytes';
  const protocols = isMesh ? PROTOCOLS.mesh[what] : isPlain ? PROTOCOLS.plain[what] : [];
  const chain = chainFor(listenerOf(pod), { port: pod.port, tls: !isPlain, serverName: call.serverName, protocols });
  // A chain that does not terminate TLS reads a handshake as a broken request.
  const isBroken = !isPlain && chain !== undefined && !chain.transportSocket && connectionManagerOf(chain) !== undefined;
  if (!chain || isBroken) return { outcome: 'reset', why: resetReason(isPlain), missed: [] };
  if (chain.transportSocket && !isMesh) {
    return { outcome: 'undecided', why: 'whether the pods accept the certificate of the caller is not known', missed: [] };
  }
  return { chain, call: { ...call, peer: chain.transportSocket ? call.peer : 'none', serverName: isPlain ? '' : call.serverName } };
}

/** What pods decide about a call: first the filter chains of the port, then the filters of the chain. */
export function verdictAtPod(pod: TakingPod, call: PodCall, stated: Stated): AccessVerdict {
  const reached = reachedChain(pod, call);
  return 'chain' in reached ? verdictOfChain(reached.chain, pod.port, reached.call, stated) : reached;
}

/** What several sets of pods decide together; undefined for none. `hasOthers` says that there are pods without a sidecar. */
export function verdictAtPods([first, ...others]: readonly AccessVerdict[], hasOthers: boolean): AccessVerdict | undefined {
  if (first === undefined) return undefined;
  const differing = others.find(({ outcome }) => outcome !== first.outcome);
  if (differing) return undecided(`the call is ${first.outcome} by some, and ${differing.outcome} by others`);
  return hasOthers && first.outcome !== 'allowed' ? undecided(`the call is ${first.outcome} by some, and others have no sidecar`) : first;
}

function undecided(how: string): AccessVerdict {
  return { outcome: 'undecided', why: `the pods differ: ${how}`, missed: [] };
}

function verdictOfChain(chain: FilterChain, port: number, call: PodCall, stated: Stated): AccessVerdict {
  const manager = connectionManagerOf(chain);
  const { peer, directAddress, isFromGateway, serverName, token, claimHeaders } = call;
  const common = { peer, directAddress, isFromGateway, port, serverName, token };
  if (!manager) return filtered(chain.filters ?? [], { ...common, remoteAddress: directAddress }, stated).verdict;
  const filters = manager.httpFilters ?? [];
  if (!filters.some(({ name }) => /\.(?:rbac|jwt_authn)$/.test(name))) return ALLOWED;
  if (!call.request) return { outcome: 'undecided', why: 'the pods read requests on the connection, which are not known', missed: [] };
  const sent = withClaimHeaders(call.request, claimHeaders);
  const received = receive(sent, 'HTTP/1.1', manager, chain);
  if (received.rejection) return ALLOWED;
  const request = withGenerated(received.request, sent);
  return filtered(filters, { ...common, request, remoteAddress: forwardedAddress(request, directAddress) }, stated).verdict;
}

function listenerOf({ config, port }: TakingPod): Listener {
  const [virtualInbound, ...own] = config.listeners;
  return own.find(({ address }) => address?.socketAddress?.portValue === port) ?? virtualInbound;
}

/** Whether automatic mutual TLS is used: unless the pods accept only plaintext. */
function takesMeshTls(pod: TakingPod): boolean {
  return chainFor(listenerOf(pod), { port: pod.port, tls: true, protocols: ['istio'] })?.transportSocket !== undefined;
}

function resetReason(isPlain: boolean): string {
  return isPlain
    ? 'the pods take mutual TLS alone (STRICT), and the connection is in plaintext'
    : 'the pods take no TLS, and the connection starts with a handshake';
}

/** A request with the headers whose values an earlier proxy took from its connection. */
function withGenerated(request: Request, { generated: earlier }: Request): Request {
  const kept = [...earlier ?? []].filter(([name]) => !request.headers.has(name));
  return { ...request, generated: new Map([...kept, ...request.generated ?? []]) };
}

/** The address that a sidecar takes for that of the caller: the last one that x-forwarded-for states, else that of the connection. */
function forwardedAddress({ headers, generated }: Request, direct: string | undefined): string | undefined {
  if (generated?.has('x-forwarded-for')) return undefined;
  const last = headers.get('x-forwarded-for')?.at(-1)?.split(',').at(-1)?.trim() ?? '';
  return isIP(last) === 0 ? direct : last;
}
