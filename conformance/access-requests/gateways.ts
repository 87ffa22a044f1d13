import { createSecureContext } from 'node:tls';
import type { Place } from './access-bootstrap';
import { statusOfRoute } from './access-bootstrap';
import { ANSWERS } from './authorizer';
import type { SentCall } from './generate';
import { generatedCall } from './generate';
import { outcomeOf } from './outcomes';
import type { Real } from './outcomes';
import { firstLine } from './send';
import { Edge } from '../../src/edge/edge';
import { TakingPods } from '../../src/simulator/access/taking-pods';
import type { AccessVerdict } from '../../src/simulator/access/verdict';
import type { Decision } from '../../src/simulator/decision';
import { SimulatedProxy } from '../../src/simulator/simulated-proxy';
import type { Dice } from '../fuzz/dice';
import { question } from '../fuzz/differential';
import type { FuzzCase } from '../fuzz/fuzz-case';
import type { Json } from '../istiod/client';
import { translate } from '../istiod/client';
import { translatorFor } from '../translation';

/** A gateway on both sides. */
export interface GatewaySubject {
  readonly name: string;
  /** Its listeners in Envoy, by the port. */
  readonly listeners: ReadonlyMap<number, Place>;
  readonly simulated: SimulatedProxy;
  readonly seed: number;
}

/** The address of the load balancer before gateways that read the PROXY protocol. */
const BALANCER = '127.1.2.77';
/** The port of the gateway with TLS. */
const TLS_PORT = 443;

/** The gateways that have access filters. */
export async function gatewaysOf(cases: readonly FuzzCase[]): Promise<GatewaySubject[]> {
  const answers = await translate(cases.map(question));
  return cases.flatMap((each, place): GatewaySubject[] => {
    const answer = answers[place];
    if (answer.error !== undefined) return [];
    const translator = translatorFor(question(each));
    const [proxy] = each.proxies;
    const seed = Number(each.id.split(' ')[1]);
    const listeners = (answer.proxies[0].listeners as Json[]).filter(({ address }) => address?.socketAddress !== undefined);
    if (!/\.(?:rbac|jwt_authn)"/.test(JSON.stringify(listeners))) return [];
    const authorizer = ANSWERS[seed % ANSWERS.length];
    const edge = new Edge(each.objects, { meshConfig: each.meshConfig as never, complete: true });
    const simulated = new SimulatedProxy(proxy, translator.translate(proxy), { pods: new TakingPods(translator, edge) });
    return [{
      name: `${each.id}`,
      seed,
      listeners: new Map(listeners.map(listener => {
        const port = listener.address.socketAddress.portValue as number;
        return [port, { name: `${each.id} ${port}`, listener, routes: answer.proxies[0].routes, answer: authorizer }];
      })),
      simulated: simulated.authorized(authorizer),
    }];
  });
}

/** A call to a gateway from outside. */
export function callFromOutside(dice: Dice, { listeners }: GatewaySubject): SentCall {
  const { account: _, ...call } = generatedCall(dice, [...listeners.keys(), 80, 80]);
  return call.port === TLS_PORT ? { ...call, serverName: dice.pick(['a.example.com', 'a.example.com', 'A.example.com', 'b.example.com']) } : call;
}

/** What the simulator says of a call; for an allowed request, the route that takes it. */
export function simulatedAtGateway({ simulated }: GatewaySubject, call: SentCall): Pick<AccessVerdict, 'why'> & { readonly outcome: string } {
  const decision = decided(simulated, call);
  const { place: { own, rejection, chain, table, taken, open } } = decision;
  if (rejection) return { outcome: `HTTP/1.1 ${rejection.status}`, why: rejection.why };
  if (chain === undefined) return { outcome: 'reset', why: 'no chain takes the connection' };
  if (own && own.outcome !== 'allowed') return own;
  if (table === undefined) return { outcome: 'allowed', why: '' };
  if (open) return { outcome: 'undecided', why: decision.explain() };
  return { outcome: `HTTP/1.1 ${taken ? statusOfRoute(taken.index) : 404}`, why: decision.explain() };
}

function decided(simulated: SimulatedProxy, { port, method, path, authority, headers, source, serverName, claims }: SentCall): Decision {
  const caller = claims === undefined ? simulated : simulated.withToken(claims);
  if (port !== 80 && port !== TLS_PORT) return caller.connect({ host: 'gateway', port, sourceAddress: source });
  const url = port === TLS_PORT ? `https://${serverName}${path}` : `http://gateway${path}`;
  return caller.request(method, url, { headers: { host: authority, ...headers }, sourceAddress: source, version: 'HTTP/1.1' });
}

/** What Envoy does with a call. */
export async function realAtGateway(
  { listeners }: GatewaySubject, { port, method, path, authority, headers, source, serverName, claims }: SentCall, { envoy, issuer }: Real,
): Promise<string> {
  const lines = Object.entries({
    host: authority, connection: 'close', ...headers, ...(claims && { authorization: `Bearer ${issuer.token(claims)}` }),
  }).map(([field, value]) => `${field}: ${value}`);
  const { name, listener } = listeners.get(port)!;
  const readsProxyProtocol = JSON.stringify(listener.listenerFilters ?? []).includes('envoy.filters.listener.proxy_protocol');
  const line = await firstLine(envoy.listener(name), {
    source,
    ...(readsProxyProtocol && { balancer: BALANCER }),
    destination: { host: '10.1.2.3', port },
    ...(port === TLS_PORT && { tls: { context: createSecureContext(), serverName, protocol: 'http/1.1' } }),
    bytes: `${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`,
  });
  const outcome = outcomeOf(line, method);
  return outcome.split(' ').slice(0, 2).join(' ');
}
