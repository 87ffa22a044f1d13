import type { BackendContext } from './backends';
import type { ConvertedEntry, OnRuleProblem, Outcome } from './converted-rules';
import { httpDestinations, mirrorOf, unsupportedFilter, weightSum } from './converted-rules';
import { headersOf } from './header-filter';
import { grpcMatch } from './http-matches';
import type { Problem } from './problem';
import type { GRPCRouteRule } from '../manifest/gateway-api-specs.generated';
import type { HTTPMirrorPolicy, HTTPRoute } from '../manifest/istio-specs.generated';
import type { ManifestOf } from '../manifest/manifest';

/** The entries of a GRPCRoute: one for each match of each rule. */
export function grpcEntries(route: ManifestOf<'GRPCRoute'>, context: BackendContext, onProblem: OnRuleProblem): readonly ConvertedEntry<HTTPRoute>[] {
  const entries: ConvertedEntry<HTTPRoute>[] = [];
  for (const [i, rule] of (route.spec?.rules ?? []).entries()) {
    const path = ['spec', 'rules', i];
    const { namespace = '', name } = route.metadata;
    const outcome = treatment(rule, context, (place, why) => onProblem([...path, 'backendRefs', place], why, false));
    if (outcome.invalid) {
      onProblem(path, outcome.invalid, true);
      return [];
    }
    const named = { ...outcome.entry, name: rule.name ?? `${namespace}.${name}.${i}` };
    const { matches = [] } = rule;
    if (matches.length === 0) entries.push({ entry: named, path });
    for (const [m, match] of matches.entries()) entries.push({ entry: { ...named, match: [grpcMatch(match)] }, path: [...path, 'matches', m] });
  }
  return entries;
}

function treatment(
  { filters = [], backendRefs = [] }: GRPCRouteRule, context: BackendContext, onProblem: (place: number, why: Problem) => void,
): Outcome<HTTPRoute> {
  const { headers, problem: ofHeaders } = headersOf(filters);
  if (ofHeaders) return { invalid: ofHeaders };
  const mirrors: HTTPMirrorPolicy[] = [];
  for (const { type, requestMirror } of filters) {
    if (type === 'RequestHeaderModifier' || type === 'ResponseHeaderModifier') continue;
    if (type !== 'RequestMirror') return { invalid: unsupportedFilter(type) };
    if (!requestMirror) continue;
    const { mirror, problem: why } = mirrorOf(requestMirror, context);
    if (!mirror) return { invalid: why! };
    mirrors.push(mirror);
  }
  const entry: HTTPRoute = { ...headers && { headers }, ...mirrors.length > 0 && { mirrors } };
  if (weightSum(backendRefs) === 0) return { entry: { ...entry, directResponse: { status: 500 } } };
  const destinations = httpDestinations(backendRefs, context, onProblem);
  return 'reason' in destinations ? { invalid: destinations } : { entry: { ...entry, route: destinations } };
}
