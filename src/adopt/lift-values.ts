import type { Code } from './code';
import { call, fields, literal } from './code';
import { cannot, readOnly } from './not-said';
import { parseDuration } from '../manifest/duration';
import type {
  CorsPolicy, HeaderOperations, Headers, HTTPDirectResponse, HTTPFaultInjection, HTTPMatchRequest, HTTPRedirect, HTTPRetry, HTTPRewrite,
  Percent, StringMatch,
} from '../manifest/istio-specs.generated';

/** A duration: `Duration.seconds(2)`, or milliseconds if it has a fraction. */
export function durationCode(what: string, text: string): Code {
  const nanoseconds = parseDuration(text);
  if (nanoseconds === undefined || nanoseconds % 1e6 !== 0) return cannot(`${what} '${text}' is not a number of whole milliseconds`);
  const milliseconds = nanoseconds / 1e6;
  return milliseconds % 1000 === 0 ? call('Duration', 'seconds', milliseconds / 1000) : call('Duration', 'millis', milliseconds);
}

function stated<T>(value: T | undefined, code: (value: T) => Code): Code | undefined {
  return value === undefined ? undefined : code(value);
}

function stringMatchCode(match: StringMatch): Code {
  const [kind, ...others] = (['exact', 'prefix', 'regex'] as const).filter(each => match[each] !== undefined);
  if (others.length > 0) return cannot('a string match has two values');
  return kind === undefined ? call('StringMatch', 'present') : call('StringMatch', kind, match[kind]!);
}

function stringMatchesCode(matches: { readonly [name: string]: StringMatch }): Code {
  return fields(Object.fromEntries(Object.entries(matches).map(([name, match]) => [name, stringMatchCode(match)])));
}

const MATCH_FIELDS = [
  'uri', 'ignoreUriCase', 'scheme', 'method', 'authority', 'headers', 'withoutHeaders', 'queryParams', 'port', 'sourceLabels', 'sourceNamespace',
];

/** An HttpMatch. */
export function httpMatchCode(match: HTTPMatchRequest): Code {
  readOnly('match', match, MATCH_FIELDS);
  return fields({
    uri: stated(match.uri, stringMatchCode),
    ignoreUriCase: match.ignoreUriCase === true ? true : undefined,
    scheme: stated(match.scheme, stringMatchCode),
    method: stated(match.method, stringMatchCode),
    authority: stated(match.authority, stringMatchCode),
    headers: stated(match.headers, stringMatchesCode),
    withoutHeaders: stated(match.withoutHeaders, stringMatchesCode),
    queryParams: stated(match.queryParams, stringMatchesCode),
    port: match.port,
    sourceLabels: stated(match.sourceLabels, literal),
    sourceNamespace: match.sourceNamespace,
  });
}

/** Retries. */
export function retriesCode(retries: HTTPRetry): Code {
  readOnly('retries', retries, ['attempts', 'perTryTimeout', 'retryOn', 'retryRemoteLocalities', 'retryIgnorePreviousHosts', 'backoff']);
  return fields({
    attempts: retries.attempts ?? 0,
    perTryTimeout: stated(retries.perTryTimeout, each => durationCode('retries.perTryTimeout', each)),
    retryOn: stated(retries.retryOn, each => each.split(',')),
    retryRemoteLocalities: retries.retryRemoteLocalities,
    retryIgnorePreviousHosts: retries.retryIgnorePreviousHosts,
    backoff: stated(retries.backoff, each => durationCode('retries.backoff', each)),
  });
}

function percentageOf(what: string, percentage: Percent | undefined, percent: number | undefined): number {
  return percentage?.value ?? percent ?? cannot(`${what} has no percentage`);
}

/** The props `delay` and `abort` of a FaultInjection. */
export function faultProps(fault: HTTPFaultInjection): { delay?: Code; abort?: Code } {
  const { delay, abort } = fault;
  readOnly('fault', fault, ['delay', 'abort']);
  if (delay) readOnly('fault.delay', delay, ['fixedDelay', 'percentage', 'percent']);
  if (abort) readOnly('fault.abort', abort, ['httpStatus', 'grpcStatus', 'percentage']);
  return {
    delay: stated(delay, each => fields({
      fixedDelay: durationCode('fault.delay.fixedDelay', each.fixedDelay ?? ''),
      percentage: percentageOf('fault.delay', each.percentage, each.percent),
    })),
    abort: stated(abort, each => fields({
      httpStatus: each.httpStatus, grpcStatus: each.grpcStatus, percentage: percentageOf('fault.abort', each.percentage, undefined),
    })),
  };
}

function operationsCode(operations: HeaderOperations): Code {
  return fields({
    set: stated(operations.set, literal), add: stated(operations.add, literal), remove: stated(operations.remove, literal),
  });
}

/** HeaderChanges. */
export function headersCode(headers: Headers): Code {
  return fields({ request: stated(headers.request, operationsCode), response: stated(headers.response, operationsCode) });
}

/** A CorsPolicy. */
export function corsCode(cors: CorsPolicy): Code {
  if (cors.allowOrigin !== undefined) return cannot('corsPolicy.allowOrigin is obsolete; allowOrigins replaces it');
  const { unmatchedPreflights } = cors;
  return fields({
    allowOrigins: (cors.allowOrigins ?? []).map(stringMatchCode),
    allowMethods: stated(cors.allowMethods, literal),
    allowHeaders: stated(cors.allowHeaders, literal),
    exposeHeaders: stated(cors.exposeHeaders, literal),
    maxAge: stated(cors.maxAge, each => durationCode('corsPolicy.maxAge', each)),
    allowCredentials: cors.allowCredentials,
    unmatchedPreflights: unmatchedPreflights === undefined || unmatchedPreflights === 'UNSPECIFIED' ? undefined
      : { member: ['UnmatchedPreflights', unmatchedPreflights] },
  });
}

/** A Rewrite. */
export function rewriteCode(rewrite: HTTPRewrite): Code {
  return fields({ uri: rewrite.uri, authority: rewrite.authority, uriRegexRewrite: stated(rewrite.uriRegexRewrite, literal) });
}

/** A Redirect. */
export function redirectCode({ derivePort, ...redirect }: HTTPRedirect): Code {
  return fields({
    ...(literal(redirect) as { readonly fields: { readonly [field: string]: Code } }).fields,
    derivePort: derivePort === undefined ? undefined : { member: ['RedirectPort', derivePort] },
  });
}

/** A DirectResponse. */
export function directResponseCode({ status, body }: HTTPDirectResponse): Code {
  return fields({ status: status ?? cannot('directResponse has no status'), body: body?.string, bodyBase64: body?.bytes });
}
