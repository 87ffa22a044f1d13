import type { KubernetesObject } from '../manifest/kubernetes-object';
import { parsePath } from '../manifest/provenance';

/** Written by this library where a program asks for it: the constructs behind each route, by its name, and behind the policies. */
const ANNOTATION = 'cdk8s-istio/origin';

export interface Origin {
  readonly routes?: { readonly [name: string]: readonly string[] };
  readonly policies?: readonly string[];
}

function read(object: KubernetesObject): Origin | undefined {
  const text = object.metadata.annotations?.[ANNOTATION];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Origin;
  } catch {
    return undefined; // Whoever wrote it, it says nothing about the traffic.
  }
}

/** The constructs that a field comes from: those of its route, else those of all that the object states. */
export function constructsBehind(object: KubernetesObject, path: string, known?: Origin): readonly string[] | undefined {
  const origin = known ?? read(object);
  if (!origin) return undefined;
  const [spec, block, index] = parsePath(path);
  if (spec === 'spec' && typeof block === 'string' && typeof index === 'number') {
    const name: unknown = object.spec?.[block]?.[index]?.name;
    const routes = typeof name === 'string' ? origin.routes?.[name] : undefined;
    if (Array.isArray(routes)) return routes;
  }
  return [...new Set([...origin.policies ?? [], ...Object.values(origin.routes ?? {}).flat()])].sort();
}
