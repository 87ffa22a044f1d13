import type { ApiObject } from 'cdk8s';
import { Lazy } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Environment } from './environment';

/** The constructs behind an object: by route name, and those of its policies. */
export interface Origin {
  readonly routes?: { readonly [name: string]: readonly string[] };
  readonly policies?: readonly string[];
}

export const ORIGIN_ANNOTATION = 'cdk8s-istio/origin';

const ORIGIN = Symbol('origin');

/** An object that knows where it comes from. */
interface Traced {
  [ORIGIN]?: () => Origin;
}

/** Notes where an object comes from; rendered where Origins.record() asked for it, before or after. */
export function originOf(object: ApiObject, origin: () => Origin): void {
  (object as Traced)[ORIGIN] = origin;
  if (Environment.of(object).one(ORIGIN_ANNOTATION, () => ({ recorded: false })).recorded) annotate(object, origin);
}

/** Where an object comes from, whether or not anybody asked for it to be rendered; undefined for one that is not of our making. */
export function knownOrigin(object: ApiObject): Origin | undefined {
  return (object as Traced)[ORIGIN]?.();
}

/** Renders the origins of everything below the root of `scope`. */
export function recordOrigins(scope: IConstruct): void {
  const switched = Environment.of(scope).one(ORIGIN_ANNOTATION, () => ({ recorded: false }));
  if (switched.recorded) return;
  switched.recorded = true;
  for (const node of scope.node.root.node.findAll()) {
    const origin = (node as Traced)[ORIGIN];
    if (origin) annotate(node as ApiObject, origin);
  }
}

function annotate(object: ApiObject, origin: () => Origin): void {
  object.metadata.addAnnotation(ORIGIN_ANNOTATION, Lazy.any({ produce: () => JSON.stringify(sortKeys(origin())) }));
}

function sortKeys(origin: Origin): object {
  const routes = Object.entries(origin.routes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, paths]) => [name, unique(paths)]);
  return { policies: unique(origin.policies ?? []), routes: Object.fromEntries(routes) };
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort();
}
