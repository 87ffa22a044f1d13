import { AddressProbes } from './address-probes';
import { StringProbes } from './string-probes';
import type { ProbedToken } from './token-probes';
import { TokenProbes } from './token-probes';
import { connectionManagerOf } from '../../envoy/filter-chains';
import { HTTP1_METHODS } from '../../envoy/http1-methods';
import type { JwtProvider } from '../../envoy/xds/jwt-authn';
import type { FilterChain } from '../../envoy/xds/listener';
import type { HeaderMatcher, MetadataMatcher, StringMatcher } from '../../envoy/xds/matcher';
import { stringMatcher } from '../string-matcher';

/** Values that the rules of access filters name, and others that no rule names. */
export interface Probes {
  readonly identities: readonly string[];
  /** The conditions on identities: callers that meet the same ones are treated alike. */
  readonly ofIdentities: readonly StringMatcher[];
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  /** Undefined stands for the host that is called. */
  readonly hosts: readonly (string | undefined)[];
  /** A host that no rule names. */
  readonly otherHost: string;
  readonly takesHost: (host: string) => boolean;
  /** The values of each header, by its name; undefined for a request without it. */
  readonly headers: ReadonlyMap<string, readonly (string | undefined)[]>;
  /** The addresses of connections. */
  readonly addresses: readonly string[];
  /** The addresses that forwarding headers state; undefined for none. */
  readonly forwarded: readonly (string | undefined)[];
  readonly tokens: readonly ProbedToken[];
  /** The ports of connections that rules name. */
  readonly ports: readonly number[];
  /** Whether the values stand for all others, as each combination of conditions is met by some. */
  readonly isWhole: boolean;
}

/** An account that rules name only by their namespace. */
export const ANY_ACCOUNT = 'any-account';

/** The methods that Envoy accepts. */
const METHODS = [...HTTP1_METHODS];

/** The values that the rules of some filter chains name. */
export function probesOf(chains: readonly FilterChain[], trustDomain: string): Probes {
  const collector = new Collector(trustDomain);
  for (const chain of chains) {
    for (const { name, typedConfig } of [...chain.filters ?? [], ...connectionManagerOf(chain)?.httpFilters ?? []]) {
      if (/\.(?:rbac|jwt_authn)$/.test(name)) collector.collect(typedConfig);
    }
  }
  return collector.probes();
}

/** Values for connections, in which Envoy sees no requests. */
export function ofConnections(probes: Probes): Probes {
  const nothing = { headers: new Map(), hosts: [undefined], forwarded: [undefined], tokens: [{ words: '', token: 'none' }] } as const;
  return { ...probes, ...nothing, methods: ['GET'], paths: ['/'] };
}

type Node = { readonly [field: string]: unknown };

class Collector {
  private readonly identities = new Set<string>();
  private readonly ofIdentities = new Map<string, StringMatcher>();
  private readonly methods: StringMatcher[] = [];
  private readonly paths = new StringProbes();
  private readonly hosts = new StringProbes();
  private readonly headers = new Map<string, StringProbes>();
  private readonly addresses = new AddressProbes();
  private readonly forwarded = new AddressProbes();
  private readonly tokens = new TokenProbes();
  private readonly ports = new Set<number>();
  private readsForwarded = false;
  private readsOthers = false;

  constructor(private readonly trustDomain: string) {}

  public collect(value: unknown): void {
    if (Array.isArray(value)) value.forEach(item => this.collect(item));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const node = value as Node;
    if (node.principalName) this.addIdentity(node.principalName as StringMatcher);
    if (node.urlPath) this.paths.add((node.urlPath as { readonly path: StringMatcher }).path);
    if (typeof node.pathTemplate === 'string') this.paths.addExample(node.pathTemplate.replace(/\*+/g, 'x'));
    if (node.header) this.addHeader(node.header as HeaderMatcher);
    for (const field of ['directRemoteIp', 'remoteIp'] as const) {
      const { addressPrefix, prefixLen = 0 } = (node[field] ?? {}) as { readonly addressPrefix?: string; readonly prefixLen?: number };
      if (addressPrefix === undefined) continue;
      this.addresses.add(addressPrefix, prefixLen);
      if (field === 'remoteIp') this.forwarded.add(addressPrefix, prefixLen);
      this.readsForwarded ||= field === 'remoteIp';
    }
    if (typeof node.destinationPort === 'number') this.ports.add(node.destinationPort);
    if (node.requestedServerName || node.destinationIp) this.readsOthers = true;
    if (node.metadata) this.tokens.addClaim(node.metadata as MetadataMatcher);
    const providers = (node.providers ?? {}) as { readonly [name: string]: JwtProvider };
    for (const provider of Object.values(providers)) this.tokens.addProvider(provider);
    for (const part of Object.values(node)) this.collect(part);
  }

  public probes(): Probes {
    const { paths, hosts, headers, addresses, forwarded, tokens } = this;
    const stated = paths.values(inPath).filter(path => path.startsWith('/'));
    const otherPath = ['/any-other-path', `/${paths.filler}`].find(path => !paths.takes(path));
    return {
      identities: [...this.identities],
      ofIdentities: [...this.ofIdentities.values()],
      methods: this.toldMethods(),
      paths: paths.takes('/') && otherPath !== undefined ? [...stated, otherPath] : stated,
      hosts: [undefined, ...hosts.values().filter(host => host !== hosts.filler)],
      otherHost: hosts.filler,
      takesHost: host => hosts.takes(host),
      headers: new Map([...headers].map(([name, values]) => [name, [undefined, ...values.values()]])),
      addresses: addresses.values,
      forwarded: this.readsForwarded ? [undefined, ...forwarded.values] : [undefined],
      tokens: tokens.tokens,
      ports: [...this.ports],
      isWhole: !this.readsOthers && [paths, hosts, ...headers.values(), addresses, forwarded, tokens].every(({ isWhole }) => isWhole),
    };
  }

  /** A method for each combination of conditions that some method meets. */
  private toldMethods(): readonly string[] {
    const conditions = this.methods.map(stringMatcher);
    const told = new Map<string, string>();
    for (const method of [...this.methods.flatMap(({ exact = '' }) => (METHODS.includes(exact) ? [exact] : [])), ...METHODS]) {
      const met = conditions.map(({ takes }) => (takes(method) ? '1' : '0')).join('');
      if (!told.has(met)) told.set(met, method);
    }
    return [...told.values()];
  }

  private addIdentity(condition: StringMatcher): void {
    const { exact, prefix, safeRegex } = condition;
    this.ofIdentities.set(JSON.stringify(condition), condition);
    if (exact !== undefined) this.identities.add(exact);
    if (prefix !== undefined) this.identities.add(prefix === 'spiffe://' ? this.idOf('any-namespace') : `${prefix}${ANY_ACCOUNT}`);
    const { regex = '' } = safeRegex ?? {};
    const plain = (text: string) => text.replace(/\.\*/g, 'x').replace(/\\(.)/g, '$1');
    const [, namespace] = /^\.\*\/ns\/(.*)\/\.\*$/.exec(regex) ?? [];
    if (namespace !== undefined) this.identities.add(this.idOf(plain(namespace)));
    const [, of, account] = /^spiffe:\/\/\.\+\/ns\/(.*)\/\(\.\+\/\|\)sa\/(.*)\(\/\.\+\)\?$/.exec(regex) ?? [];
    if (of !== undefined) this.identities.add(this.idOf(plain(of), plain(account)));
    const isTold = exact !== undefined || regex === '.+' || of !== undefined || (namespace !== undefined && !namespace.includes('.*'));
    this.readsOthers ||= !isTold;
  }

  private idOf(namespace: string, account = ANY_ACCOUNT): string {
    return `spiffe://${this.trustDomain}/ns/${namespace}/sa/${account}`;
  }

  private addHeader({ name, presentMatch, stringMatch = {} }: HeaderMatcher): void {
    if (name === ':method') {
      this.methods.push(presentMatch ? { prefix: '' } : stringMatch);
    } else if (name === ':authority') {
      if (!presentMatch) this.hosts.add(lowerCase(stringMatch));
    } else {
      const key = name.toLowerCase();
      const values = this.headers.get(key) ?? new StringProbes();
      this.headers.set(key, values);
      if (!presentMatch) values.add(stringMatch);
      if (key.startsWith(':') || key === 'host') this.readsOthers = true;
    }
  }
}

function inPath(prefix: string, filler: string, suffix: string): string {
  const path = prefix + (prefix + suffix === '' ? '' : filler) + suffix;
  return path.startsWith('/') ? path : `/${path}`;
}

function lowerCase({ exact, prefix, suffix }: StringMatcher): StringMatcher {
  return { exact: exact?.toLowerCase(), prefix: prefix?.toLowerCase(), suffix: suffix?.toLowerCase() };
}
