import type { KubernetesObject } from '../manifest/kubernetes-object';
import { parsePath } from '../manifest/provenance';
import { readValue } from '../manifest/shape';

/** Written by this library where a program asks for it: the constructs behind each route, by its name, and behind the policies. */
const ANNOTATION = 'cdk8s-istio/origin';

const PATHS = {
  routes: { '*': ['string'] }, policies: ['string'], defaults: [{ field: 'string', by: 'string', replacedBy: ['string'] }],
} as const;

/** The paths of the constructs that made an object. */
export interface ConstructPaths {
  /** Those behind each route, by its name. */
  readonly routes?: { readonly [name: string]: readonly string[] };
  readonly policies?: readonly string[];
  readonly defaults?: readonly DefaultPaths[];
}

/** The construct that sets a default of a field, and those that replace it. */
export interface DefaultPaths {
  readonly field?: string;
  readonly by?: string;
  readonly replacedBy?: readonly string[];
}

/** The construct paths in an object's annotation. Another value there says nothing about constructs. */
function pathsOf({ metadata }: KubernetesObject): ConstructPaths | undefined {
  const text: unknown = metadata?.annotations?.[ANNOTATION];
  if (typeof text !== 'string') return undefined;
  try {
    return readValue(PATHS, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The defaults of an object's fields. */
export function defaultsBehind(object: KubernetesObject): readonly DefaultPaths[] {
  return pathsOf(object)?.defaults ?? [];
}

const ROUTES = { spec: { '*': [{ name: 'string' }] } } as const;

/** The constructs behind a field: those of its route, else all that made the object. */
export function constructsBehind(object: KubernetesObject, path: string, known?: ConstructPaths): readonly string[] | undefined {
  const paths = known ?? pathsOf(object);
  if (!paths) return undefined;
  const { routes = {}, policies = [] } = paths;
  const [spec, block, place] = parsePath(path);
  if (spec === 'spec' && typeof block === 'string' && typeof place === 'number') {
    const name = readValue(ROUTES, object)?.spec?.[block]?.[place]?.name;
    if (name !== undefined && Object.hasOwn(routes, name)) return routes[name];
  }
  return [...new Set([...policies, ...Object.values(routes).flat()])].sort();
}
