import type { IncomingHttpHeaders } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http2';
import { RequestGenerator, httpListeners } from './generate';
import type { SentRequest } from './sent-request';
import { describeRequest, linesOf } from './sent-request';
import { withoutAccess } from './without-access';
import type { Decision } from '../../src/simulator/decision';
import type { HeaderChanges } from '../../src/simulator/header-changes';
import { SimulatedProxy } from '../../src/simulator/simulated-proxy';
import type { ReceivedRequest } from '../envoy/backend';
import { Backend } from '../envoy/backend';
import { bootstrapOf } from '../envoy/bootstrap';
import { dial } from '../envoy/dial';
import { sendHttp2 } from '../envoy/http2-request';
import type { Response } from '../envoy/load';
import { EnvoyProcess } from '../envoy/process';
import { sendRaw } from '../envoy/raw-request';
import type { Json, Proxy, ProxyConfig } from '../istiod/client';

/** The result of a request with the real Envoy. */
interface Done {
  /** Undefined if the connection broke. */
  readonly response?: Response;
  /** What the endpoint of each cluster received. */
  readonly received: ReadonlyMap<string, ReceivedRequest>;
}

export interface Comparison {
  readonly requests: number;
  /** The number of requests per outcome. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly wrong: readonly string[];
}

/** A proxy with its configuration, and the number of requests to compare. */
export interface Subject {
  readonly name: string;
  readonly proxy: Proxy;
  readonly config: ProxyConfig;
  readonly count: number;
  readonly seed: number;
}

/** Callers here have a timeout of 20 s. */
const LONGEST_WAIT_MS = 19_000;

/** The header that identifies a request. */
const NUMBER = 'x-number';

/**
 * Sends generated requests through an Envoy with the configuration of a proxy, and through the simulator with the same, and returns the
 * differences.
 */
export function compareRequests({ count, seed, ...subject }: Subject): Promise<Comparison> {
  return compareSent(subject, new RequestGenerator(subject.config, seed).requests(count));
}

/** Does so with stated requests. */
export async function compareSent(
  { name, proxy, config }: Omit<Subject, 'count' | 'seed'>, requests: readonly SentRequest[],
): Promise<Comparison> {
  if (requests.length === 0) return { requests: 0, outcomes: new Map(), wrong: [] };
  const simulated = new SimulatedProxy(proxy, { ...config, notes: [], origins: new Map() } as never);
  const backends = await backendsFor(config);
  let envoy: EnvoyProcess | undefined;
  try {
    const listeners = [...new Set(httpListeners(config).map(listener => listener.name))];
    const backendsOf = (cluster: string) => (backends.has(cluster) ? [backends.get(cluster)!] : []);
    const spoken = { ...config, clusters: config.clusters.map(unlimited), listeners: config.listeners.map(withoutAccess) };
    envoy = await EnvoyProcess.start({ bootstrap: accessLog => bootstrapOf(spoken, { listeners, accessLog, backendsOf, endsTls: true }) });
    const outcomes = new Map<string, number>();
    const wrong: string[] = [];
    const sent = await Promise.all(requests.map(async (request, number) => answerOf(request, number, envoy!)));
    // Envoy does not wait for mirrored requests.
    await new Promise(resolve => setTimeout(resolve, 100));
    const add = (what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
    requests.forEach((request, number) => {
      const decision = decisionOn(simulated, request, number);
      add(decision.outcome);
      if (request.serverName !== undefined) add('over TLS');
      if (request.version === 'HTTP/2') add('in HTTP/2');
      const done = { response: sent[number], received: receivedBy(backends, number) };
      const differences = differencesOf(decision, done);
      if (differences.length > 0) wrong.push(`${name}: ${describeRequest(request)}: ${differences.join('; ')}`);
    });
    return { requests: requests.length, outcomes, wrong };
  } finally {
    await envoy?.stop();
    await Promise.all([...backends.values()].map(backend => backend.stop()));
  }
}

/** The backends only support HTTP/1, and the requests come all at once. Neither the protocol nor limits are compared. */
function unlimited({ typedExtensionProtocolOptions: _protocol, circuitBreakers: _limits, ...cluster }: Json): Json {
  return cluster;
}

function decisionOn(proxy: SimulatedProxy, request: SentRequest, number: number): Decision {
  const { method, path, version, listener, port, serverName } = request;
  const address = listener.slice(0, listener.lastIndexOf('_'));
  const host = address === '0.0.0.0' ? 'any' : address;
  const url = `${serverName === undefined ? `http://${host}` : `https://${serverName}`}:${port}${path}`;
  const sent = version === undefined && serverName !== undefined ? 'HTTP/1.1' : version;
  const given = address === '0.0.0.0' ? {} : { address };
  return proxy.request(method, url, { version: sent, headers: headersOf(request, number), ...given });
}

function http2Headers({ method, path, serverName }: SentRequest, { host, ...headers }: SentRequest['headers']): OutgoingHttpHeaders {
  const fields = { ':method': method, ':scheme': serverName === undefined ? 'http' : 'https', ':authority': String(host), ':path': path };
  return { ...fields, ...headers } as OutgoingHttpHeaders;
}

/** One endpoint per cluster that has endpoints, or whose endpoints are unknown. */
async function backendsFor({ clusters, endpoints }: ProxyConfig): Promise<Map<string, Backend>> {
  const names = clusters.map(({ name }) => name as string).filter(name => {
    const [direction, port, , host] = name.split('|');
    const whole = endpoints[`${direction}|${port}||${host}`] ?? [];
    return direction !== 'inbound' && name !== 'BlackHoleCluster' && !(whole.length > 0 && endpoints[name]?.length === 0);
  });
  return new Map(await Promise.all(names.map(async name => [name, await Backend.start({ name })] as const)));
}

/** The headers of a request on its own connection. */
function headersOf({ authority, version, headers }: SentRequest, number: number): SentRequest['headers'] {
  return { host: authority, ...(version === 'HTTP/2' ? {} : { connection: 'close' }), [NUMBER]: `${number}`, ...headers };
}

async function answerOf(request: SentRequest, number: number, envoy: EnvoyProcess): Promise<Response | undefined> {
  const { method, path, version = 'HTTP/1.1', listener, serverName, isAbsolute, authority } = request;
  const headers = headersOf(request, number);
  try {
    const protocols = [version === 'HTTP/2' ? 'h2' : 'http/1.1'];
    const socket = await dial(envoy.listener(listener), serverName === undefined ? undefined : { serverName, protocols });
    if (version === 'HTTP/2') return await sendHttp2(socket, http2Headers(request, headers));
    if (!isAbsolute) return await sendRaw({ socket, method, target: path, version, headers: linesOf(headers) });
    // The target names the host, and the Host header counts for nothing.
    const target = `${serverName === undefined ? 'http' : 'https'}://${String(authority)}${path}`;
    return await sendRaw({ socket, method, target, version, headers: linesOf({ ...headers, host: 'other.example.org' }) });
  } catch {
    return undefined;
  }
}

function receivedBy(backends: ReadonlyMap<string, Backend>, number: number): Done['received'] {
  return new Map([...backends].flatMap(([cluster, { requests }]) => {
    const found = requests.find(({ headers }) => headers[NUMBER] === `${number}`);
    return found ? [[cluster, found] as const] : [];
  }));
}

function differencesOf(decision: Decision, { response, received }: Done): string[] {
  const differences: string[] = [];
  const compare: Compare = (what, simulated, real) => {
    if (simulated !== real) differences.push(`${what} ${String(simulated)}, Envoy's is ${String(real)}`);
  };
  // The simulator does not know the address of the caller or the id of the request.
  if (decision.outcome === 'not decided') return [];
  const { abort, delay } = decision.fault ?? {};
  // Envoy does not wait for those.
  if (delay && delay.ms >= LONGEST_WAIT_MS && response === undefined) return [];
  if (abort && abort.percent < 100 && response?.status === abort.status) return [];
  if (decision.outcome === 'closed' || decision.outcome === 'connection refused') {
    compare('answer', undefined, response?.status);
    return differences;
  }
  if (decision.place.table === undefined) {
    // Envoy forwards bytes, and the endpoint answers them.
    compare('read as HTTP', false, response?.headers.server?.includes('envoy') ?? false);
    if (decision.outcome === 'blocked') compare('answer', undefined, response?.status);
    return differences;
  }
  const forwarded = decision.outcome === 'routed' || decision.outcome === 'passed through';
  const share = decision.split.find(({ cluster }) => cluster === response?.body);
  const refused =
    forwarded
    && decision.split.some(({ reception }) => reception !== 'routed' && reception !== 'passed through')
    && response?.status === 503;
  if (refused) return [];
  // HTTP/2 resets a stream instead of an answer.
  const answered = decision.request.headers.has('upgrade') ? 101 : 200;
  compare('status', decision.rejection ? decision.status : decision.status ?? answered, response?.status);
  compare('location', decision.redirection?.location, response?.headers.location);
  if (decision.body !== undefined) compare('body', decision.body, response?.body);
  // If Envoy responds itself, the chosen destination of a split is not visible.
  if (share || decision.split.length < 2) compareHeaders(decision.responseHeaderChanges(share), response?.headers ?? {}, compare);
  if (!forwarded) {
    compare('requests to endpoints', 0, received.size);
    return differences;
  }
  if (!share) {
    return [
      ...differences,
      `it goes to ${decision.split.map(({ cluster }) => cluster).join(' or ')}, but in Envoy ${response?.body} answers`,
    ];
  }
  const got = received.get(share.cluster);
  compare('path sent', decision.path, got?.path);
  compare('authority sent', decision.authority(share), got?.host);
  compareHeaders(decision.requestHeaderChanges(share), got?.headers ?? {}, compare);
  const copied = new Set([...received.keys()].filter(cluster => cluster !== share.cluster));
  for (const { cluster, percent, reception } of decision.mirrors) {
    if (percent === 100 && reception === 'routed' && cluster !== share.cluster) compare(`copy to ${cluster}`, true, copied.has(cluster));
    copied.delete(cluster);
  }
  compare('other copies', '', [...copied].join(', '));
  return differences;
}

type Compare = (what: string, simulated: unknown, real: unknown) => void;

function compareHeaders(changes: HeaderChanges, real: IncomingHttpHeaders, compare: Compare): void {
  for (const [name, value] of changes) {
    if (name === 'host' || name === ':authority' || value?.includes('%')) continue;
    const is = real[name];
    compare(`header ${name}`, value, Array.isArray(is) ? is.join(', ') : is);
  }
}
