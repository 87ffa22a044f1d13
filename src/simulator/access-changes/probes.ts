import { AddressProbes } from './address-probes';
import type { NamedCondition } from './named-values';
import { NamedValues } from './named-values';
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
  readonly methods: NamedValues<string>;
  readonly paths: NamedValues<string>;
  /** The hosts that requests to a host name; undefined stands for that host. */
  readonly hostsAt: (host: string) => NamedValues<string | undefined>;
  /** The values of each header, by its name; undefined for a request without it. */
  readonly headers: ReadonlyMap<string, NamedValues<string | undefined>>;
  /** The addresses of connections. */
  readonly addresses: NamedValues<string>;
  /** The addresses that forwarding headers state; undefined for none. */
  readonly forwarded: NamedValues<string | undefined>;
  readonly tokens: NamedValues<ProbedToken>;
  /** The ports of connections that rules name. */
  readonly ports: readonly number[];
  /** Whether the values of requests stand for all others, as each combination of conditions is met by some. */
  readonly areRequestsWhole: boolean;
  /** Whether all values stand for all others. */
  readonly isWhole: boolean;
}

/** An account that rules name only by their namespace. */
export const ANY_ACCOUNT = 'any-account';
/** A namespace that no rule names. */
export const ANY_NAMESPACE = 'any-namespace';

/** What no request states. */
export const ABSENT = new NamedValues<string | undefined>([undefined]);

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
  return {
    ...probes,
    methods: new NamedValues(['GET']),
    paths: new NamedValues(['/']),
    hostsAt: () => ABSENT,
    headers: new Map(),
    forwarded: ABSENT,
    tokens: new NamedValues<ProbedToken>([{ words: '', token: 'none' }]),
  };
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
  private readsOtherIdentities = false;

  constructor(private readonly trustDomain: string) {}

  public collect(value: unknown): void {
    if (Array.isArray(value)) value.forEach(item => this.collect(item));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const node = value as Node;
    if (node.principalName) this.addIdentity(node.principalName as StringMatcher);
    if (node.urlPath) this.paths.add((node.urlPath as { readonly path: StringMatcher }).path);
    if (typeof node.pathTemplate === 'string') this.paths.addTemplate(node.pathTemplate);
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
    const ofRequests = [paths, hosts, ...headers.values(), addresses, forwarded, tokens];
    const areRequestsWhole = !this.readsOthers && ofRequests.every(({ isWhole }) => isWhole);
    return {
      identities: [...this.identities],
      ofIdentities: [...this.ofIdentities.values()],
      methods: this.toldMethods(),
      paths: this.toldPaths(),
      hostsAt: host => {
        const named = hosts.values().filter(each => each !== hosts.filler);
        return new NamedValues(
          [undefined, ...named, ...hosts.takes(host) ? [hosts.filler] : []],
          hosts.conditions.map(({ words, takes }) => ({ words: `to ${words}`, takes: value => takes(value ?? host) })),
        );
      },
      headers: new Map([...headers].map(([name, values]) => [name, toldHeader(name, values)])),
      addresses: new NamedValues(addresses.values, worded('from ', addresses.conditions)),
      forwarded: this.readsForwarded ? new NamedValues([undefined, ...forwarded.values], [
        { words: 'that is not forwarded', takes: value => value === undefined },
        ...worded('forwarded for ', forwarded.conditions).map(ofPresent),
      ]) : ABSENT,
      tokens: tokens.tokens,
      ports: [...this.ports],
      areRequestsWhole,
      isWhole: areRequestsWhole && !this.readsOtherIdentities,
    };
  }

  private toldPaths(): NamedValues<string> {
    const { paths } = this;
    const stated = paths.values(inPath).filter(path => path.startsWith('/'));
    const otherPath = ['/any-other-path', `/${paths.filler}`].find(path => !paths.takes(path));
    return new NamedValues(paths.takes('/') && otherPath !== undefined ? [...stated, otherPath] : stated, paths.conditions);
  }

  /** A method for each combination of conditions that some method meets. */
  private toldMethods(): NamedValues<string> {
    const conditions = this.methods.map(stringMatcher);
    const told = new Map<string, string>();
    for (const method of [...this.methods.flatMap(({ exact = '' }) => (METHODS.includes(exact) ? [exact] : [])), ...METHODS]) {
      const met = conditions.map(({ takes }) => (takes(method) ? '1' : '0')).join('');
      if (!told.has(met)) told.set(met, method);
    }
    const named = this.methods.map(({ exact, prefix, suffix }, place) => (
      { words: exact ?? (prefix === undefined ? `*${suffix ?? ''}` : `${prefix}*`), takes: conditions[place].takes }));
    return new NamedValues([...told.values()], named);
  }

  private addIdentity(condition: StringMatcher): void {
    const { exact, prefix, safeRegex } = condition;
    this.ofIdentities.set(JSON.stringify(condition), condition);
    if (exact !== undefined) this.identities.add(exact);
    if (prefix !== undefined && prefix !== 'spiffe://') this.identities.add(`${prefix}${ANY_ACCOUNT}`);
    const { regex = '' } = safeRegex ?? {};
    const plain = (text: string) => text.replace(/\.\*/g, 'x').replace(/\\(.)/g, '$1');
    const [, namespace] = /^\.\*\/ns\/(.*)\/\.\*$/.exec(regex) ?? [];
    if (namespace !== undefined) this.identities.add(this.idOf(plain(namespace)));
    const [, of, account] = /^spiffe:\/\/\.\+\/ns\/(.*)\/\(\.\+\/\|\)sa\/(.*)\(\/\.\+\)\?$/.exec(regex) ?? [];
    if (of !== undefined) this.identities.add(this.idOf(plain(of), plain(account)));
    const [, suffix] = /^spiffe:\/\/\.\*(.+)$/.exec(regex) ?? [];
    if (suffix !== undefined && of === undefined) this.identities.add(this.endingIn(plain(suffix)));
    const isTold = exact !== undefined || regex === '.+' || of !== undefined || (namespace !== undefined && !namespace.includes('.*'));
    this.readsOtherIdentities ||= !isTold;
  }

  /** An identity of a namespace that no rule names. */
  private endingIn(suffix: string): string {
    return `spiffe://${this.trustDomain}/ns/${ANY_NAMESPACE}${/^\/sa\/[^/]/.test(suffix) ? '' : '/sa/any-'}${suffix}`;
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

/** The values of a header, and a request without it. */
function toldHeader(name: string, values: StringProbes): NamedValues<string | undefined> {
  const start = `with ${name}`;
  return new NamedValues<string | undefined>([undefined, ...values.values()], [
    { words: `without ${name}`, takes: value => value === undefined },
    { words: start, takes: value => value !== undefined },
    ...values.conditions.map(({ words, takes }) => ofPresent({ words: `${start}: ${words}`, asException: words, takes })),
  ]);
}

function worded(start: string, conditions: readonly NamedCondition<string>[]): NamedCondition<string>[] {
  return conditions.map(({ words, takes }) => ({ words: `${start}${words}`, asException: words, takes }));
}

function ofPresent({ takes, ...words }: NamedCondition<string>): NamedCondition<string | undefined> {
  return { ...words, takes: value => value !== undefined && takes(value) };
}

function inPath(prefix: string, filler: string, suffix: string): string {
  const path = prefix + (prefix + suffix === '' ? '' : filler) + suffix;
  return path.startsWith('/') ? path : `/${path}`;
}

function lowerCase({ exact, prefix, suffix }: StringMatcher): StringMatcher {
  return { exact: exact?.toLowerCase(), prefix: prefix?.toLowerCase(), suffix: suffix?.toLowerCase() };
}
