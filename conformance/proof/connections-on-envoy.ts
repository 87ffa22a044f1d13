import type { Caller } from '../../src/diff/callers';
import type { ExampleConnection } from '../../src/diff/change';
import { connectionOf } from '../../src/simulator/connection-url';
import type { Proxy, ProxyConfig } from '../istiod/client';
import { translate } from '../istiod/client';
import type { Report } from '../report';
import type { SentConnection } from '../requests/connections';
import { compareOpened } from '../requests/connections';
import { acceptedNevertheless, partsOf } from '../requests/refused';

/** A pair whose connections a real Envoy gets, with the manifests of both sides. */
export interface ConnectedPair {
  readonly seed: number;
  readonly caller: Caller;
  readonly sides: readonly [string, string];
  readonly connections: readonly ExampleConnection[];
}

/** The connection of an example at the listener of its port. */
function opened({ url, to }: ExampleConnection): SentConnection {
  const connection = connectionOf(url);
  return { ...connection, ...to !== undefined && { host: to }, listener: `0.0.0.0_${connection.port}` };
}

/**
 * Opens the examples of changes at a real Envoy with istiod's listeners, before and after the change. It must do what the simulator says,
 * which treats each example differently on both sides.
 */
export async function judgeConnected(report: Report, pairs: readonly ConnectedPair[]): Promise<void> {
  const proxyOf = ({ type, namespace, labels }: Caller): Proxy => ({ name: 'caller', type, namespace, ...labels && { labels } });
  const asked = pairs.flatMap(({ seed, sides, caller }) => (
    sides.map((manifests, side) => ({ id: `${seed} ${side}`, manifests, proxies: [proxyOf(caller)] }))));
  const answers = await translate(asked);
  const wrong: string[] = [];
  const refusals: ReturnType<typeof partsOf>['refused'][number][] = [];
  let connections = 0;
  for (const [place, { id, proxies: [proxy] }] of asked.entries()) {
    const answer = answers[place];
    if (answer.error !== undefined) {
      wrong.push(`connections, seed ${id}: istiod refuses it: ${answer.error}`);
      continue;
    }
    const { accepted, refused } = partsOf(answer.proxies[0]) as { readonly accepted: ProxyConfig; readonly refused: typeof refusals };
    refusals.push(...refused);
    const isAccepted = ({ listener }: SentConnection) => accepted.listeners.some(({ name }) => name === listener);
    const sent = pairs[Math.floor(place / 2)].connections.map(opened).filter(isAccepted);
    const done = await compareOpened({ name: `connections, seed ${id}`, proxy, config: accepted }, sent);
    connections += done.requests;
    wrong.push(...done.wrong);
  }
  report.add('a real Envoy with istiod\'s listeners treats the connections of changes as the simulator does, before and after', wrong,
    `${connections} connections of ${pairs.length} pairs`);
  report.add('a real Envoy refuses the listeners of these pairs that the simulator takes as refused', await acceptedNevertheless(refusals),
    `${refusals.length} listeners`);
}
