import { isIP } from 'node:net';
import type { Filtered } from './access-filters';
import { filtered, withClaimHeaders } from './access-filters';
import type { CallerFacts } from './caller';
import { peerOf } from './caller';
import type { Transport } from './connection-transport';
import type { AccessFacts, Peer } from './facts';
import type { TakingPod, TakingPods } from './taking-pods';
import type { AccessVerdict } from './verdict';
import { ALLOWED } from './verdict';
import { connectionManagerOf } from '../../envoy/filter-chains';
import type { Proxy } from '../../envoy/proxy';
import type { FilterChain, Listener } from '../../envoy/xds/listener';
import { receive } from '../connection-manager';
import { chainFor } from '../listeners';
import type { Request } from '../request';

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
  readonly token: AccessFacts['token'];
  /** The headers that tell the claims of a token that the gateway verified. */
  readonly claimHeaders: readonly string[];
}

/** Protocols of the handshake and of the first bytes, by which filter chains are selected. */
const PROTOCOLS = {
  mesh: { http: ['istio-http/1.1'], bytes: ['istio-peer-exchange', 'istio'] },
  plain: { http: ['http/1.1'], bytes: [] },
} as const;

/** Who may call, for the calls of one proxy. */
export class CallAccess {
  private readonly peer: Peer;

  constructor(private readonly pods: TakingPods, private readonly caller: Proxy, private readonly facts: CallerFacts) {
    this.peer = peerOf(facts, caller.namespace, pods.identitiesOf(caller), pods.trustDomain);
  }

  /** The token with which a caller starts. */
  public get token(): AccessFacts['token'] {
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
    const filters = connectionManagerOf(chain)?.httpFilters ?? chain.filters ?? [];
    const external =
      request && !request.generated?.has('x-envoy-external-address') ? request.headers.get('x-envoy-external-address')?.[0] : undefined;
    const asksForCertificate = chain.transportSocket?.typedConfig.requireClientCertificate === true;
    return filtered(filters, {
      request,
      peer: asksForCertificate ? 'unknown' : 'none',
      directAddress: sourceAddress,
      remoteAddress: request ? external : sourceAddress,
      port: listener.address?.socketAddress?.portValue ?? 0,
      serverName,
      token: this.token,
    }, this.stated);
  }

  /** What the pods behind a destination decide; undefined where nothing is known of them. */
  public atPods(outgoing: Outgoing): AccessVerdict | undefined {
    const pods = this.pods.of(outgoing.host, outgoing.port, outgoing.endpoints);
    const [first, ...others] = pods.map(pod => this.atPod(pod, outgoing));
    if (first === undefined || others.every(({ outcome }) => outcome === first.outcome)) return first;
    const differing = others.find(({ outcome }) => outcome !== first.outcome)!;
    return { outcome: 'undecided', why: `the pods differ: some are ${first.outcome}, and others ${differing.outcome}`, missed: [] };
  }

  private get stated() {
    return { authorizer: this.facts.authorizer, now: Date.now() / 1000 };
  }

  private atPod(pod: TakingPod, outgoing: Outgoing): AccessVerdict {
    const isPlain =
      this.facts.plaintext === true || outgoing.transport === 'plaintext' || (outgoing.transport === 'automatic' && !takesMeshTls(pod));
    const isMesh = !isPlain && outgoing.transport !== 'other TLS';
    const what = outgoing.request ? 'http' : 'bytes';
    const protocols = isMesh ? PROTOCOLS.mesh[what] : isPlain ? PROTOCOLS.plain[what] : [];
    const chain = chainFor(listenerOf(pod), { port: pod.port, tls: !isPlain, serverName: outgoing.serverName, protocols });
    if (!chain) return { outcome: 'reset', why: resetReason(isPlain), missed: [] };
    if (chain.transportSocket && !isMesh) {
      return { outcome: 'undecided', why: 'whether the pods accept the certificate of the caller is not known', missed: [] };
    }
    const peer = chain.transportSocket ? this.peer : 'none';
    return this.atChain(chain, pod, outgoing, peer, isPlain ? '' : outgoing.serverName);
  }

  private atChain(chain: FilterChain, { port }: TakingPod, outgoing: Outgoing, peer: Peer, serverName: string | undefined): AccessVerdict {
    const manager = connectionManagerOf(chain);
    const directAddress = this.caller.type === 'sidecar' ? outgoing.sourceAddress : undefined;
    const common = { peer, directAddress, port, serverName, token: outgoing.token };
    if (!manager) return filtered(chain.filters ?? [], { ...common, remoteAddress: directAddress }, this.stated).verdict;
    const filters = manager.httpFilters ?? [];
    if (!filters.some(({ name }) => /\.(?:rbac|jwt_authn)$/.test(name))) return ALLOWED;
    if (!outgoing.request) {return { outcome: 'undecided', why: 'the pods read requests on the connection, which are not known', missed: [] };}
    const received = receive(withClaimHeaders(outgoing.request, outgoing.claimHeaders), 'HTTP/1.1', manager, chain);
    if (received.rejection) return ALLOWED;
    const request = withGenerated(received.request, withClaimHeaders(outgoing.request, outgoing.claimHeaders));
    return filtered(filters, { ...common, request, remoteAddress: forwardedAddress(request, directAddress) }, this.stated).verdict;
  }
}

function listenerOf({ config, port }: TakingPod): Listener {
  const [virtualInbound, ...own] = config.listeners;
  return own.find(({ address }) => address?.socketAddress?.portValue === port) ?? virtualInbound;
}

/** Whether automatic mutual TLS is used: unless the pods accept plaintext alone. */
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
