import type { AppState } from './app-state';
import type { NamedInScope } from '../compile/scope-clashes';
import { scopeClashes } from '../compile/scope-clashes';

/** All objects of a kind in an App. They are compared once per synth. */
export class ScopedObjects {
  public static in(state: AppState, kind: string): ScopedObjects {
    return state.one(`scoped/${kind}`, () => new ScopedObjects(state, kind));
  }

  private readonly objects = new Set<NamedInScope>();
  private clashes?: ReadonlyMap<NamedInScope, readonly string[]>;

  private constructor(public readonly state: AppState, private readonly kind: string) {}

  /** Records a statement for an object. */
  public add(object: NamedInScope): void {
    this.objects.add(object);
    this.clashes = undefined;
  }

  /** The conflicts of an object with others. Of two in conflict, the one with the later path gets the error. */
  public clashesOf(object: NamedInScope): readonly string[] {
    this.clashes ??= scopeClashes(this.kind, this.objects);
    return this.clashes.get(object) ?? [];
  }
}
