import { connectionManagerOf, filterChainsOf } from '../../envoy/filter-chains';
import type { Listener } from '../../envoy/xds/listener';
import type { Claims } from '../access/facts';

/** Values that the rules of access filters name, and others that no rule names. */
export interface Probes {
  readonly identities: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  /** `NAME: VALUE` of headers. */
  readonly headers: ReadonlySet<string>;
  readonly claims: Claims;
}

/** An account that rules name only by their namespace. */
export const ANY_ACCOUNT = 'any-account';
/** An address that no rule should name. */
export const ELSEWHERE = '192.0.2.1';

type Writable = { -readonly [P in keyof Probes]: Probes[P] extends ReadonlySet<infer T> ? Set<T> : { [claim: string]: unknown } };

/** The values that the rules of some listeners name. */
export function probesOf(listeners: readonly Listener[], trustDomain: string): Probes {
  const probes: Writable = {
    identities: new Set(),
    methods: new Set(['GET']),
    paths: new Set(['/']),
    addresses: new Set([ELSEWHERE]),
    headers: new Set(),
    claims: {},
  };
  for (const chain of listeners.flatMap(filterChainsOf)) {
    for (const { name, typedConfig } of [...chain.filters ?? [], ...connectionManagerOf(chain)?.httpFilters ?? []]) {
      if (/\.(?:rbac|jwt_authn)$/.test(name)) collect(typedConfig, probes, trustDomain);
    }
  }
  return probes;
}

type Node = { readonly [field: string]: unknown };

function collect(value: unknown, probes: Writable, trustDomain: string): void {
  if (Array.isArray(value)) value.forEach(item => collect(item, probes, trustDomain));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const node = value as Node;
  if (node.principalName) addIdentity(node.principalName as Node, probes, trustDomain);
  if (node.urlPath) addTexts((node.urlPath as { readonly path: Node }).path, probes.paths);
  if (node.header) addHeader(node.header as Node, probes);
  for (const field of ['directRemoteIp', 'remoteIp']) {
    if (node[field]) probes.addresses.add((node[field] as { readonly addressPrefix: string }).addressPrefix);
  }
  if (typeof node.pathTemplate === 'string') probes.paths.add(node.pathTemplate.replace(/\*+/g, 'x'));
  if (node.metadata) addClaim(node.metadata as Node, probes);
  if (typeof node.issuer === 'string') probes.claims.iss ??= node.issuer;
  if (Array.isArray(node.audiences)) probes.claims.aud ??= node.audiences;
  for (const part of Object.values(node)) collect(part, probes, trustDomain);
}

/** Strings that a matcher takes, and one beside a prefix. */
function addTexts({ exact, prefix, suffix }: Node, texts: Set<string>): void {
  if (typeof exact === 'string') texts.add(exact);
  if (typeof prefix === 'string') texts.add(`${prefix}x`);
  if (typeof suffix === 'string') texts.add(suffix.startsWith('/') ? `/x${suffix}` : `/x/${suffix}`);
}

function addIdentity({ exact, prefix, safeRegex }: Node, { identities }: Writable, trustDomain: string): void {
  if (typeof exact === 'string') identities.add(exact);
  if (typeof prefix === 'string') identities.add(`${prefix}${ANY_ACCOUNT}`);
  const { regex = '' } = (safeRegex ?? {}) as { readonly regex?: string };
  const plain = (text: string) => text.replace(/\.\*/g, 'x').replace(/\\(.)/g, '$1');
  const [, namespace] = /^\.\*\/ns\/(.*)\/\.\*$/.exec(regex) ?? [];
  if (namespace !== undefined) identities.add(`spiffe://${trustDomain}/ns/${plain(namespace)}/sa/${ANY_ACCOUNT}`);
  const [, of, account] = /^spiffe:\/\/\.\+\/ns\/(.*)\/\(\.\+\/\|\)sa\/(.*)\(\/\.\+\)\?$/.exec(regex) ?? [];
  if (of !== undefined) identities.add(`spiffe://${trustDomain}/ns/${plain(of)}/sa/${plain(account)}`);
}

function addHeader({ name, stringMatch }: Node, { methods, headers }: Writable): void {
  const { exact, prefix } = (stringMatch ?? {}) as { readonly exact?: string; readonly prefix?: string };
  const value = exact ?? (prefix === undefined ? undefined : `${prefix}x`);
  if (value === undefined || name === ':authority') return;
  if (name === ':method') methods.add(value);
  else headers.add(`${String(name)}: ${value}`);
}

function addClaim({ path, value }: Node, { claims }: Writable): void {
  const names = (path as readonly { readonly key: string }[]).slice(1).map(({ key }) => key);
  const [, found] = /"exact":"((?:[^"\\]|\\.)*)"/.exec(JSON.stringify(value)) ?? [];
  if (names.length === 1) claims[names[0]] ??= found === undefined ? 'x' : JSON.parse(`"${found}"`) as string;
}
