import type { RequestClass } from './request-class';
import type { StringCondition } from '../../manifest/string-condition';
import type { AccessRule, AccessTerms, Condition } from '../model/access';

/** Whether all, some or none of the requests of a class have one of some values. `maybe` is not decided. */
type Part = 'all' | 'none' | 'maybe';

/** Whether requests of a class meet a rule, apart from who sends them. */
export interface Met {
  readonly part: Part;
  /** The field that no request meets. */
  readonly field?: string;
}

/** Which requests of a class meet a rule, apart from the caller and the ports. */
export function metBy(rule: AccessRule, requests: RequestClass): Met {
  const ofCallers: FieldPart[] = requests.isAnonymous && rule.terms.callers ? [['callers', 'none']] : [];
  const parts = requests.isConnection ? [...ofCallers, ...ofConnections(rule, requests)] : [
    ...ofCallers,
    ...partsOf(rule.terms, requests),
    ...partsOf(rule.except, requests).map(([field, part]) => [`except.${field}`, opposite(part)] as const),
    ...rule.when.map(condition => [`when (${condition.key})`, ofCondition(condition, requests)] as const),
  ];
  const lost = parts.find(([, part]) => part === 'none');
  if (lost) return { part: 'none', field: lost[0] };
  return { part: parts.every(([, part]) => part === 'all') ? 'all' : 'maybe' };
}

type FieldPart = readonly [string, Part];

function partsOf({ hosts, paths, methods, ...others }: AccessTerms, requests: RequestClass): FieldPart[] {
  return [
    ...hosts ? [['hosts', ofHosts(hosts, requests.host)] as const] : [],
    ...paths ? [['paths', ofPaths(paths, requests.path)] as const] : [],
    ...methods ? [['methods', ofMethods(methods, requests.method)] as const] : [],
    ...undecided(others),
  ];
}

/** Addresses and tokens, which no manifest states. */
function undecided({ ipBlocks, remoteIpBlocks, requestPrincipals }: AccessTerms): FieldPart[] {
  return Object.entries({ ipBlocks, remoteIpBlocks, requestPrincipals }).filter(([, values]) => values).map(([field]) => [field, 'maybe']);
}

/** Where Envoy sees connections, Istio omits a rule that allows requests, and conditions on requests from one that denies. */
function ofConnections({ action, terms, except, when }: AccessRule, requests: RequestClass): FieldPart[] {
  const [own, excepted] = [fieldsOfRequests(terms), fieldsOfRequests(except).map(field => `except.${field}`)];
  const conditions = when.filter(({ key }) => isOfRequests(key)).map(({ key }) => `when (${key})`);
  const lost = [...own, ...excepted, ...conditions];
  const addresses = [terms, except].some(({ ipBlocks, remoteIpBlocks }) => ipBlocks ?? remoteIpBlocks);
  return [
    ...action === 'ALLOW' ? lost.map((field): FieldPart => [field, 'none']) : [],
    ...when.filter(({ key }) => !isOfRequests(key)).map((condition): FieldPart => [`when (${condition.key})`, ofCondition(condition, requests)]),
    ...addresses ? [['ipBlocks', 'maybe'] as const] : [],
  ];
}

function isOfRequests(key: string): boolean {
  return key.startsWith('request.');
}

function fieldsOfRequests({ requestPrincipals, hosts, methods, paths }: AccessTerms): string[] {
  return Object.entries({ requestPrincipals, hosts, methods, paths }).filter(([, values]) => values).map(([field]) => field);
}

function opposite(part: Part): Part {
  return part === 'all' ? 'none' : part === 'none' ? 'all' : 'maybe';
}

/** Clients may add a port to the host. */
function ofHosts(values: readonly string[], host: string | undefined): Part {
  if (host === undefined) return values.includes('*') ? 'all' : 'maybe';
  const name = pattern(host.toLowerCase());
  const patterns = values.map(value => value.toLowerCase());
  const withAnyPort = patterns.filter(value => value.endsWith(':*')).map(value => value.slice(0, -2));
  const isAll = patterns.includes('*')
    || (patterns.some(value => covers(pattern(value), name)) && withAnyPort.some(value => covers({ exact: value }, name)));
  if (isAll) return 'all';
  return patterns.some(value => overlap(pattern(value.replace(/:(\d+|\*)$/, '')), name)) ? 'maybe' : 'none';
}

function ofPaths(values: readonly string[], path: StringCondition | undefined): Part {
  const patterns = values.map(value => (/[{}]/.test(value) ? undefined : pattern(value)));
  const received = path ?? { prefix: '/' };
  if (patterns.some(each => each && covers(each, received))) return 'all';
  return patterns.some(each => each === undefined || overlap(each, received)) ? 'maybe' : 'none';
}

function ofMethods(values: readonly string[], method: string | undefined): Part {
  if (method === undefined) return 'maybe';
  return values.includes(method) ? 'all' : 'none';
}

function ofCondition({ key, values, isNegated }: Condition, requests: RequestClass): Part {
  const part = ofAttribute(key, values, requests);
  return isNegated ? opposite(part) : part;
}

function ofAttribute(key: string, values: readonly string[], { host, headers, serverName }: RequestClass): Part {
  if (key === 'connection.sni') {
    return serverName === undefined || values.some(value => overlap(pattern(value), { prefix: serverName })) ? 'maybe' : 'none';
  }
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1].toLowerCase();
  if (header === 'host') return ofHosts(values, host);
  if (header === undefined || !headers?.has(header)) return 'maybe';
  const value = headers.get(header);
  return value !== undefined && values.some(each => covers(pattern(each), { exact: value })) ? 'all' : 'none';
}

interface Pattern {
  readonly exact?: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/** A value as AuthorizationPolicies read it, with a star at one end. */
function pattern(value: string): Pattern {
  if (value === '*') return { prefix: '' };
  if (value.startsWith('*')) return { suffix: value.slice(1) };
  return value.endsWith('*') ? { prefix: value.slice(0, -1) } : { exact: value };
}

/** Whether every string of `narrow` is one of `wide`. */
function covers(wide: Pattern, narrow: Pattern): boolean {
  if (wide.prefix !== undefined) return (narrow.exact ?? narrow.prefix)?.startsWith(wide.prefix) ?? wide.prefix === '';
  if (wide.suffix !== undefined) return (narrow.exact ?? narrow.suffix)?.endsWith(wide.suffix) ?? false;
  return narrow.exact !== undefined && narrow.exact === wide.exact;
}

/** Whether a string may belong to both. */
function overlap(a: Pattern, b: Pattern): boolean {
  if (a.exact !== undefined) return covers(b, a);
  if (b.exact !== undefined) return covers(a, b);
  if (a.prefix !== undefined && b.prefix !== undefined) return a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix);
  if (a.suffix !== undefined && b.suffix !== undefined) return a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix);
  return true;
}
