import { addToGroup } from './group-by';

/**
 * Values by prefix. One pass over a string finds the values of all its prefixes by their hashes. A look-up may also return values of
 * another prefix with the same hash.
 */
export class PrefixMap<T> {
  private readonly byHash = new Map<number, T[]>();
  private readonly lengths = new Set<number>();

  public add(prefix: string, value: T): void {
    this.lengths.add(prefix.length);
    addToGroup(this.byHash, hashOf(prefix), value);
  }

  /** The values of a prefix. */
  public of(prefix: string): readonly T[] {
    return this.byHash.get(hashOf(prefix)) ?? [];
  }

  /** Visits the values of each prefix of a string, the shortest first. */
  public over(text: string, visit: (values: readonly T[]) => void): void {
    let hash = 0;
    for (let length = 0; length <= text.length; length++) {
      const found = this.lengths.has(length) ? this.byHash.get(hash) : undefined;
      if (found) visit(found);
      hash = nextHash(hash, text.charCodeAt(length));
    }
  }
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = nextHash(hash, text.charCodeAt(i));
  return hash;
}

/** The hash of a string and one more character, in 32 bits. */
function nextHash(hash: number, code: number): number {
  return Math.imul(Math.imul(hash, 31) + code + 1, 1);
}
