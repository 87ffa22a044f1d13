import { groupBy } from '../../manifest/group-by';
import { byAge } from '../../manifest/kubernetes-object';
import type { Manifest } from '../../manifest/manifest';
import { inShort, MOST_NAMED } from '../words';

/** Who knows how messages name an object. */
interface Names {
  nameOf(object: Manifest): string;
}

/** Objects that compete, such as the Sidecars of one pod. All of them share one list. */
export class Rivals<M extends Manifest = Manifest> {
  private first: M | undefined;

  /** `all` names each object once. */
  public constructor(public readonly all: readonly M[]) {}

  /** The one that Istio prefers. */
  public get oldest(): M {
    return this.first ??= this.all.reduce((first, next) => (byAge(next, first) < 0 ? next : first));
  }

  /** How many there are beside one of them. */
  public get others(): number {
    return this.all.length - 1;
  }

  /** Those beside one of them, by name: the first few, and how many more there are. */
  public beside(object: M, names: Names): string {
    const named = this.all.slice(0, MOST_NAMED + 1).filter(other => other !== object).slice(0, MOST_NAMED);
    return inShort(named.map(other => names.nameOf(other)), this.others);
  }
}

/** Objects that compete for the same key. */
export function rivalsBy<M extends Manifest>(objects: readonly M[], keyOf: (object: M) => string): Map<string, Rivals<M>> {
  return new Map([...groupBy(objects, keyOf)].map(([key, all]) => [key, new Rivals(all)]));
}
