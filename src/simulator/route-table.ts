import { Refusal } from './refusal';
import type { Request } from './request';
import { portStart } from './request';
import type { Condition } from './route-match';
import { conditionsOf } from './route-match';
import type { Route, RouteConfiguration, VirtualHost } from '../envoy/xds/route';

/** A route with compiled conditions. */
export interface CompiledRoute {
  readonly route: Route;
  /** Its index in the virtual host, from 0. */
  readonly index: number;
  readonly conditions: readonly Condition[];
}

/** The answer of a virtual host to a request: one of its routes, or none. */
export interface TakenRoute {
  /** The first route that matches the request. */
  readonly taken?: CompiledRoute;
  /** A route that may match, depending on what only the connection tells; no earlier route matches. */
  readonly open?: CompiledRoute;
}

const NO_ROUTE: TakenRoute = {};

/** A virtual host, whose routes are compiled at its first request. */
export class CompiledHost {
  private compiled?: readonly CompiledRoute[];

  constructor(public readonly virtualHost: VirtualHost, public readonly table: RouteTable) {}

  public get routes(): readonly CompiledRoute[] {
    this.compiled ??= (this.virtualHost.routes ?? []).map((route, index) => ({
      route,
      index,
      conditions: this.conditionsOf(route, index),
    }));
    return this.compiled;
  }

  /** The first route that matches or may match the request. */
  public take(request: Request): TakenRoute {
    // Istio creates no route for CONNECT.
    if (request.method === 'CONNECT') return NO_ROUTE;
    for (const compiled of this.routes) {
      const isMet = takes(compiled, request);
      if (isMet !== false) return isMet ? { taken: compiled } : { open: compiled };
    }
    return NO_ROUTE;
  }

  /** Whether the virtual host accepts only TLS, and the request is plaintext. */
  public asksForTls({ proto }: Request): boolean {
    return this.virtualHost.requireTls === 'ALL' && proto !== 'https';
  }

  private conditionsOf(route: Route, index: number): Condition[] {
    try {
      return conditionsOf(route.match);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const at = `route ${index + 1}${route.name === undefined ? '' : ` '${route.name}'`} of virtual host ${this.virtualHost.name}`;
      throw new Refusal(`Envoy would reject route configuration ${this.table.name}: ${at}: ${error.message}`);
    }
  }
}

/** Whether a request meets all conditions; undefined if that depends on what only the connection tells. */
function takes({ conditions }: CompiledRoute, request: Request): boolean | undefined {
  let isMet: boolean | undefined = true;
  for (const condition of conditions) {
    const isOne = condition.takes(request);
    if (isOne === false) return false;
    if (isOne === undefined) isMet = undefined;
  }
  return isMet;
}

/** Why a request does not meet conditions of a route (`false`), or why it is not known whether it meets them (`undefined`). */
export function failuresOf({ conditions }: CompiledRoute, request: Request, isMet: false | undefined): string {
  return conditions.filter(condition => condition.takes(request) === isMet).map(({ failure }) => failure(request)).join(', and ');
}

/** How a virtual host was found. */
export interface FoundHost {
  readonly host: CompiledHost;
  /** The domain of the virtual host that matched the authority. */
  readonly domain: string;
}

/**
 * The virtual hosts of a route configuration, selected by authority as in Envoy: the exact name, else the longest `*suffix`, else the
 * longest `prefix*`, else `*`.
 */
export class RouteTable {
  public readonly name: string;
  private readonly exact = new Map<string, FoundHost>();
  private readonly suffixes = new Wildcards((host, length) => host.slice(host.length - length));
  private readonly prefixes = new Wildcards((host, length) => host.slice(0, length));
  private any?: FoundHost;

  constructor(public readonly configuration: RouteConfiguration) {
    this.name = configuration.name;
    for (const virtualHost of configuration.virtualHosts ?? []) {
      const host = new CompiledHost(virtualHost, this);
      for (const domain of virtualHost.domains) this.add(domain.toLowerCase(), { host, domain });
    }
  }

  /** The virtual host of an authority. */
  public find(authority: string): FoundHost | undefined {
    const colon = this.configuration.ignorePortInHostMatching === true ? portStart(authority) : -1;
    const host = (colon < 0 ? authority : authority.slice(0, colon)).toLowerCase();
    return this.exact.get(host) ?? this.suffixes.find(host) ?? this.prefixes.find(host) ?? this.any;
  }

  private add(domain: string, found: FoundHost): void {
    if (domain === '*') this.any ??= found;
    else if (domain.startsWith('*')) this.suffixes.add(domain.slice(1), found);
    else if (domain.endsWith('*')) this.prefixes.add(domain.slice(0, -1), found);
    else if (!this.exact.has(domain)) this.exact.set(domain, found);
  }
}

/** Domains with a wildcard on one side, by length. The longest comes first, and a wildcard matches at least one character. */
class Wildcards {
  private readonly byLength = new Map<number, Map<string, FoundHost>>();
  private lengths: readonly number[] = [];

  constructor(private readonly part: (host: string, length: number) => string) {}

  public add(text: string, found: FoundHost): void {
    let same = this.byLength.get(text.length);
    if (!same) {
      this.byLength.set(text.length, same = new Map());
      this.lengths = [...this.byLength.keys()].sort((a, b) => b - a);
    }
    if (!same.has(text)) same.set(text, found);
  }

  public find(host: string): FoundHost | undefined {
    for (const length of this.lengths) {
      if (length >= host.length) continue;
      const found = this.byLength.get(length)!.get(this.part(host, length));
      if (found) return found;
    }
    return undefined;
  }
}
