import type { PolicyFields } from './policy';
import type { DefaultPart } from '../../traffic/default-part';

/** The services that defaults apply to. */
export type DefaultsScope =
  | { readonly kind: 'mesh' }
  | { readonly kind: 'namespace'; readonly namespace: string }
  /** The services at or below a construct. */
  | { readonly kind: 'tree'; readonly path: string; readonly depth: number };

/** Defaults of one construct. They apply where no statement sets the same field. */
export interface ServiceDefaults {
  /** The path of the construct. */
  readonly path: string;
  readonly scope: DefaultsScope;
  /** Istio's fields of a route, by name. */
  readonly requests: { readonly [slot: string]: unknown };
  /** Fields by their place in a `trafficPolicy`. */
  readonly policies: PolicyFields;
  /** Whether the load balancer hashes by a property of requests, which connections lack. */
  readonly hashesRequests: boolean;
  /** The access logs, in Istio's form. */
  readonly logs?: object;
  /** The parts of wider scopes that do not apply. */
  readonly without: readonly DefaultPart[];
}

/** A default of one field, and what replaces it. */
export interface CompiledDefault {
  /** The field: of a route, or by its place in a `trafficPolicy`. */
  readonly field: string;
  readonly isOfRoutes: boolean;
  readonly value: unknown;
  /** The path of the construct that sets the default. */
  readonly path: string;
  /** What replaces it: paths of constructs, with the part of the service if it is not the whole. Empty if nothing does. */
  readonly replacedBy: readonly { readonly path: string; readonly part: string }[];
}

/** How near a scope is. The nearer one wins. */
export function nearness(scope: DefaultsScope): number {
  if (scope.kind === 'mesh') return 0;
  return scope.kind === 'namespace' ? 1 : 2 + scope.depth;
}

/** A scope as a key: two defaults of one key are of the same level. */
export function defaultsKey(scope: DefaultsScope): string {
  if (scope.kind === 'mesh') return 'mesh';
  return scope.kind === 'namespace' ? `namespace/${scope.namespace}` : `tree/${scope.path}`;
}

/** The name of a scope in messages. */
export function defaultsScopeName(scope: DefaultsScope): string {
  if (scope.kind === 'mesh') return 'the mesh';
  return scope.kind === 'namespace'
    ? `namespace '${scope.namespace}'`
    : `the services at or below ${scope.path === '' ? 'the App' : scope.path}`;
}

/** The part that a field belongs to. */
export function partOf(field: string): DefaultPart {
  return field.split('.')[0] as DefaultPart;
}

/** The fields of routes and policies that defaults set. */
export function fieldsOf({ requests, policies }: ServiceDefaults): readonly string[] {
  return [...Object.keys(requests), ...Object.keys(policies)];
}
