import type { BackendContext } from './backends';
import type { ConvertedEntry, OnRuleProblem, Outcome } from './converted-rules';
import { httpDestinations, mirrorOf, unsupportedFilter, weightSum } from './converted-rules';
import { goDuration } from './go-duration';
import { headersOf } from './header-filter';
import { corsOf, redirectOf, rewriteOf } from './http-filters';
import { httpMatch } from './http-matches';
import type { Problem } from './problem';
import type { HTTPRouteFilter, HTTPRouteRetry, HTTPRouteRule, HTTPRouteTimeouts } from '../manifest/gateway-api-specs.generated';
import type { HTTPMirrorPolicy, HTTPRetry, HTTPRoute } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';

/** The entries of an HTTPRoute: one for each match of each rule. */
export function httpEntries(route: ManifestOf<'HTTPRoute'>, context: BackendContext, onProblem: OnRuleProblem): readonly ConvertedEntry<HTTPRoute>[] {
  const entries: ConvertedEntry<HTTPRoute>[] = [];
  for (const [i, rule] of (route.spec?.rules ?? []).entries()) {
    const path = ['spec', 'rules', i];
    const { namespace = '', name } = route.metadata;
    const outcome = treatment(rule, context, (part, why) => onProblem([...path, ...part], why, false));
    if (outcome.invalid) {
      onProblem(path, outcome.invalid, true);
      return [];
    }
    const named = { ...outcome.entry, name: rule.name ?? `${namespace}.${name}.${i}` };
    const { matches = [] } = rule;
    if (matches.length === 0) entries.push({ entry: named, path });
    for (const [m, match] of matches.entries()) entries.push({ entry: { ...named, match: [httpMatch(match)] }, path: [...path, 'matches', m] });
  }
  return entries;
}

type OnPartProblem = (part: (string | number)[], why: Problem) => void;

function treatment(rule: HTTPRouteRule, context: BackendContext, onProblem: OnPartProblem): Outcome<HTTPRoute> {
  const { filters = [], backendRefs = [], retry, timeouts } = rule;
  const filtered = filtersOf(filters, context, onProblem);
  if (filtered.invalid) return filtered;
  const entry: HTTPRoute = { ...filtered.entry, ...timing(retry, timeouts) };
  if (weightSum(backendRefs) === 0 && !entry.redirect) return { entry: { ...entry, directResponse: { status: 500 } } };
  const destinations = httpDestinations(backendRefs, context, (place, why) => onProblem(['backendRefs', place], why));
  if ('reason' in destinations) return { invalid: destinations };
  return { entry: { ...entry, ...destinations.length > 0 && { route: destinations } } };
}

/** Of two filters of one type, the last counts; mirrors add up. */
function filtersOf(filters: readonly HTTPRouteFilter[], context: BackendContext, onProblem: OnPartProblem): Outcome<HTTPRoute> {
  const { headers, problem: ofHeaders } = headersOf(filters);
  if (ofHeaders) return { invalid: ofHeaders };
  let entry: HTTPRoute = headers ? { headers } : {};
  const mirrors: HTTPMirrorPolicy[] = [];
  for (const [i, { type, requestRedirect, requestMirror, urlRewrite, cors }] of filters.entries()) {
    switch (type) {
      case 'RequestHeaderModifier':
      case 'ResponseHeaderModifier': break;
      case 'RequestRedirect': entry = { ...entry, redirect: requestRedirect && redirectOf(requestRedirect) }; break;
      case 'URLRewrite': entry = { ...entry, rewrite: urlRewrite && rewriteOf(urlRewrite) }; break;
      case 'CORS': entry = { ...entry, corsPolicy: cors && corsOf(cors) }; break;
      case 'RequestMirror': {
        if (!requestMirror) break;
        const { mirror, problem: why } = mirrorOf(requestMirror, context);
        if (mirror) mirrors.push(mirror);
        if (why) onProblem(['filters', i], why);
        break;
      }
      default: return { invalid: unsupportedFilter(type) };
    }
  }
  return { entry: { ...entry, ...mirrors.length > 0 && { mirrors } } };
}

const RETRY_ON = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled'];

/** Without retries, a timeout of the backend takes the place of the timeout of the request. */
function timing(retry: HTTPRouteRetry | undefined, { request, backendRequest }: HTTPRouteTimeouts = {}): Pick<HTTPRoute, 'timeout' | 'retries'> {
  const perTry = goDuration(backendRequest);
  const timeout = retry === undefined ? perTry ?? goDuration(request) : goDuration(request);
  return {
    ...timeout !== undefined && { timeout },
    ...retry && { retries: { ...retriesOf(retry), ...perTry !== undefined && { perTryTimeout: perTry } } },
  };
}

function retriesOf({ attempts = 2, codes = [], backoff }: HTTPRouteRetry): HTTPRetry {
  return {
    ...attempts !== 0 && { attempts, retryOn: [...RETRY_ON, ...codes].join(',') },
    ...backoff !== undefined && { backoff: goDuration(backoff) ?? '0s' },
  };
}
