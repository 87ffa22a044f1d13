import type { IConstruct } from 'constructs';
import { Environment } from './environment';
import type { Scope, ScopedObject } from './scope';
import { describeScope, selectorOf } from './scope';
import { addToGroup } from '../manifest/group-by';
import { selects } from '../manifest/labels';

/** All objects of a kind in an App. They are compared once a synth, and only those that share a name or a label. */
export class ScopedObjects {
  public static of(by: IConstruct, kind: string): ScopedObjects {
    return ScopedObjects.in(Environment.of(by), kind);
  }

  public static in(environment: Environment, kind: string): ScopedObjects {
    return environment.one(`scoped/${kind}`, () => new ScopedObjects(kind));
  }

  private readonly objects = new Set<ScopedObject>();
  private judged?: ReadonlyMap<ScopedObject, readonly string[]>;

  private constructor(private readonly kind: string) {}

  /** Notes that something was said for an object. */
  public add(object: ScopedObject): void {
    this.objects.add(object);
    this.judged = undefined;
  }

  /** What is wrong with an object beside others; of two that clash, the one whose path comes later is told. */
  public clashesOf(object: ScopedObject): readonly string[] {
    this.judged ??= this.judge();
    return this.judged.get(object) ?? [];
  }

  private judge(): ReadonlyMap<ScopedObject, readonly string[]> {
    const clashes = new Map<ScopedObject, string[]>();
    const tell = (a: ScopedObject, b: ScopedObject, what: (late: ScopedObject, early: ScopedObject) => string) => {
      const [early, late] = a.path < b.path ? [a, b] : [b, a];
      addToGroup(clashes, late, `${late.path}: ${what(late, early)}`);
    };
    const named = new Map<string, ScopedObject[]>();
    for (const object of this.objects) {
      const name = `${object.scope.namespace}/${object.name}`;
      named.get(name)?.forEach(other => tell(object, other, (late, early) => `the name '${late.name}' of a ${this.kind} in namespace '${late.scope.namespace}' `
        + `is already taken by ${early.path}; state another \`name\``));
      addToGroup(named, name, object);
    }
    if (this.kind === 'Sidecar') this.nested((a, b) => tell(a, b, sharedPods));
    return clashes;
  }

  /** Pairs of workloads of which one has all labels of the other, found by the other's rarest label. */
  private nested(found: (narrow: ScopedObject, wide: ScopedObject) => void): void {
    const count = new Map<string, number>();
    for (const object of this.objects) for (const key of labelKeys(object.scope)) count.set(key, (count.get(key) ?? 0) + 1);
    const byRarest = new Map<string, ScopedObject[]>();
    for (const object of this.objects) {
      const keys = labelKeys(object.scope);
      if (keys.length > 0) addToGroup(byRarest, keys.reduce((a, b) => (count.get(b)! < count.get(a)! ? b : a)), object);
    }
    for (const object of this.objects) {
      for (const key of labelKeys(object.scope)) {
        for (const other of byRarest.get(key) ?? []) if (other !== object && within(object.scope, other.scope)) found(object, other);
      }
    }
  }
}

function labelKeys(scope: Scope): string[] {
  return Object.entries(selectorOf(scope) ?? {}).map(([key, value]) => `${scope.namespace}/${key}=${value}`);
}

/** Whether every pod with the labels of one workload has those of the other. */
function within({ labels }: Scope, wider: Scope): boolean {
  return labels !== undefined && wider.labels !== undefined && selects(wider.labels, labels);
}

function sharedPods(late: ScopedObject, early: ScopedObject): string {
  return `${describeScope(late.scope)} shares pods with ${describeScope(early.scope)}, which ${early.path} is about, and Istio applies the older of two `
    + 'Sidecars alone; use labels that no pod has both of, or one scope';
}
