import { describeDestination } from './clusters';
import type { Decision } from './decision';
import type { LoadResult } from './load/load-result';
import { REFUSED } from './outcome';
import { retryWords } from './retry-words';
import type { Share } from './route-plan';
import { isPolicy } from '../edge/kinds/security';
import { parseDuration } from '../manifest/duration';
import { plainText } from '../manifest/plain-text';

/** Whether an expectation holds, with a message: the expectation, what happens instead, and the decision path. */
export interface Verdict {
  /** Whether the expectation holds. */
  readonly pass: boolean;
  /** What was expected, or not expected if the matcher is negated. */
  readonly expected: string;
  /** The message if the test fails. If `pass` is true, it is the message of the negated matcher. */
  readonly message: () => string;
}

/** A duration: milliseconds, a string such as `2s`, or a Duration of cdk8s. */
export type Timespan = number | string | { toMilliseconds(): number };

/** Shares of the traffic in percent, by subset, service, or `service/subset`. */
export interface Split { readonly [destination: string]: number }

/** The expected retries. */
export interface ExpectedRetry {
  /** The maximum number of retries, without the first try. @default - any number above 0 */
  readonly attempts?: number;
  /** Conditions that must be among the retry conditions: Envoy's names, such as `connect-failure`, and statuses. @default - any */
  readonly on?: readonly string[];
  /** The timeout per try. @default - any */
  readonly perTryTimeout?: Timespan;
}

/** The expected path and Host header after rewrites. */
export interface ExpectedRewrite {
  /** The path, with the query. @default - any */
  readonly path?: string;
  /** The Host header. @default - any */
  readonly authority?: string;
}

/** The policy that is expected to deny a request. */
export interface ExpectedDenial {
  /** The policy with the rule that denies, as `NAME` or `NAMESPACE/NAME`. @default - any, or no ALLOW policy that takes the request */
  readonly by?: string;
}

/** How many requests of a load are expected to exceed the limits of the proxies. */
export interface ExpectedOverflow {
  /** The minimum percentage of requests, from 0 to 100. @default - more than 0 */
  readonly atLeast?: number;
  /** The maximum percentage of requests, from 0 to 100. @default 100 */
  readonly atMost?: number;
}

/** All requests reach one service, or one subset of it. */
export function routesTo(decision: Decision, service: string, subset?: string): Verdict {
  const pass = decision.outcome === 'routed' && decision.split.every(share => share.reception === 'routed' && isOf(share, service, subset));
  return verdict(decision, pass, `every request to reach ${nameOf(service, subset)}`, whereItGoes(decision));
}

/** The traffic is split in exactly these percentages. */
export function splitsTraffic(decision: Decision, split: Split): Verdict {
  const keys = Object.keys(split);
  const parts = new Map<string, number>(keys.map(key => [key, 0]));
  const strays = decision.split.filter(share => {
    const key = keys.find(name => isKeyOf(name, share));
    if (key !== undefined) parts.set(key, parts.get(key)! + share.percent);
    return key === undefined;
  });
  const pass = decision.outcome === 'routed' && strays.length === 0 && keys.every(key => Math.abs(parts.get(key)! - split[key]) < 1e-6);
  return verdict(decision, pass, `a split of ${keys.map(key => `${split[key]} % to ${key}`).join(', ')}`, whereItGoes(decision));
}

/** Requests are mirrored to a service. Without a percentage, any percentage passes. */
export function mirrorsTo(decision: Decision, service: string, subset?: string, percent?: number): Verdict {
  const pass = decision.mirrors.some(mirror => mirror.reception === 'routed' && isOf(mirror, service, subset)
    && (percent === undefined || Math.abs(mirror.percent - percent) < 1e-6));
  const copies = decision.mirrors.map(
    mirror => `${mirror.percent} % to ${describeDestination(mirror)}${mirror.reception === 'routed' ? '' : `, ${mirror.reception}`}`,
  );
  const expected = `mirroring of ${percent === undefined ? 'requests' : `${percent} % of the requests`} to ${nameOf(service, subset)}`;
  return verdict(decision, pass, expected, copies.length === 0 ? 'nothing is mirrored' : `the mirrors get ${copies.join(', and ')}`);
}

/** The proxy blocks the request because the mesh does not know the host. */
export function isBlocked(decision: Decision): Verdict {
  return verdict(decision, decision.outcome === 'blocked', 'the request to be blocked', whereItGoes(decision));
}

/** The caller is redirected to a URL, or to a path on the same host. */
export function redirectsTo(decision: Decision, location: string, status?: number): Verdict {
  const { redirection } = decision;
  const is = redirection && (location.startsWith('/') ? redirection.location.replace(/^[a-z]+:\/\/[^/]*/, '') : redirection.location);
  const pass = is === location && (status === undefined || redirection!.status === status);
  return verdict(decision, pass, `a redirect to ${location}${status === undefined ? '' : ` with ${status}`}`,
    redirection ? `it redirects to ${redirection.location} with ${redirection.status}` : whereItGoes(decision));
}

/** The proxy answers itself, for any reason. */
export function respondsWith(decision: Decision, status: number, body?: string): Verdict {
  const pass = decision.status === status && (body === undefined || decision.body === body);
  const is = decision.status === undefined ? whereItGoes(decision)
    : `it answers ${decision.status}${body !== undefined && decision.status === status ? ` with ${decision.body === undefined ? 'no body' : `'${decision.body}'`}` : ''}`;
  return verdict(decision, pass, `the proxy to answer ${status}${body === undefined ? '' : ` with '${body}'`}`, is);
}

/** Failed requests are retried. */
export function retries(decision: Decision, expected: number | ExpectedRetry = {}): Verdict {
  const wanted = typeof expected === 'number' ? { attempts: expected } : expected;
  const { retry } = decision;
  const perTry = wanted.perTryTimeout === undefined ? undefined : millisecondsOf(wanted.perTryTimeout);
  const conditions = [...retry?.on ?? [], ...(retry?.statusCodes ?? []).map(String)];
  const pass = retry !== undefined && retry.attempts > 0
    && (wanted.attempts === undefined || retry.attempts === wanted.attempts)
    && (wanted.on ?? []).every(condition => conditions.includes(condition))
    && (perTry === undefined || retry.perTryTimeoutMs === perTry);
  const words = [wanted.attempts === undefined ? 'retries' : `${wanted.attempts} retries`, ...(wanted.on ? [`on ${wanted.on.join(', ')}`] : []),
    ...(perTry === undefined ? [] : [`with ${perTry} ms per try`])].join(' ');
  return verdict(decision, pass, words, retry === undefined || retry.attempts === 0 ? 'nothing is retried' : `it ${retryWords(retry)}`);
}

/** The request times out after a time. */
export function timesOutAfter(decision: Decision, timeout: Timespan): Verdict {
  const wanted = millisecondsOf(timeout);
  const { timeoutMs } = decision;
  return verdict(
    decision,
    timeoutMs === wanted,
    `a timeout of ${wanted} ms`,
    timeoutMs === undefined ? 'there is no timeout' : `it is ${timeoutMs} ms`,
  );
}

/** The path or the Host header is rewritten. */
export function rewritesTo(decision: Decision, rewrite: string | ExpectedRewrite): Verdict {
  const { path, authority } = typeof rewrite === 'string' ? { path: rewrite, authority: undefined } : rewrite;
  const sent = decision.split.length === 0 ? [undefined] : decision.split;
  const pass = decision.outcome === 'routed' && (path === undefined || decision.path === path)
    && (authority === undefined || sent.every(share => decision.authority(share) === authority));
  const expected = [
    ...(path === undefined ? [] : [`the path ${path}`]),
    ...(authority === undefined ? [] : [`the authority ${authority}`]),
  ].join(' and ');
  const is =
    decision.outcome === 'routed'
      ? `Envoy forwards the path ${decision.path} and the authority ${decision.authority()}`
      : whereItGoes(decision);
  return verdict(decision, pass, `${expected} to be forwarded`, is);
}

/** Requests exceed the limits of the proxies: a percentage of them, or any number. */
export function overflows(load: LoadResult, { atLeast, atMost = 100 }: ExpectedOverflow = {}): Verdict {
  const { overflowPercent: percent } = load;
  const pass = (atLeast === undefined ? percent > 0 : percent >= atLeast) && percent <= atMost;
  const expected = `${atLeast === undefined ? 'some' : `at least ${atLeast} %`}${atMost === 100 ? '' : ` and at most ${atMost} %`} of the requests to overflow`;
  return {
    pass,
    expected,
    message: () => `expected ${pass ? 'not ' : ''}${expected}, but it is ${percent.toFixed(1)} %\n\n${load.explain()}`,
  };
}

/** Access policies, and the mutual TLS of the pods, let every request pass. */
export function isAllowed(decision: Decision): Verdict {
  const { outcome, split } = decision;
  const pass = !REFUSED.has(outcome) && split.every(({ access }) => access === undefined || access.outcome === 'allowed');
  return accessVerdict(decision, pass, 'every request to be allowed');
}

/** Policies refuse every request: with 403, or by the end of the connection. */
export function isDenied(decision: Decision, { by }: ExpectedDenial = {}): Verdict {
  const { outcome, access, split } = decision;
  const isWhole = split.every(({ reception }) => reception === 'denied' || reception === 'reset');
  const policy = access?.by?.policy.replace('AuthorizationPolicy ', '');
  const isBy = by === undefined || policy === by || policy?.split('/')[1] === by;
  const pass = (outcome === 'denied' || outcome === 'reset') && isWhole && isBy;
  return accessVerdict(decision, pass, `every request to be denied${by === undefined ? '' : ` by ${by}`}`);
}

/** The token of the request is not valid. */
export function isUnauthorized(decision: Decision): Verdict {
  return accessVerdict(decision, decision.outcome === 'unauthenticated', 'the token to be refused with 401');
}

/**
 * The verdict on an expectation about who may call. Throws if a policy is not judged, except where a rule denies the request, as other
 * policies cannot allow it.
 */
function accessVerdict(decision: Decision, pass: boolean, expected: string): Verdict {
  const isDeniedByRule = REFUSED.has(decision.outcome) && decision.access?.by !== undefined;
  if (!isDeniedByRule && decision.notJudged.some(({ what }) => isPolicy(what))) throw notDecided(decision, expected);
  return verdict(decision, pass, expected, accessInWords(decision));
}

function accessInWords({ outcome, access }: Decision): string {
  return access
    ? `the outcome is '${outcome}': ${access.why || 'no policy denies it'}`
    : `the outcome is '${outcome}', and no policy decides it`;
}

/**
 * The verdict on an expectation. Throws if the decision is `not decided`, because neither the expectation nor its opposite is known to
 * hold.
 */
function verdict(decision: Decision, pass: boolean, expected: string, actual: string): Verdict {
  if (decision.outcome === 'not decided' || decision.outcome === 'undecided') {
    throw notDecided(decision, expected);
  }
  const found = `expected ${pass ? 'not ' : ''}${expected}, but ${actual}`;
  return { pass, expected, message: () => `${plainText(found)}\n\n${decision.explain()}` };
}

function notDecided(decision: Decision, expected: string): Error {
  return new Error(`expected ${expected}, but this is not decided\n\n${decision.explain()}`);
}

/** A timespan in milliseconds. Throws for an invalid duration. */
function millisecondsOf(timespan: Timespan): number {
  if (typeof timespan === 'number') return timespan;
  if (typeof timespan !== 'string') return timespan.toMilliseconds();
  const nanoseconds = parseDuration(timespan);
  if (nanoseconds === undefined) {
    throw new Error(`'${timespan}' is not a duration; use a number of milliseconds, or a string such as 2s or 250ms`);
  }
  return nanoseconds / 1e6;
}

/** Whether a host has the name of a service: the full host, or the first labels of a Service's host. */
function isHost(host: string | undefined, service: string): boolean {
  if (host === undefined) return false;
  if (host === service) return true;
  if (!host.startsWith(`${service}.`)) return false;
  return /\.svc$/.test(service) || /^(?:[^.]+\.)?svc(?:\.|$)/.test(host.slice(service.length + 1));
}

function isOf(share: Pick<Share, 'host' | 'subset' | 'cluster'>, service: string, subset: string | undefined): boolean {
  return (isHost(share.host, service) || share.cluster === service) && (subset === undefined || share.subset === subset);
}

function isKeyOf(key: string, share: Share): boolean {
  const slash = key.indexOf('/');
  if (slash >= 0) return isOf(share, key.slice(0, slash), key.slice(slash + 1));
  return share.subset === undefined ? isOf(share, key, undefined) : share.subset === key || isOf(share, key, undefined);
}

function nameOf(service: string, subset: string | undefined): string {
  return subset === undefined ? service : `${subset} of ${service}`;
}

function whereItGoes({ outcome, split, status }: Decision): string {
  if (outcome !== 'routed') return `the outcome is '${outcome}'${status === undefined ? '' : `, ${status}`}`;
  return split
    .map(
      share =>
        `${Number(share.percent.toFixed(4))} % go to ${describeDestination(share)}${share.reception === 'routed' ? '' : ` (${share.reception})`}`,
    )
    .join(', ');
}
