import type { ChangeKind, Move, TrafficChange } from '../../diff/change';
import { shortHost } from '../../diff/destination';
import { percent } from '../../diff/shares';

const TITLES: { readonly [K in ChangeKind]: string } = {
  'host-blocked': 'is no longer reached',
  'host-reachable': 'is now routed',
  'host-passed-through': 'is no longer known',
  'names': 'answers to other names',
  'https-only': 'plain HTTP',
  'unknown-hosts': 'hosts outside of the mesh',
  'route-added': 'new route',
  'route-removed': 'route is gone',
  'precedence': 'another route comes first',
  'not-decided': 'not decided whether requests are treated differently',
  'shares': 'split',
  'answer': 'other answer',
  'mirror': 'mirror',
  'timeout': 'timeout',
  'retries': 'retries',
  'fault': 'fault',
  'rewrite': 'rewrite',
  'headers': 'headers',
  'cors': 'CORS',
  'hash-policy': 'hash policy',
  'other': 'other treatment',
  'limits': 'limits',
  'outlier-detection': 'outlier detection',
  'load-balancing': 'load balancing',
  'connections': 'connections',
  'tls': 'TLS',
  'endpoints': 'endpoints',
  'selection': 'selects other pods',
  'inbound': 'sidecars of the pods',
  'cluster': 'cluster settings',
  'refused': 'is refused by Envoy',
  'accepted': 'is accepted by Envoy',
  'connection-added': 'connections are now routed',
  'connection-removed': 'connections are no longer routed',
  'connection-shares': 'split of connections',
  'connection-treatment': 'treatment of connections',
};

/** What changed, in a few words. */
export function titleOf({ kind }: TrafficChange): string {
  return TITLES[kind];
}

/** The host and port as a caller knows them. */
export function placeOf({ host, port }: Pick<TrafficChange, 'host' | 'port'>): string {
  return `${shortHost(host)}${port === undefined ? '' : `:${port}`}`;
}

/** Which requests or which cluster, if not all. */
export function subjectOf({ requests, route, destination }: TrafficChange): string {
  if (destination !== undefined) return destination;
  return requests === undefined ? '' : `${requests}${route === undefined || route === '' ? '' : ` (route ${route})`}`;
}

/** A share that moves: `version-v2 of catalog.shop:80 from 0 % to 10 %`. */
export function describeMove({ destination, before, after }: Move): string {
  return `${destination} from ${percent(before)} to ${percent(after)}`;
}
