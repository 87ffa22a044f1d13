import { isIPv4 } from 'node:net';
import type { Comparison, Subject } from './compare';
import type { ConnectOptions } from '../../src/simulator/connect-options';
import type { Decision } from '../../src/simulator/decision';
import { seeded } from '../../src/simulator/load/random';
import { SimulatedProxy } from '../../src/simulator/simulated-proxy';
import { bootstrapOf } from '../envoy/bootstrap';
import { exchange, helloOf } from '../envoy/exchange';
import { NamedServer } from '../envoy/named-server';
import { EnvoyProcess } from '../envoy/process';
import type { Json, ProxyConfig } from '../istiod/client';

/** A connection for both the real Envoy and the simulator. */
export interface SentConnection extends ConnectOptions {
  readonly listener: string;
}

/**
 * Opens generated connections through an Envoy with the configuration of a proxy, and through the simulator, and returns the differences.
 */
export function compareConnections({ count, seed, ...subject }: Subject): Promise<Comparison> {
  return compareOpened(subject, connectionsTo(subject.config.listeners.filter(isOpened), count, seed));
}

/** Does so with stated connections. */
export async function compareOpened(
  { name, proxy, config }: Omit<Subject, 'count' | 'seed'>, sent: readonly SentConnection[],
): Promise<Comparison> {
  const outcomes = new Map<string, number>();
  if (sent.length === 0) return { requests: 0, outcomes, wrong: [] };
  const simulated = new SimulatedProxy(proxy, { ...config, notes: [], origins: new Map() } as never);
  const servers = await serversFor(config);
  let envoy: EnvoyProcess | undefined;
  try {
    const backendsOf = (cluster: string) => (servers.has(cluster) ? [servers.get(cluster)!] : []);
    const names = [...new Set(sent.map(({ listener }) => listener))];
    // The connections come all at once, and limits are not compared.
    const clusters = config.clusters.map(({ circuitBreakers: _, ...cluster }) => cluster as Json);
    const options = { listeners: names, backendsOf, endsTls: true };
    const listeners = config.listeners.map(listener => (isOfAddresses(listener) ? withDestinations(listener) : listener));
    const told = { ...config, clusters, listeners };
    envoy = await EnvoyProcess.start({ bootstrap: accessLog => bootstrapOf(told, { ...options, accessLog }) });
    const ofAddresses = new Set(config.listeners.filter(isOfAddresses).map(listener => listener.name as string));
    const answers = await Promise.all(sent.map(async ({ listener, host, port, serverName, protocols = [] }) => {
      const bytes = serverName === undefined ? Buffer.from('\x00\x01hello\n') : await helloOf(serverName, protocols);
      const destination = ofAddresses.has(listener) ? [Buffer.from(destinationLine(host, port))] : [];
      return exchange(envoy!.listener(listener), Buffer.concat([...destination, bytes]));
    }));
    const wrong = sent.flatMap((connection, place) => {
      const decision = simulated.connect(connection);
      const kind = connection.serverName === undefined ? 'TCP' : 'TLS';
      const outcome = `${kind} ${decision.place.mismatch === undefined ? decision.outcome : `to ${decision.place.mismatch}`}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      const difference = differenceOf(decision, answers[place]);
      const { listener: _, ...asked } = connection;
      return difference === undefined ? [] : [`${name}: ${JSON.stringify(asked)}: ${difference}`];
    });
    return { requests: sent.length, outcomes, wrong };
  } finally {
    await envoy?.stop();
    await Promise.all([...servers.values()].map(server => server.stop()));
  }
}

/** Whether a listener has filter chains of some addresses or ports. */
function isOfAddresses({ filterChains = [] }: Json): boolean {
  return filterChains.some(({ filterChainMatch = {} }: Json) => (
    filterChainMatch.prefixRanges !== undefined || filterChainMatch.destinationPort !== undefined));
}

/** A listener that reads from the PROXY protocol where each connection goes: all of them reach it on the loopback interface. */
function withDestinations({ listenerFilters = [], ...listener }: Json): Json {
  const typedConfig = { '@type': 'type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol' };
  return { ...listener, listenerFilters: [{ name: 'envoy.filters.listener.proxy_protocol', typedConfig }, ...listenerFilters] };
}

/** The line of the PROXY protocol for a destination. */
function destinationLine(host: string, port: number): string {
  return isIPv4(host) ? `PROXY TCP4 127.0.0.1 ${host} 50000 ${port}\r\n` : 'PROXY UNKNOWN\r\n';
}

/** Listeners of calls that leave, to any address. */
function isOpened({ name, trafficDirection, filterChains = [] }: Json): boolean {
  // The endpoints of a tunnel would have to speak CONNECT.
  const isTunnel = ({ filters }: Json) => filters.some(({ typedConfig }: Json) => typedConfig?.tunnelingConfig !== undefined);
  const isLeft = isOfAddresses({ filterChains }) || filterChains.some(isTunnel);
  return trafficDirection !== 'INBOUND' && !name.startsWith('virtual') && !isLeft;
}

function connectionsTo(listeners: readonly Json[], count: number, seed: number): SentConnection[] {
  const random = seeded(seed);
  const oneOf = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)];
  return listeners.length === 0 ? [] : Array.from({ length: count }, () => {
    const { name, address, filterChains = [] } = oneOf(listeners);
    const { address: ip, portValue: port } = address.socketAddress;
    const to = { listener: name as string, host: ip === '0.0.0.0' ? 'any' : ip as string, port: port as number };
    if (random() < 0.3) return to;
    const names: string[] = filterChains.flatMap((chain: Json) => chain.filterChainMatch?.serverNames ?? []);
    const serverName = names.length === 0 || random() < 0.2 ? 'unknown.example.org' : oneOf(names);
    const written = random() < 0.1 ? serverName.toUpperCase() : serverName;
    return {
      ...to,
      serverName: written.replace('*', 'any'),
      protocols: oneOf([[], ['h2'], ['http/1.1'], ['h2', 'http/1.1'], ['istio'], ['x']]),
    };
  });
}

/** A server per cluster that has endpoints, or whose endpoints are unknown. */
async function serversFor({ clusters, endpoints }: ProxyConfig): Promise<Map<string, NamedServer>> {
  const names = clusters.map(({ name }) => name as string).filter(name => {
    const [direction, port, , host] = name.split('|');
    const whole = endpoints[`${direction}|${port}||${host}`] ?? [];
    return direction !== 'inbound' && name !== 'BlackHoleCluster' && !(whole.length > 0 && endpoints[name]?.length === 0);
  });
  return new Map(await Promise.all(names.map(async name => [name, await NamedServer.start(name)] as const)));
}

/** What Envoy's end of the connection says that the simulator does not. */
function differenceOf({ outcome, split, place: { mismatch, chain } }: Decision, answer: string): string | undefined {
  const isHttp = answer.startsWith('HTTP/1.1 400');
  // A handshake that Envoy ends begins with a record of TLS: a server hello or an alert.
  const isTls = /^[\x15\x16]\x03/.test(answer);
  if (mismatch === 'HTTP') return isHttp || isTls ? undefined : `it expects HTTP, Envoy answers ${JSON.stringify(answer)}`;
  // Envoy reads the handshake as a request that breaks the rules of HTTP.
  if (mismatch === 'plaintext' && isHttp) return undefined;
  const clusters = outcome === 'routed' || outcome === 'passed through' ? split.map(({ cluster }) => cluster) : [''];
  if (clusters.includes(answer) || clusters.some(cluster => cluster !== '') && chain?.transportSocket && isTls) return undefined;
  return `it is ${outcome}${clusters[0] === '' ? '' : ` to ${clusters.join(' or ')}`}, Envoy's answer is ${JSON.stringify(answer.slice(0, 100))}`;
}
