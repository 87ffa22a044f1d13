import type { Duration } from 'cdk8s';
import { accepted, acceptedArgument } from './accepted';
import { durationProblem, istioDuration } from './duration';
import { headerNameProblem } from './name';
import { objectionProblem } from './objection';
import type { Problem } from './problem';
import { singleLineObjection } from './single-line';

/**
 * Options of a ring.
 */
export interface RingHashOptions {
  /**
   * The minimum number of entries in the ring, at least 1. More entries distribute requests more evenly.
   * @default - 1024
   */
  readonly minimumRingSize?: number;
}

/**
 * Options of a Maglev table.
 */
export interface MaglevOptions {
  /** The number of entries in the table: a prime number below 5000011. With more entries, a change of endpoints moves fewer requests. */
  readonly tableSize: number;
}

/**
 * How hashes are assigned to endpoints.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/load_balancers
 */
export class HashTable {
  /** A hash ring. If an endpoint is removed, only its own requests move. */
  public static ringHash(options: RingHashOptions = {}): HashTable {
    options = acceptedArgument('HashTable.ringHash', options);
    return new HashTable('ringHash', options.minimumRingSize);
  }

  /** A Maglev table: faster to look up than a ring, but a change of endpoints moves more requests. */
  public static maglev(options: MaglevOptions): HashTable {
    options = acceptedArgument('HashTable.maglev', options);
    return new HashTable('maglev', options.tableSize);
  }

  private constructor(
    /** `ringHash` or `maglev`. */
    public readonly kind: string,
    /** The configured size. */
    public readonly size?: number,
  ) {}
}

/**
 * Options of a consistent hash.
 */
export interface ConsistentHashOptions {
  /**
   * How hashes are assigned to endpoints.
   * @default - a ring of at least 1024 entries
   */
  readonly table?: HashTable;
}

/**
 * Options of a consistent hash of a cookie.
 */
export interface CookieHashOptions extends ConsistentHashOptions {
  /**
   * The lifetime of the cookie that Envoy sets if a request has none. Zero means a session cookie.
   * @default - Envoy sets no cookie, and sends requests without one to random endpoints
   */
  readonly ttl?: Duration;
  /**
   * The path of the cookie that Envoy sets. Requires `ttl`.
   * @default - none
   */
  readonly path?: string;
  /**
   * More attributes of the cookie that Envoy sets, such as `{ SameSite: 'Strict', Secure: '' }`. Requires `ttl`.
   * @default - none
   */
  readonly attributes?: { readonly [name: string]: string };
}

/**
 * The key by which Envoy chooses the endpoint of a request. Requests with the same key go to the same endpoint as long as it exists. All
 * calling proxies that see the same endpoints choose the same one.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-ConsistentHashLB
 */
export class ConsistentHash {
  /** The value of a request header. Requests without it go to random endpoints. */
  public static header(name: string, options: ConsistentHashOptions = {}): ConsistentHash {
    [name, options] = accepted('ConsistentHash.header', [name, options]);
    return new ConsistentHash('header', { httpHeaderName: name }, headerNameProblem('consistentHash header', name), options.table);
  }

  /** The value of a cookie. With `ttl`, Envoy sets the cookie if a request has none. */
  public static cookie(name: string, options: CookieHashOptions = {}): ConsistentHash {
    [name, options] = accepted('ConsistentHash.cookie', [name, options]);
    const { ttl, path, attributes = {} } = options;
    const named = Object.keys(attributes).length > 0;
    const problem = cookieProblem(name, options);
    return new ConsistentHash('cookie', {
      httpCookie: {
        name,
        ...(path === undefined ? {} : { path }),
        ...(ttl === undefined ? {} : { ttl: istioDuration(ttl) }),
        ...(named
          ? {
            attributes: Object.entries(attributes)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([n, value]) => (value === '' ? { name: n } : { name: n, value })),
          }
          : {}),
      },
    }, problem, options.table);
  }

  /** The IP address of the caller, as the calling proxy sees it. The only key for TCP. */
  public static sourceIp(options: ConsistentHashOptions = {}): ConsistentHash {
    options = acceptedArgument('ConsistentHash.sourceIp', options);
    return new ConsistentHash('sourceIp', { useSourceIp: true }, undefined, options.table);
  }

  /** The value of a query parameter. Requests without it go to random endpoints. */
  public static queryParameter(name: string, options: ConsistentHashOptions = {}): ConsistentHash {
    [name, options] = accepted('ConsistentHash.queryParameter', [name, options]);
    const problem = name === '' ? 'consistentHash query parameter has no name; set a name' : undefined;
    return new ConsistentHash('queryParameter', { httpQueryParameterName: name }, problem, options.table);
  }

  /** @internal */
  public readonly _istio: { readonly [field: string]: unknown };
  /** @internal */
  public readonly _problem: Problem;

  private constructor(
    /** `header`, `cookie`, `sourceIp` or `queryParameter`. */
    public readonly kind: string,
    key: { readonly [field: string]: unknown },
    problem: Problem,
    table: HashTable | undefined,
  ) {
    this._problem = problem ?? (table && tableProblem(table));
    this._istio = { ...key, ...(table ? istioTable(table) : {}) };
  }
}

function cookieProblem(name: string, { ttl, path, attributes = {} }: CookieHashOptions): Problem {
  const names = [name, ...Object.keys(attributes)];
  const bad = names.find(n => !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(n));
  if (bad !== undefined) {
    return `consistentHash cookie '${name}' has the name or attribute '${bad}', which is not a valid cookie token; use letters, digits and '-'`;
  }
  const stated = [...(path === undefined ? [] : ['path']), ...(Object.keys(attributes).length > 0 ? ['attributes'] : [])];
  if (ttl === undefined && stated.length > 0) {
    return `consistentHash cookie '${name}' has ${stated.join(' and ')} without ttl, without which Envoy sets no cookie; set ttl, zero for a session cookie`;
  }
  const reserved = Object.keys(attributes).find(n => /^(path|max-age|expires)$/i.test(n));
  if (reserved !== undefined) {
    return `consistentHash cookie '${name}' has the attribute '${reserved}', which Envoy sets itself; use path or ttl`;
  }
  for (const [attribute, value] of Object.entries(attributes)) {
    const problem = objectionProblem(`consistentHash cookie '${name}' attribute '${attribute}'`, singleLineObjection(value));
    if (problem !== undefined) return problem;
  }
  return durationProblem('consistentHash cookie ttl', ttl, { zero: true });
}

const LARGEST_RING = 8 * 1024 * 1024;
const MAGLEV_LIMIT = 5000011;

function tableProblem({ kind, size }: HashTable): Problem {
  if (kind === 'maglev') {
    return size !== undefined && Number.isInteger(size) && size < MAGLEV_LIMIT && isPrime(size) ? undefined
      : `consistentHash maglev tableSize is ${size}; use a prime number below ${MAGLEV_LIMIT}, such as 65537`;
  }
  if (size === undefined || (Number.isInteger(size) && size >= 1 && size <= LARGEST_RING)) return undefined;
  return `consistentHash ringHash minimumRingSize is ${size}; use an integer from 1 to ${LARGEST_RING}, the largest ring that Envoy accepts`;
}

function isPrime(n: number): boolean {
  if (n < 2) return false;
  for (let factor = 2; factor * factor <= n; factor++) if (n % factor === 0) return false;
  return true;
}

function istioTable({ kind, size }: HashTable): object {
  if (kind === 'maglev') return { maglev: { tableSize: size } };
  return { ringHash: size === undefined ? {} : { minimumRingSize: size } };
}
