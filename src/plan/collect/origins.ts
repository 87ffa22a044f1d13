import type { ApiObject } from 'cdk8s';
import { Lazy } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { AppState } from './app-state';
import type { ObjectOrigin } from '../model/object-origin';

const ORIGIN_ANNOTATION = 'cdk8s-istio/origin';

const ORIGIN = Symbol('origin');

/** A function that returns the origin of an object. */
export interface Traceable {
  origin(): ObjectOrigin;
}

/** An object with a known origin. */
interface Traced {
  [ORIGIN]?: Traceable;
}

/** Records the origin of an object. It is rendered if Origins.record() is called, before or after. */
export function originOf(object: ApiObject, source: Traceable): void {
  (object as Traced)[ORIGIN] = source;
  if (AppState.of(object).recordsOrigins) annotate(object, source);
}

/** The origin of an object, whether or not it is rendered; undefined for objects that this library did not create. */
export function knownOrigin(object: ApiObject): ObjectOrigin | undefined {
  return (object as Traced)[ORIGIN]?.origin();
}

/** Renders the origins of everything below the root of `scope`. */
export function recordOrigins(scope: IConstruct): void {
  const state = AppState.of(scope);
  if (state.recordsOrigins) return;
  state.recordsOrigins = true;
  for (const node of scope.node.root.node.findAll()) {
    const source = (node as Traced)[ORIGIN];
    if (source) annotate(node as ApiObject, source);
  }
}

function annotate(object: ApiObject, source: Traceable): void {
  object.metadata.addAnnotation(ORIGIN_ANNOTATION, Lazy.any({ produce: () => JSON.stringify(sortKeys(source.origin())) }));
}

function sortKeys(origin: ObjectOrigin): object {
  const routes = Object.entries(origin.routes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, paths]) => [name, unique(paths)]);
  const defaults = origin.defaults ?? [];
  return { ...defaults.length > 0 ? { defaults } : {}, policies: unique(origin.policies ?? []), routes: Object.fromEntries(routes) };
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort();
}
