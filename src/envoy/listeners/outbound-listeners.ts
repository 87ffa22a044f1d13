import { isIP } from 'node:net';
import type { ConnectionRoutes } from './connection-chains';
import { connectionChains } from './connection-chains';
import type { ChainPlan } from './filter-chain';
import { areAlike } from './filter-chain';
import { sidecarConnectionManager } from './http-connection-manager';
import type { ListenerSettings } from './listener';
import { PLAIN_HTTP, WILDCARD } from './listener';
import { isHttp, isTcp } from '../protocol';
import type { Protocol } from '../protocol';
import type { Service, ServicePort } from '../service';

/** A listener to which services add their chains. */
export interface OutboundEntry {
  readonly binds: readonly string[];
  readonly bindToPort: boolean;
  readonly port: number;
  protocol: Protocol;
  chains: readonly ChainPlan[];
  /** Whether an earlier egress listener of the Sidecar made it, so that later ones add no chain. */
  isLocked: boolean;
}

/** The addresses to which the listener of a service's port binds. */
export interface Bind {
  readonly binds: readonly string[];
  readonly bindToPort: boolean;
}

/** The outbound listeners of a sidecar by address and port. The first service sets the protocol; others add chains that do not conflict. */
export class OutboundListeners {
  public readonly entries = new Map<string, OutboundEntry>();

  constructor(private readonly settings: ListenerSettings) {}

  public lock(): void {
    for (const entry of this.entries.values()) entry.isLocked = true;
  }

  public add(service: Service, port: ServicePort, bind: Bind, routes: ConnectionRoutes): void {
    if (service.resolution === 'ALIAS' || port.protocol === 'UDP') return;
    const place = isHttp(port.protocol) ? forAll(bind.binds) : ownAddress(service, bind.binds);
    const { binds } = place;
    const key = `${binds[0]}_${port.number}`;
    const existing = this.entries.get(key);
    if (existing?.isLocked) return;
    const made = this.chains(service, port, place, existing, routes);
    if (!made || (existing && isReserved(port.protocol, existing.protocol))) return;
    if (existing && !(isHttp(existing.protocol) && port.protocol === 'Unsupported')) {
      existing.chains = [...existing.chains, ...newChains(existing.chains, made.chains)];
      if (!isTcp(port.protocol) || isHttp(existing.protocol)) existing.protocol = 'Unsupported';
    } else {
      const { bindToPort } = bind;
      this.entries.set(key, { binds, bindToPort, port: port.number, protocol: made.protocol, chains: made.chains, isLocked: false });
    }
  }

  /** The chains of a port, and the resulting protocol of the listener; undefined if the listener already has them. */
  private chains(
    service: Service, port: ServicePort, { binds, subnets }: Place, existing: OutboundEntry | undefined, routes: ConnectionRoutes,
  ): Made | undefined {
    const aliasNames = service.aliases.flatMap(this.settings.names);
    const ofConnections = () => connectionChains({
      ...this.settings, service, subnets, bind: binds[0], port: port.number, protocol: port.protocol, aliasNames,
    }, routes);
    if (port.protocol === 'HTTP_PROXY') {
      return existing ? undefined : { chains: [this.http(String(port.number), binds, port, false)], protocol: port.protocol };
    }
    if (isHttp(port.protocol)) {
      if (existing && !isTcp(existing.protocol)) return undefined;
      const isShared = binds[0] === WILDCARD;
      const name = port.number === 0 ? binds[0] : String(port.number);
      return { chains: [this.http(name, binds, port, isShared)], protocol: isShared ? 'Unsupported' : port.protocol };
    }
    if (isTcp(port.protocol)) return { chains: ofConnections(), protocol: port.protocol };
    if (existing && !isHttp(existing.protocol) && !isTcp(existing.protocol)) return undefined;
    const name = binds[0] === WILDCARD ? String(port.number) : `${service.host}:${port.number}`;
    return { chains: [...ofConnections(), this.http(name, binds, port, true)], protocol: port.protocol };
  }

  private http(routeName: string, binds: readonly string[], port: ServicePort, isGuessed: boolean): ChainPlan {
    const { tracing, accessLog, proxyConfig, pathNormalization } = this.settings;
    const statPrefix = `outbound_${binds[0]}_${port.number};`;
    const filter = sidecarConnectionManager({ routeName, statPrefix, tracing, accessLog, proxyConfig, pathNormalization });
    return { filters: [filter], ...isGuessed && { applicationProtocols: PLAIN_HTTP, transportProtocol: 'raw_buffer' } };
  }
}

interface Made {
  readonly chains: readonly ChainPlan[];
  readonly protocol: Protocol;
}

/** The addresses of a listener, and the subnets that its chain matches. */
interface Place {
  readonly binds: readonly string[];
  readonly subnets: readonly string[];
}

function forAll(stated: readonly string[]): Place {
  return { binds: stated.length > 0 ? stated : [WILDCARD], subnets: [] };
}

/** TCP services have a listener at their address. An address range is matched in the wildcard listener. */
function ownAddress({ address, addresses }: Service, stated: readonly string[]): Place {
  if (stated.length > 0) return { binds: stated, subnets: [] };
  if (address.includes('/')) return { binds: [WILDCARD], subnets: addresses.length > 0 ? addresses : [address] };
  return { binds: [address, ...addresses.filter(each => each !== address && isIP(each) !== 0)], subnets: [] };
}

function newChains(existing: readonly ChainPlan[], incoming: readonly ChainPlan[]): ChainPlan[] {
  const added: ChainPlan[] = [];
  for (const chain of incoming) if (![...existing, ...added].some(other => areAlike(other, chain))) added.push(chain);
  return added;
}

/** Whether one of two protocols is a database's whose server speaks first, which cannot share a listener. */
function isReserved(incoming: Protocol, existing: Protocol): boolean {
  return incoming !== existing && [incoming, existing].some(protocol => protocol === 'Mongo' || protocol === 'MySQL');
}
