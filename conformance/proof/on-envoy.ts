import { METHODS } from 'node:http';
import type { ExampleRequest } from '../../src/proof/example-request';
import type { Proxy, ProxyConfig } from '../istiod/client';
import { translate } from '../istiod/client';
import type { Report } from '../report';
import { compareSent } from '../requests/compare';
import { partsOf } from '../requests/refused';
import type { SentRequest } from '../requests/sent-request';

/** A pair whose examples a real Envoy gets, with the manifests of both sides. */
export interface WitnessedPair {
  readonly seed: number;
  readonly sides: readonly [string, string];
  readonly examples: readonly ExampleRequest[];
}

/** The maximum share of pairs that istiod may refuse. Its admission accepts no timeout of 0s, though its translation does. */
const REFUSED = 0.4;

const CALLER: Proxy = { name: 'caller', type: 'sidecar', namespace: 'shop' };

/** Whether the endpoints, servers of Node, know the method of an example. To others they answer 400. */
function isKnown({ method }: ExampleRequest): boolean {
  return METHODS.includes(method);
}

/** The request of an example at the listener of its port. */
function sent({ method, url, headers = {} }: ExampleRequest): SentRequest {
  const { host, port, pathname, search } = new URL(url);
  const { host: authority = host, ...others } = headers;
  const asked = port === '' ? 80 : Number(port);
  return {
    method,
    listener: `0.0.0.0_${asked}`,
    port: asked,
    authority,
    path: url.endsWith(`${pathname}${search}`) ? `${pathname}${search}` : url.slice(url.indexOf(host) + host.length),
    headers: others,
  };
}

/**
 * Sends the examples of changes to a real Envoy with istiod's routes, before and after the change. It must do what the simulator says,
 * which treats each example differently on both sides.
 */
export async function judgeWitnesses(report: Report, pairs: readonly WitnessedPair[]): Promise<void> {
  const asked = pairs.flatMap(({ seed, sides }) => sides.map((manifests, side) => ({ id: `${seed} ${side}`, manifests, proxies: [CALLER] })));
  const answers = await translate(asked);
  const wrong: string[] = [];
  let [requests, examples, refused] = [0, 0, 0];
  for (const [place, pair] of pairs.entries()) {
    const sides = answers.slice(2 * place, 2 * place + 2);
    if (sides.some(({ error }) => error !== undefined)) {
      refused++;
      continue;
    }
    examples += pair.examples.filter(isKnown).length;
    for (const [side, answer] of sides.entries()) {
      if (answer.error !== undefined) continue;
      const name = `seed ${pair.seed}, ${side === 0 ? 'before' : 'after'}`;
      const { accepted } = partsOf(answer.proxies[0]) as { readonly accepted: ProxyConfig };
      const done = await compareSent({ name, proxy: CALLER, config: accepted }, pair.examples.filter(isKnown).map(sent));
      requests += done.requests;
      wrong.push(...done.wrong);
    }
  }
  report.add('a real Envoy with istiod\'s routes treats the examples of changes as the simulator does, before and after', [
    ...wrong, ...refused > pairs.length * REFUSED ? [`istiod refuses ${refused} of ${pairs.length} pairs`] : [],
  ], `${examples} examples of ${pairs.length - refused} pairs, ${requests} requests; istiod refuses ${refused} more`);
}
