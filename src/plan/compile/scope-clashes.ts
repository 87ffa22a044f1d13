import { addToGroup } from '../../manifest/group-by';
import { selects } from '../../manifest/labels';
import type { Scope } from '../model/scope';
import { scopeName, selectorOf } from '../model/scope';

/** An object of a scope, with its name and the path of its construct. */
export interface NamedInScope {
  readonly scope: Scope;
  readonly name: string;
  readonly path: string;
}

/**
 * The conflicts between objects of a kind. Of two in conflict, the one with the later path gets the error. Only objects that share a name
 * or a label are compared.
 */
export function scopeClashes(kind: string, objects: Iterable<NamedInScope>): ReadonlyMap<NamedInScope, readonly string[]> {
  const clashes = new Map<NamedInScope, string[]>();
  const tell = (a: NamedInScope, b: NamedInScope, what: (late: NamedInScope, early: NamedInScope) => string) => {
    const [early, late] = a.path < b.path ? [a, b] : [b, a];
    addToGroup(clashes, late, `${late.path}: ${what(late, early)}`);
  };
  const named = new Map<string, NamedInScope[]>();
  for (const object of objects) {
    const name = `${object.scope.namespace}/${object.name}`;
    named.get(name)?.forEach(other => tell(object, other, (late, early) => `the name '${late.name}' of a ${kind} in namespace `
      + `'${late.scope.namespace}' `
      + `is already taken by ${early.path}; use a different \`name\``));
    addToGroup(named, name, object);
  }
  if (kind === 'Sidecar') for (const [narrow, wide] of nestedWorkloads([...objects])) tell(narrow, wide, sharedPods);
  return clashes;
}

/** Pairs of workloads where the first has all labels of the second, found by the rarest label of the second. */
function* nestedWorkloads(objects: readonly NamedInScope[]): Iterable<readonly [NamedInScope, NamedInScope]> {
  const count = new Map<string, number>();
  for (const { scope } of objects) for (const key of labelKeys(scope)) count.set(key, (count.get(key) ?? 0) + 1);
  const byRarest = new Map<string, NamedInScope[]>();
  for (const object of objects) {
    const keys = labelKeys(object.scope);
    if (keys.length > 0) addToGroup(byRarest, keys.reduce((a, b) => (count.get(b)! < count.get(a)! ? b : a)), object);
  }
  for (const object of objects) {
    for (const key of labelKeys(object.scope)) {
      for (const other of byRarest.get(key) ?? []) if (other !== object && isWithin(object.scope, other.scope)) yield [object, other];
    }
  }
}

function labelKeys(scope: Scope): string[] {
  return Object.entries(selectorOf(scope) ?? {}).map(([key, value]) => `${scope.namespace}/${key}=${value}`);
}

/** Whether every pod with the labels of one workload has those of the other. */
function isWithin({ labels }: Scope, wider: Scope): boolean {
  return labels !== undefined && wider.labels !== undefined && selects(wider.labels, labels);
}

function sharedPods(late: NamedInScope, early: NamedInScope): string {
  return `${scopeName(late.scope)} shares pods with ${scopeName(early.scope)}, which ${early.path} applies to, `
    + 'and Istio applies only the older of two '
    + 'Sidecars; use labels that do not select the same pods, or one scope';
}
