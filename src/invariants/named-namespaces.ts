import type { KubernetesObject } from '../manifest/kubernetes-object';
import { dnsLabelProblem } from '../traffic/name';

/** The lists of objects whose items are names of namespaces, or patterns of them. */
const OF_NAMESPACES: ReadonlySet<string> = new Set(['exportTo', 'namespaces', 'notNamespaces', 'sourceNamespace']);
/** The lists of objects whose items are identities, with a namespace in them. */
const OF_IDENTITIES: ReadonlySet<string> = new Set(['principals', 'notPrincipals', 'serviceAccounts', 'notServiceAccounts']);
const EXPORT = 'networking.istio.io/exportTo';

/**
 * The namespaces that objects name, even if the input has no objects in them: those to which something is exported, and those that
 * policies and matches name. A pattern is represented by one namespace that it takes.
 */
export function namedNamespaces(objects: readonly KubernetesObject[]): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (text: string) => {
    const name = text.trim().replace(/\*/g, 'x');
    if (!dnsLabelProblem('', name)) found.add(name);
  };
  for (const { spec, metadata } of objects) {
    if (typeof spec === 'object' && spec !== null) collect(spec, add);
    const exported = metadata.annotations?.[EXPORT];
    if (typeof exported === 'string') exported.split(',').forEach(add);
  }
  return found;
}

function collect(value: object, add: (text: string) => void): void {
  for (const [field, part] of Object.entries(value) as [string, unknown][]) {
    const texts = [part].flat().filter(text => typeof text === 'string');
    if (OF_NAMESPACES.has(field)) texts.forEach(add);
    if (OF_IDENTITIES.has(field)) texts.forEach(text => add(namespaceIn(text)));
    if (typeof part === 'object' && part !== null) collect(ofCondition(part) ?? part, add);
  }
}

/** A condition of a rule in the form of the fields of a source. */
function ofCondition(part: object): object | undefined {
  const { key, values, notValues } = part as { readonly key?: unknown; readonly values?: unknown; readonly notValues?: unknown };
  if (key === 'source.namespace') return { namespaces: values, notNamespaces: notValues };
  return key === 'source.principal' || key === 'source.serviceAccount' ? { principals: values, notPrincipals: notValues } : undefined;
}

function namespaceIn(identity: string): string {
  return /\/ns\/([^/]+)/.exec(identity)?.[1] ?? /^([^/]+)\//.exec(identity)?.[1] ?? '';
}
