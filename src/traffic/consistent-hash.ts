import type { Duration } from 'cdk8s';
import { durationProblem, istioDuration } from './duration';
import { headerNameProblem } from './name';
import type { Problem } from './problem';

/**
 * Options of a ring.
 */
export interface RingHashOptions {
  /**
   * The fewest entries of the ring; more entries share out the requests more evenly.
   * @default - 1024
   */
  readonly minimumRingSize?: number;
}

/**
 * Options of a Maglev table.
 */
export interface MaglevOptions {
  /** The entries of the table: a prime number below 5000011. More entries move fewer requests where endpoints come and go. */
  readonly tableSize: number;
}

/**
 * How hashes are shared out over the endpoints.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/load_balancers
 */
export class HashTable {
  /** A ring, on which an endpoint that leaves moves its own requests only. */
  public static ringHash(options: RingHashOptions = {}): HashTable {
    return new HashTable('ringHash', options.minimumRingSize);
  }

  /** Maglev's table: faster to look up, and it moves somewhat more requests. */
  public static maglev(options: MaglevOptions): HashTable {
    return new HashTable('maglev', options.tableSize);
  }

  private constructor(
    /** `ringHash` or `maglev`. */
    public readonly kind: string,
    /** The size that is stated. */
    public readonly size?: number,
  ) {}
}

/**
 * Options of a consistent hash.
 */
export interface ConsistentHashOptions {
  /**
   * How hashes are shared out over the endpoints.
   * @default - a ring of at least 1024 entries
   */
  readonly table?: HashTable;
}

/**
 * Options of a hash of a cookie.
 */
export interface CookieHashOptions extends ConsistentHashOptions {
  /**
   * How long the cookie lives that Envoy sets where the request has none; zero means as long as the browser runs.
   * @default - Envoy sets none, and requests without it are spread at random
   */
  readonly ttl?: Duration;
  /**
   * The path of the cookie that Envoy sets. Only with `ttl`.
   * @default - none
   */
  readonly path?: string;
  /**
   * Further attributes of the cookie that Envoy sets, such as `{ SameSite: 'Strict', Secure: '' }`. Only with `ttl`.
   * @default - none
   */
  readonly attributes?: { readonly [name: string]: string };
}

/**
 * What the endpoint of a request is chosen by, so that equal requests reach the same endpoint while it is there. Each calling proxy chooses
 * by itself; as long as all see the same endpoints, all choose alike.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-ConsistentHashLB
 */
export class ConsistentHash {
  /** The value of a request header. Requests without it are spread at random. */
  public static header(name: string, options: ConsistentHashOptions = {}): ConsistentHash {
    return new ConsistentHash('header', { httpHeaderName: name }, headerNameProblem('consistentHash header', name), options.table);
  }

  /** The value of a cookie. With `ttl`, Envoy sets it where it is missing. */
  public static cookie(name: string, options: CookieHashOptions = {}): ConsistentHash {
    const { ttl, path, attributes = {} } = options;
    const named = Object.keys(attributes).length > 0;
    const problem = cookieProblem(name, options);
    return new ConsistentHash('cookie', {
      httpCookie: {
        name,
        ...(path === undefined ? {} : { path }),
        ...(ttl === undefined ? {} : { ttl: istioDuration(ttl) }),
        ...(named ? { attributes: Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)).map(([n, value]) => (value === '' ? { name: n } : { name: n, value })) } : {}),
      },
    }, problem, options.table);
  }

  /** The address of the caller, as the calling proxy sees it; the only choice for TCP. */
  public static sourceIp(options: ConsistentHashOptions = {}): ConsistentHash {
    return new ConsistentHash('sourceIp', { useSourceIp: true }, undefined, options.table);
  }

  /** The value of a query parameter. Requests without it are spread at random. */
  public static queryParameter(name: string, options: ConsistentHashOptions = {}): ConsistentHash {
    const problem = name === '' ? 'consistentHash query parameter has no name; name it' : undefined;
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
  if (bad !== undefined) return `consistentHash cookie '${name}' has the name or attribute '${bad}', which is no cookie token; use letters, digits and '-'`;
  const stated = [...(path === undefined ? [] : ['path']), ...(Object.keys(attributes).length > 0 ? ['attributes'] : [])];
  if (ttl === undefined && stated.length > 0) {
    return `consistentHash cookie '${name}' has ${stated.join(' and ')} without ttl, so that Envoy sets no cookie to put it on; state ttl, zero for the browser's session`;
  }
  const reserved = Object.keys(attributes).find(n => /^(path|max-age|expires)$/i.test(n));
  if (reserved !== undefined) return `consistentHash cookie '${name}' has the attribute '${reserved}', which Envoy writes itself; use path or ttl`;
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
  return `consistentHash ringHash minimumRingSize is ${size}; use a whole number from 1 to ${LARGEST_RING}, the largest ring that Envoy takes`;
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
