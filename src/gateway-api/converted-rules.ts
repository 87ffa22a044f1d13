import type { BackendContext } from './backends';
import { backendOf } from './backends';
import { headersOf } from './header-filter';
import type { Problem } from './problem';
import { problem } from './problem';
import type { BackendObjectReference, HTTPHeaderFilter, HTTPRequestMirrorFilter } from '../manifest/gateway-api-specs.generated';
import type { Destination, HTTPMirrorPolicy, HTTPRouteDestination } from '../manifest/istio-specs.generated';
import type { FieldPath } from '../manifest/provenance';

/** An entry of a VirtualService, with the part of the route that it is made from. */
export interface ConvertedEntry<E> {
  readonly entry: E;
  readonly path: FieldPath;
}

/** Called with each problem of a rule. One invalid rule makes the whole route invalid, which then has no entries. */
export type OnRuleProblem = (path: FieldPath, why: Problem, isInvalid: boolean) => void;

/** What a rule becomes, or why it makes the route invalid. */
export type Outcome<E> = { readonly entry: E; readonly invalid?: undefined } | { readonly invalid: Problem };

/** A backend with its share. */
export interface Weighted extends BackendObjectReference {
  readonly weight?: number;
}

/** The sum of the weights of backends; one without a weight has 1. */
export function weightSum(backends: readonly Weighted[]): number {
  return backends.reduce((sum, { weight = 1 }) => sum + weight, 0);
}

/** A destination of a rule. */
export interface WeightedDestination<B> {
  readonly backend: B;
  readonly place: number;
  readonly destination: Destination;
  /** Undefined for the only destination. */
  readonly weight?: number;
}

/** The destinations of backends with a share. Those that do not exist keep it: their requests fail. */
export function destinationsOf<B extends Weighted>(
  backends: readonly B[], context: BackendContext, onProblem: (place: number, why: Problem) => void,
): readonly WeightedDestination<B>[] | Problem {
  const used = [...backends.entries()].filter(([, { weight = 1 }]) => weight !== 0);
  const destinations: WeightedDestination<B>[] = [];
  for (const [place, backend] of used) {
    const { destination, problem: why } = backendOf(backend, context);
    if (destination === undefined) return why!;
    if (why) onProblem(place, why);
    destinations.push({ backend, place, destination, ...used.length > 1 && { weight: backend.weight ?? 1 } });
  }
  return destinations;
}

/** A backend of HTTP, with filters of its own. */
interface FilteredBackend extends Weighted {
  readonly filters?: readonly {
    readonly type?: string; readonly requestHeaderModifier?: HTTPHeaderFilter; readonly responseHeaderModifier?: HTTPHeaderFilter;
  }[];
}

/** The destinations of an HTTP or gRPC rule. The filters of backends may only change headers. */
export function httpDestinations(
  backends: readonly FilteredBackend[], context: BackendContext, onProblem: (place: number, why: Problem) => void,
): readonly HTTPRouteDestination[] | Problem {
  const found = destinationsOf(backends, context, onProblem);
  if ('reason' in found) return found;
  const destinations: HTTPRouteDestination[] = [];
  for (const { backend: { filters = [] }, destination, weight } of found) {
    const other = filters.find(({ type }) => type !== 'RequestHeaderModifier' && type !== 'ResponseHeaderModifier');
    if (other) return unsupportedFilter(other.type);
    const { headers, problem: why } = headersOf(filters);
    if (why) return why;
    destinations.push({ destination, ...weight !== undefined && { weight }, ...headers && { headers } });
  }
  return destinations;
}

export function unsupportedFilter(type: string | undefined): Problem {
  return problem('InvalidFilter', `Istio supports no filter of type ${type} here`);
}

/** Where a filter mirrors requests to, and the share of them. */
export function mirrorOf(
  { backendRef = {}, fraction, percent }: HTTPRequestMirrorFilter, context: BackendContext,
): { readonly mirror?: HTTPMirrorPolicy; readonly problem?: Problem } {
  const { destination, problem: why } = backendOf(backendRef, context);
  if (why) return { problem: why };
  const value = fraction ? 100 * (fraction.numerator ?? 0) / (fraction.denominator ?? 100) : percent;
  // protobuf omits a share of 0.
  return { mirror: { destination, ...value !== undefined && { percentage: value === 0 ? {} : { value } } } };
}
