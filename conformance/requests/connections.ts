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
interface SentConnection extends ConnectOptions {
  readonly listener: string;
}

/**
 * Opens generated connections through an Envoy with the configuration of a proxy, and through the simulator, and returns the differences.
 */
export async function compareConnections({ name, proxy, config, count, seed }: Subject): Promise<Comparison> {
  const listeners = config.listeners.filter(isOpened);
  const sent = connectionsTo(listeners, count, seed);
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
    envoy = await EnvoyProcess.start({ bootstrap: accessLog => bootstrapOf({ ...config, clusters }, { ...options, accessLog }) });
    const answers = await Promise.all(sent.map(async ({ listener, serverName, protocols = [] }) => {
      const bytes = serverName === undefined ? Buffer.from('\x00\x01hello\n') : await helloOf(serverName, protocols);
      return exchange(envoy!.listener(listener), bytes);
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

/** Listeners of calls that leave. On the loopback interface, a filter chain of some addresses never matches. */
function isOpened({ name, trafficDirection, filterChains = [] }: Json): boolean {
  const isOfAddress = ({ filterChainMatch: match }: Json) => match?.prefixRanges !== undefined || match?.destinationPort !== undefined;
  // The endpoints of a tunnel would have to speak CONNECT.
  const isTunnel = ({ filters }: Json) => filters.some(({ typedConfig }: Json) => typedConfig?.tunnelingConfig !== undefined);
  const isLeft = (chain: Json) => isOfAddress(chain) || isTunnel(chain);
  return trafficDirection !== 'INBOUND' && !name.startsWith('virtual') && !filterChains.some(isLeft);
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
