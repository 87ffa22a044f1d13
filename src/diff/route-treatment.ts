import { describeDestination, destinationOf } from './destination';
import { fieldWords } from './field-words';
import { describeHeaders } from './header-words';
import { isSame } from './is-same';
import { describeCors, describeHashPolicies } from './route-words';
import type { Share } from './shares';
import { describeShares, percent, sharesOf } from './shares';
import type { HTTPFault } from '../envoy/xds/http-filters';
import type { StringMatcher } from '../envoy/xds/matcher';
import type { FractionalPercent } from '../envoy/xds/proto-values';
import { milliseconds, percentOf } from '../envoy/xds/proto-values';
import { redirectStatus } from '../envoy/xds/redirect-status';
import type { DirectResponseAction, RedirectAction, RequestMirrorPolicy, RetryPolicy, Route, RouteAction } from '../envoy/xds/route';
import { stableJson } from '../manifest/stable-json';
import type { PathChange } from '../proof/path-change';
import { pathChangeOf } from '../proof/path-change';

/** An aspect of what a route does to requests. Its value is in words, and equal for equal treatment. */
export type Aspect =
  | 'goes to'
  | 'answer'
  | 'mirror'
  | 'timeout'
  | 'retries'
  | 'fault'
  | 'rewrite'
  | 'headers'
  | 'cors'
  | 'hash policy'
  | 'other';

/** What a route does to its requests. */
export interface RouteTreatment {
  readonly shares: readonly Share[];
  readonly mirrors: readonly string[];
  readonly aspects: { readonly [A in Aspect]?: string };
  /** The origins that CORS allows. */
  readonly origins: readonly StringMatcher[];
  /** How it rewrites the host. Empty if it keeps the host. */
  readonly hostRewrite: string;
  /** How it rewrites the path. */
  readonly path: PathChange;
  /** Equal for treatments that differ at most in the path. */
  readonly key: string;
}

const FAULT = 'envoy.filters.http.fault';
const CORS = 'envoy.filters.http.cors';
const NONE = 'none';

/** Reads what a route does. `has` knows the clusters of the proxy. */
export function treatmentOf(route: Route, has: (cluster: string) => boolean): RouteTreatment {
  const { requestHeadersToAdd, requestHeadersToRemove, responseHeadersToAdd, responseHeadersToRemove, ...fields } = route;
  const { route: action, redirect, directResponse, typedPerFilterConfig = {}, ...others } = fields;
  const { [FAULT]: fault, [CORS]: cors, ...filters } = typedPerFilterConfig;
  const headers = { requestHeadersToAdd, requestHeadersToRemove, responseHeadersToAdd, responseHeadersToRemove };
  const shares = action ? sharesOf(action) : [];
  const aspects: { [A in Aspect]?: string } = {
    'goes to': action ? describeShares(shares, has) : undefined,
    'answer': redirect ? describeRedirect(redirect) : directResponse ? describeDirectResponse(directResponse) : undefined,
    'fault': fault ? describeFault(fault) : NONE,
    'headers': describeHeaders(headers) || NONE,
    'cors': cors ? describeCors(cors) : NONE,
    ...(action ? actionAspects(action, has) : {}),
  };
  const rest = { ...unknown(others, KNOWN_OF_ROUTE), ...filters, ...unknown(action, KNOWN_OF_ACTION) };
  const other = otherWords(rest);
  if (other !== '') aspects.other = other;
  const mirrors = (action?.requestMirrorPolicies ?? []).map(({ cluster }) => cluster);
  const hostRewrite = hostRewrites(action ?? {}).join(', ');
  const apartFromPaths = {
    ...aspects, ...(action ? { rewrite: hostRewrite } : {}), ...(redirect ? { answer: describeRedirect(withoutPath(redirect)) } : {}),
  };
  const origins = cors?.allowOriginStringMatch ?? [];
  return { shares, mirrors, aspects, origins, hostRewrite, path: pathChangeOf(route), key: stableJson(apartFromPaths) };
}

/** Fields that are read here, and fields that do not affect requests. */
const KNOWN_OF_ROUTE = new Set(['name', 'match', 'statPrefix', 'metadata', 'decorator']);
const KNOWN_OF_ACTION = new Set(['cluster', 'clusterHeader', 'weightedClusters', 'requestMirrorPolicies', 'timeout', 'maxGrpcTimeout', 'retryPolicy',
  'prefixRewrite', 'regexRewrite', 'hostRewriteLiteral', 'autoHostRewrite', 'hashPolicy', 'clusterNotFoundResponseCode']);

function unknown(fields: object = {}, known: ReadonlySet<string>): { [field: string]: unknown } {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !known.has(field)));
}

const UNLIMITED = { maxStreamDuration: '0s', grpcTimeoutHeaderMax: '0s' };

/** Fields that have no specific words. */
function otherWords({ maxStreamDuration, ...rest }: { readonly [field: string]: unknown }): string {
  // What istiod writes without a timeout.
  const isUnlimited = isSame(maxStreamDuration, UNLIMITED);
  const others = fieldWords(isUnlimited ? rest : { ...rest, maxStreamDuration });
  return [...(isUnlimited ? ['streams end only by the header grpc-timeout'] : []), ...(others === '' ? [] : [others])].join(', ');
}

function hostRewrites({ hostRewriteLiteral, autoHostRewrite }: RouteAction): string[] {
  return [
    ...(hostRewriteLiteral === undefined ? [] : [`the host to ${hostRewriteLiteral}`]),
    ...(autoHostRewrite ? ['the host to that of the endpoint'] : []),
  ];
}

function withoutPath({ pathRedirect: _, prefixRewrite: __, regexRewrite: ___, ...others }: RedirectAction): RedirectAction {
  return others;
}

function actionAspects(action: RouteAction, has: (cluster: string) => boolean): { [A in Aspect]?: string } {
  const { requestMirrorPolicies = [], timeout, retryPolicy, prefixRewrite, regexRewrite, hashPolicy } = action;
  const rewrites = [
    ...(prefixRewrite === undefined ? [] : [`the matched path to ${prefixRewrite}`]),
    ...(regexRewrite ? [`${regexRewrite.pattern.regex} to ${regexRewrite.substitution}`] : []),
    ...hostRewrites(action),
  ];
  return {
    'mirror': requestMirrorPolicies.map(mirror => describeMirror(mirror, has)).sort().join(', ') || NONE,
    'timeout': timeout === undefined || milliseconds(timeout) === 0 ? NONE : timeout,
    'retries': describeRetries(retryPolicy),
    'rewrite': rewrites.join(', ') || NONE,
    'hash policy': hashPolicy ? describeHashPolicies(hashPolicy) : NONE,
  };
}

function describeMirror(mirror: RequestMirrorPolicy, has: (cluster: string) => boolean): string {
  const { cluster, runtimeFraction, disableShadowHostSuffixAppend, traceSampled: _, ...others } = mirror;
  return [
    `${fractionalPercent(runtimeFraction?.defaultValue)} to ${describeDestination(destinationOf(cluster))}`,
    ...(has(cluster) ? [] : ['(the proxy has no such cluster)']),
    ...(disableShadowHostSuffixAppend ? [] : ['with -shadow at the host']),
    ...(Object.keys(others).length > 0 ? [fieldWords(others)] : []),
  ].join(' ');
}

/** Envoy's FractionalPercent in words. The default is 100 %. */
export function fractionalPercent(value: FractionalPercent | undefined): string {
  return value === undefined ? '100 %' : percent(percentOf(value) / 100);
}

/** A retry policy in words. */
function describeRetries(policy: RetryPolicy | undefined): string {
  if (!policy || policy.numRetries === 0) return NONE;
  const {
    numRetries = 1,
    retryOn = '',
    perTryTimeout,
    retriableStatusCodes,
    hostSelectionRetryMaxAttempts: _,
    retryHostPredicate,
    ...others
  } = policy;
  return [
    `${numRetries} on ${[...retryOn.split(',').filter(condition => condition !== ''), ...(retriableStatusCodes ?? [])].sort().join(', ')}`,
    ...(perTryTimeout === undefined ? [] : [`${perTryTimeout} for each try`]),
    ...(retryHostPredicate ? [] : ['on the same endpoint too']),
    ...(Object.keys(others).length > 0 ? [fieldWords(others)] : []),
  ].join(', ');
}

function describeFault({ abort, delay, '@type': _, ...others }: HTTPFault): string {
  const isMet = (part: { readonly percentage?: FractionalPercent } | undefined) => percentOf(part?.percentage ?? { numerator: 0 }) > 0;
  return [
    ...(delay && isMet(delay) ? [`delay of ${delay.fixedDelay} for ${fractionalPercent(delay.percentage)}`] : []),
    ...(abort && isMet(abort) ? [
      `${abort.grpcStatus === undefined ? abort.httpStatus : `gRPC status ${abort.grpcStatus}`} for ${fractionalPercent(abort.percentage)}`,
    ] : []),
    ...(Object.keys(others).length > 0 ? [fieldWords(others)] : []),
  ].join(', ') || NONE;
}

function describeRedirect(redirect: RedirectAction): string {
  const { responseCode, schemeRedirect, hostRedirect, portRedirect, pathRedirect, prefixRewrite, httpsRedirect, ...others } = redirect;
  const code = redirectStatus(responseCode);
  const target = [
    ...(httpsRedirect || schemeRedirect ? [`scheme ${schemeRedirect ?? 'https'}`] : []),
    ...(hostRedirect === undefined || hostRedirect === '' ? [] : [`host ${hostRedirect}`]),
    ...(portRedirect === undefined ? [] : [`port ${portRedirect}`]),
    ...(pathRedirect === undefined || pathRedirect === '' ? [] : [`path ${pathRedirect}`]),
    ...(prefixRewrite === undefined ? [] : [`the matched path replaced by ${prefixRewrite}`]),
    ...(Object.keys(others).length > 0 ? [fieldWords(others)] : []),
  ];
  return `redirect (${code}) to ${target.join(', ') || 'the same address'}`;
}

function describeDirectResponse({ status, body }: DirectResponseAction): string {
  const text = body?.inlineString ?? (body?.inlineBytes === undefined ? undefined : `bytes ${body.inlineBytes}`);
  return `answered directly with ${status}${text === undefined ? '' : `, ${JSON.stringify(text)}`}`;
}
