import { isIP } from 'node:net';
import type { CheckedProxy } from './checked-mesh';
import type { Claim } from './claim';
import type { Connection } from '../diff/proxy-traffic';
import type { ExampleRequest } from '../proof/example-request';
import type { ConnectOptions } from '../simulator/connect-options';
import { connectionOf } from '../simulator/connection-url';

/** A connection without HTTP, with the URL that the command line takes. */
export type WitnessConnection = ConnectOptions & { readonly url: string };

/** One connection for each filter chain that may break a claim: all connections of a chain go the same way. */
export function connectionsTo({ traffic, simulated }: CheckedProxy, claim: Claim): WitnessConnection[] {
  return [...traffic.connections.values()].flatMap(connection => {
    const split = connection.shares.map(({ cluster, fraction }) => (
      { ...simulated.clusters.destination(cluster), percent: 100 * fraction }));
    return claim.breaches({ plan: { split, mirrors: [], hashedBy: [] } }).length === 0 ? [] : [witnessOf(connection)];
  });
}

/** A request to a host that the registry does not have, where such requests may break a claim. */
export function unknownHostRequest({ traffic, simulated }: CheckedProxy, claim: Claim): ExampleRequest | undefined {
  if (traffic.others !== 'PassthroughCluster') return undefined;
  const split = [{ ...simulated.clusters.destination(traffic.others), percent: 100 }];
  const isFree = claim.breaches({ plan: { split, mirrors: [], hashedBy: [] } }).length === 0;
  return isFree ? undefined : { method: 'GET', url: 'http://unknown.example.com/' };
}

function witnessOf({ names: [name], host, port, shares }: Connection): WitnessConnection {
  const address = host.split(/[/,]/)[0];
  const to = isIP(address) === 0 || /\/(?!32|128)/.test(host) ? shares[0]?.destination.host ?? host : address;
  const url = name === undefined ? `tcp://${isIP(to) === 6 ? `[${to}]` : to}:${port}` : `tls://${name.replace(/^\*/, 'www')}:${port}`;
  return { url, ...connectionOf(url) };
}
