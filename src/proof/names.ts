import type { Automaton } from './automaton';
import { ALL, DEAD } from './automaton';
import type { StringSet } from './string-set';

const COLON = 0x3a;

/** Some names, each with any port or none. */
export function names(all: readonly string[]): StringSet {
  const known = new Set(all);
  let automaton: Automaton | undefined;
  return {
    key: `names ${all.join(' ')}`,
    start: '',
    examples: [],
    get automaton() {
      return automaton ??= new Trie(all);
    },
    has: text => known.has(text.split(':')[0]),
  };
}

/** The characters of all names, shared from their beginnings on. */
class Trie implements Automaton {
  public readonly start = 0;
  public readonly boundaries = new Set([COLON, COLON + 1]);
  private readonly nodes: { readonly next: Map<number, number>; isEnd: boolean }[] = [{ next: new Map(), isEnd: false }];

  constructor(all: readonly string[]) {
    for (const name of all) {
      let at = 0;
      for (let i = 0; i < name.length; i++) {
        const character = name.charCodeAt(i);
        this.boundaries.add(character).add(character + 1);
        const { next } = this.nodes[at];
        if (!next.has(character)) next.set(character, this.nodes.push({ next: new Map(), isEnd: false }) - 1);
        at = next.get(character)!;
      }
      this.nodes[at].isEnd = true;
    }
  }

  public step(state: number, character: number): number {
    const { next, isEnd } = this.nodes[state];
    return next.get(character) ?? (isEnd && character === COLON ? ALL : DEAD);
  }

  public accepts(state: number): boolean {
    return this.nodes[state].isEnd;
  }
}
