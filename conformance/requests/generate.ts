import { METHODS } from 'node:http';
import * as fc from 'fast-check';
import { odd } from './oddities';
import type { SentRequest } from './sent-request';
import { seeded } from '../../src/simulator/load/random';
import type { Json, ProxyConfig } from '../istiod/client';

/** A filter chain of a listener that reads HTTP, with its route configuration. */
export interface HttpListener {
  readonly name: string;
  readonly port: number;
  readonly routes: Json;
  /** The server names of a chain that ends TLS; undefined for plaintext. */
  readonly serverNames?: readonly string[];
}

export function httpListeners(config: ProxyConfig): HttpListener[] {
  return config.listeners.filter(({ name, trafficDirection }) => trafficDirection !== 'INBOUND' && name !== 'virtualInbound')
    .flatMap(({ name, address, filterChains = [] }) => {
      const inClear = filterChains.find((chain: Json) => chain.transportSocket === undefined);
      const chains: Json[] = [...(inClear ? [inClear] : []), ...filterChains.filter((chain: Json) => chain.transportSocket !== undefined)];
      return chains.flatMap(({ filters, filterChainMatch, transportSocket }: Json): HttpListener[] => {
        const manager = filters.find((filter: Json) => filter.name === 'envoy.filters.network.http_connection_manager')?.typedConfig;
        const routes = manager?.rds && config.routes.find(candidate => candidate.name === manager.rds.routeConfigName);
        const tls = transportSocket ? { serverNames: filterChainMatch?.serverNames ?? ['any.example.com'] } : {};
        return routes ? [{ name, port: address?.socketAddress?.portValue, routes, ...tls }] : [];
      });
    });
}

/** Whether an author configured a host, beyond its existence. */
function isStated({ routes = [] }: Json): boolean {
  return routes.length > 1 || routes.some(({ typedPerFilterConfig, redirect, requestHeadersToAdd, route }: Json) =>
    typedPerFilterConfig !== undefined
      || redirect !== undefined
      || requestHeadersToAdd !== undefined
      || route?.weightedClusters !== undefined);
}

/** Chains of addresses, some of which are none. */
const FORWARDED = [
  '203.0.113.7', '10.0.0.1, 203.0.113.7', '203.0.113.7,10.0.0.1', '10.0.0.1 , 10.0.0.2,203.0.113.7', 'unknown', '203.0.113.7, unknown',
  '2001:db8::1', '10.0.0.1:80', ',',
];

/** Requests aimed at the routes of a proxy: most match a route, some miss a part of a match, some match nothing. */
export class RequestGenerator {
  private readonly random: () => number;

  constructor(private readonly config: ProxyConfig, private readonly seed: number) {
    this.random = seeded(seed);
  }

  public requests(count: number): SentRequest[] {
    const listeners = httpListeners(this.config);
    return listeners.length === 0 ? [] : Array.from({ length: count }, () => this.request(this.oneOf(listeners)));
  }

  private request(listener: HttpListener): SentRequest {
    const request = { ...this.plainRequest(listener), ...this.handshakeWith(listener) };
    const kind = this.random();
    if (kind < 0.35) return odd(request, { oneOf: list => this.oneOf(list) });
    return kind < 0.5
      ? { ...request, version: 'HTTP/2' }
      : kind < 0.55 && /^[\w.-]+(:\d+)?$/.test(String(request.authority))
        ? { ...request, isAbsolute: true }
        : request;
  }

  private handshakeWith({ serverNames }: HttpListener): Pick<SentRequest, 'serverName'> {
    if (serverNames === undefined) return {};
    return { serverName: this.random() < 0.05 ? 'unknown.example.org' : this.oneOf(serverNames).replace('*', 'any') };
  }

  private plainRequest({ name, port, routes: table }: HttpListener): SentRequest {
    // Most requests go to hosts with configured routes.
    const hosts: Json[] = table.virtualHosts ?? [];
    const stated = hosts.filter(isStated);
    const host = this.oneOf(stated.length > 0 && this.random() < 0.8 ? stated : hosts);
    const routes: Json[] = host?.routes ?? [];
    const filtered = routes.filter(({ typedPerFilterConfig }) => typedPerFilterConfig !== undefined);
    const route = this.oneOf(filtered.length > 0 && this.random() < 0.4 ? filtered : routes);
    const headers: { [name: string]: string } = {};
    const method = this.methodAndHeaders(route?.match ?? {}, headers);
    const path = this.pathFor(route?.match ?? {});
    if (this.random() < 0.1) headers['x-forwarded-proto'] = this.oneOf(['http', 'https']);
    if (this.random() < 0.15) headers['x-forwarded-for'] = this.oneOf(FORWARDED);
    const cors = route?.typedPerFilterConfig?.['envoy.filters.http.cors'];
    if (cors && this.random() < 0.8) {
      headers.origin = this.oneOf(['https://a.example.com', 'https://b.org', 'https://c12', 'https://evil.example.com']);
    }
    if (headers.origin && this.random() < 0.7) headers['access-control-request-method'] = 'PUT';
    const asksFirst = headers['access-control-request-method'] !== undefined && this.random() < 0.8;
    return {
      method: asksFirst ? 'OPTIONS' : method,
      listener: name,
      port,
      authority: this.authorityFor(route?.match ?? {}, host),
      path,
      headers,
    };
  }

  private authorityFor(match: Json, host: Json): string {
    const stated = match.headers?.find((header: Json) => header.name === ':authority');
    if (stated && this.random() < 0.8) return this.text(stated.stringMatch).replace(/[^\w.:-]/g, '');
    // No request matches a domain with a namespace before a slash.
    const domains = ((host?.domains ?? []) as string[]).filter(domain => !domain.includes('/'));
    if (domains.length === 0 || this.random() < 0.05) return 'unknown.example.org';
    const domain = this.oneOf(domains);
    const name = domain === '*' ? 'elsewhere.example.org' : domain.replace('*', 'any');
    const cased = this.random() < 0.1 ? name.toUpperCase() : name;
    return this.random() < 0.15 ? `${cased}:${this.oneOf([80, 8080])}` : cased;
  }

  private methodAndHeaders(match: Json, headers: { [name: string]: string }): string {
    let method = this.random() < 0.8 ? 'GET' : 'POST';
    for (const { name, stringMatch, presentMatch, invertMatch } of match.headers ?? []) {
      const meets = this.random() < 0.8;
      if (name === ':method' && stringMatch) method = meets ? this.methodOf(stringMatch) : 'DELETE';
      if (name.startsWith(':')) continue;
      if (meets === (invertMatch === true)) {
        if (this.random() < 0.5) headers[name] = meets ? 'other' : this.text(stringMatch ?? { exact: '1' });
        else if (!meets && stringMatch) headers[name] = 'other';
      } else if (meets || this.random() < 0.3) {
        headers[name] = stringMatch ? this.text(stringMatch) : presentMatch === undefined ? 'x' : this.oneOf(['', '1']);
      }
    }
    return method;
  }

  /** A method that meets a condition, if Envoy accepts it. */
  private methodOf(match: Json): string {
    const text = this.text(match);
    return METHODS.includes(text) ? text : METHODS.find(method => text.startsWith(method)) ?? 'GET';
  }

  private pathFor(match: Json): string {
    const rest = ['', '/', '/1', '/a/b', 'more', '/../x', '/./y', '/a%20b', '/%61%2Fb%7e', '/^{|}`', '/%2e%2E/z', '/a\\b', '//c'];
    const start: string =
      match.prefix
      ?? match.path
      ?? match.pathSeparatedPrefix
      ?? (match.safeRegex ? this.text({ safeRegex: match.safeRegex }).replace(/ /g, '%20') : '/');
    const more =
      match.path !== undefined || match.safeRegex !== undefined ? (this.random() < 0.8 ? '' : this.oneOf(rest)) : this.oneOf(rest);
    const cased = this.random() < 0.1 ? start.toUpperCase() : start;
    const path = this.random() < 0.1 ? '/elsewhere' : cased === '/' && more.startsWith('/') ? more : cased + more;
    const query = (match.queryParameters ?? []).flatMap(({ name, stringMatch }: Json) =>
      (this.random() < 0.8 ? [`${name}=${stringMatch ? this.text(stringMatch) : ''}`] : []));
    if (this.random() < 0.3) query.push(this.oneOf(['x=1', 'y', 'q=2', 'z=a/b']));
    return `${path.startsWith('/') ? path : `/${path}`}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  }

  /** A string that meets a StringMatcher. */
  private text({ exact, prefix, safeRegex, suffix }: Json): string {
    if (exact !== undefined) return exact;
    if (prefix !== undefined) return `${prefix}${this.oneOf(['', '1', 'x'])}`;
    if (suffix !== undefined) return `x${suffix}`;
    const plain = fc
      .stringMatching(new RegExp(`^(?:${safeRegex.regex})$`))
      .filter(text => /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(text) && !/[#\\]/.test(text));
    return fc.sample(plain, { numRuns: 1, seed: Math.floor(this.random() * 1e9) + this.seed })[0];
  }

  private oneOf<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)];
  }
}
