import { describeDestination, destinationOf } from './destination';
import type { Share } from './shares';
import { describeShares, percent, sharesOf } from './shares';
import { stableJson } from './stable-json';
import type { Json, Route } from '../envoy/proxy-config';

/** What is done to requests, one by one; the value is in words, and equal for equal treatment. */
export type Aspect = 'goes to' | 'answer' | 'mirror' | 'timeout' | 'retries' | 'fault' | 'rewrite' | 'headers' | 'cors' | 'hash policy' | 'other';

/** What a route does to its requests. */
export interface Treatment {
  readonly shares: readonly Share[];
  readonly mirrors: readonly string[];
  readonly aspects: { readonly [A in Aspect]?: string };
  /** Equal for equal treatments. */
  readonly key: string;
}

const FAULT = 'envoy.filters.http.fault';
const CORS = 'envoy.filters.http.cors';
const NONE = 'none';

/** Reads what a route does. `has` knows the clusters of the proxy. */
export function treatmentOf(route: Route, has: (cluster: string) => boolean): Treatment {
  const { requestHeadersToAdd, requestHeadersToRemove, responseHeadersToAdd, responseHeadersToRemove, ...fields } = route;
  const { route: action, redirect, directResponse, typedPerFilterConfig = {}, ...others } = fields;
  const { [FAULT]: fault, [CORS]: cors, ...filters } = typedPerFilterConfig;
  const headers = { requestHeadersToAdd, requestHeadersToRemove, responseHeadersToAdd, responseHeadersToRemove };
  const shares = action ? sharesOf(action) : [];
  const aspects: { [A in Aspect]?: string } = {
    'goes to': action ? describeShares(shares, has) : undefined,
    'answer': redirect ? describeRedirect(redirect) : directResponse ? describeDirectResponse(directResponse) : undefined,
    'fault': fault ? describeFault(fault) : NONE,
    'headers': describeHeaders(headers),
    'cors': cors ? stableJson({ ...cors, '@type': undefined, 'filterEnabled': undefined }) : NONE,
    ...(action ? actionAspects(action, has) : {}),
  };
  const rest = { ...unknown(others, KNOWN_OF_ROUTE), ...filters, ...unknown(action, KNOWN_OF_ACTION) };
  if (Object.keys(rest).length > 0) aspects.other = stableJson(rest);
  const mirrors = (action?.requestMirrorPolicies ?? []).map((m: Json) => m.cluster);
  return { shares, mirrors, aspects, key: stableJson(aspects) };
}

/** Fields that are read here, and those that say nothing about requests. */
const KNOWN_OF_ROUTE = new Set(['name', 'match', 'statPrefix', 'metadata', 'decorator']);
const KNOWN_OF_ACTION = new Set(['cluster', 'clusterHeader', 'weightedClusters', 'requestMirrorPolicies', 'timeout', 'maxGrpcTimeout', 'retryPolicy',
  'prefixRewrite', 'regexRewrite', 'hostRewriteLiteral', 'autoHostRewrite', 'hashPolicy']);

function unknown(fields: Json = {}, known: ReadonlySet<string>): Json {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !known.has(field)));
}

function actionAspects(action: Json, has: (cluster: string) => boolean): { [A in Aspect]?: string } {
  const { requestMirrorPolicies = [], timeout, retryPolicy, prefixRewrite, regexRewrite, hostRewriteLiteral, autoHostRewrite, hashPolicy } = action;
  const rewrites = [
    ...(prefixRewrite === undefined ? [] : [`the matched path to ${prefixRewrite}`]),
    ...(regexRewrite ? [`${regexRewrite.pattern.regex} to ${regexRewrite.substitution}`] : []),
    ...(hostRewriteLiteral === undefined ? [] : [`the host to ${hostRewriteLiteral}`]),
    ...(autoHostRewrite ? ['the host to that of the endpoint'] : []),
  ];
  return {
    'mirror': requestMirrorPolicies.map((m: Json) => describeMirror(m, has)).sort().join(', ') || NONE,
    'timeout': timeout === undefined || parseFloat(timeout) === 0 ? NONE : timeout,
    'retries': describeRetries(retryPolicy),
    'rewrite': rewrites.join(', ') || NONE,
    'hash policy': hashPolicy ? stableJson(hashPolicy) : NONE,
  };
}

function describeMirror(mirror: Json, has: (cluster: string) => boolean): string {
  const { cluster, runtimeFraction, disableShadowHostSuffixAppend, traceSampled: _, ...others } = mirror;
  return [
    `${fractionalPercent(runtimeFraction?.defaultValue)} to ${describeDestination(destinationOf(cluster))}`,
    ...(has(cluster) ? [] : ['(the proxy has no such cluster)']),
    ...(disableShadowHostSuffixAppend ? [] : ['with -shadow at the host']),
    ...(Object.keys(others).length > 0 ? [stableJson(others)] : []),
  ].join(' ');
}

const DENOMINATORS: { readonly [name: string]: number } = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };

/** Envoy's FractionalPercent; without a value it is all. */
export function fractionalPercent(value: Json): string {
  return value === undefined ? '100 %' : percent((value.numerator ?? 0) / DENOMINATORS[value.denominator ?? 'HUNDRED']);
}

/** A retry policy in words. */
function describeRetries(policy: Json): string {
  if (!policy || policy.numRetries === 0) return NONE;
  const { numRetries = 1, retryOn = '', perTryTimeout, retriableStatusCodes, hostSelectionRetryMaxAttempts: _, retryHostPredicate, ...others } = policy;
  return [
    `${numRetries} on ${[...retryOn.split(',').filter((c: string) => c !== ''), ...(retriableStatusCodes ?? [])].sort().join(', ')}`,
    ...(perTryTimeout === undefined ? [] : [`${perTryTimeout} for each try`]),
    ...(retryHostPredicate ? [] : ['on the same endpoint too']),
    ...(Object.keys(others).length > 0 ? [stableJson(others)] : []),
  ].join(', ');
}

function describeFault({ abort, delay, '@type': _, ...others }: Json): string {
  const share = (percentage: Json) => fractionalPercent(percentage ?? { numerator: 0 });
  return [
    ...(delay ? [`delay of ${delay.fixedDelay} for ${share(delay.percentage)}`] : []),
    ...(abort ? [`${abort.grpcStatus === undefined ? abort.httpStatus : `gRPC status ${abort.grpcStatus}`} for ${share(abort.percentage)}`] : []),
    ...(Object.keys(others).length > 0 ? [stableJson(others)] : []),
  ].join(', ') || NONE;
}

function describeRedirect(redirect: Json): string {
  const { responseCode, schemeRedirect, hostRedirect, portRedirect, pathRedirect, prefixRewrite, httpsRedirect, ...others } = redirect;
  const code = { FOUND: 302, SEE_OTHER: 303, TEMPORARY_REDIRECT: 307, PERMANENT_REDIRECT: 308 }[responseCode as string] ?? 301;
  const target = [
    ...(httpsRedirect || schemeRedirect ? [`scheme ${schemeRedirect ?? 'https'}`] : []),
    ...(hostRedirect === undefined || hostRedirect === '' ? [] : [`host ${hostRedirect}`]),
    ...(portRedirect === undefined ? [] : [`port ${portRedirect}`]),
    ...(pathRedirect === undefined || pathRedirect === '' ? [] : [`path ${pathRedirect}`]),
    ...(prefixRewrite === undefined ? [] : [`the matched path replaced by ${prefixRewrite}`]),
    ...(Object.keys(others).length > 0 ? [stableJson(others)] : []),
  ];
  return `redirect (${code}) to ${target.join(', ') || 'the same address'}`;
}

function describeDirectResponse({ status, body }: Json): string {
  const text = body?.inlineString ?? (body?.inlineBytes === undefined ? undefined : `bytes ${body.inlineBytes}`);
  return `answered directly with ${status}${text === undefined ? '' : `, ${JSON.stringify(text)}`}`;
}

function describeHeaders(operations: { readonly [operation: string]: Json }): string {
  const stated = Object.entries(operations).filter(([, list]) => list !== undefined && list.length > 0);
  return stated.map(([operation, list]) => {
    const side = operation.startsWith('request') ? 'request' : 'response';
    if (operation.endsWith('Remove')) return `${side} without ${[...list].sort().join(', ')}`;
    return list.map((h: Json) => `${side} ${h.appendAction === 'OVERWRITE_IF_EXISTS_OR_ADD' ? 'with' : 'also with'} ${h.header.key}: ${h.header.value ?? ''}`).sort().join(', ');
  }).join(', ') || NONE;
}
