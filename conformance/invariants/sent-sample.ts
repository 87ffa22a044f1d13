import { TOKENS } from './random-mesh';
import type { ExampleRequest } from '../../src/proof/example-request';
import type { Decision } from '../../src/simulator/decision';
import type { SimulatedProxy } from '../../src/simulator/simulated-proxy';
import type { Dice } from '../fuzz/dice';

/** Proxies whose requests have a token, by the token. */
const WITH_TOKENS = new WeakMap<SimulatedProxy, Map<ExampleRequest['token'], SimulatedProxy>>();

/** What a proxy does with a request, and with its token. */
export function decisionOf(proxy: SimulatedProxy, { method, url, headers, token }: ExampleRequest): Decision {
  return (token ? withToken(proxy, token) : proxy).request(method, url, { headers });
}

function withToken(proxy: SimulatedProxy, token: NonNullable<ExampleRequest['token']>): SimulatedProxy {
  const known = WITH_TOKENS.get(proxy) ?? new Map<ExampleRequest['token'], SimulatedProxy>();
  WITH_TOKENS.set(proxy, known);
  const found = known.get(token) ?? proxy.withToken(token);
  known.set(token, found);
  return found;
}

/** The same request, most often with a token. */
export function withSomeToken(dice: Dice, request: ExampleRequest): ExampleRequest {
  return dice.chance(0.6) ? { ...request, token: dice.pick(TOKENS) } : request;
}
