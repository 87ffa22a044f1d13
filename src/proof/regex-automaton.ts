import type { Automaton } from './automaton';
import { ALL, CHARACTERS, DEAD, FIRST_CHARACTER, LAST_CHARACTER } from './automaton';
import type { Re2Instruction, Re2Program } from '../traffic/re2';
import { RE2_OP as OP, re2Program, readsCharacter } from '../traffic/re2';

const KNOWN: ReadonlySet<number> = new Set(Object.values(OP));
/** The assertions of an empty width, as powers of two. No value holds a line break, so a line is the whole string. */
const ASSERT = { BEGIN_LINE: 1, END_LINE: 2, BEGIN_TEXT: 4, END_TEXT: 8, WORD: 16, NO_WORD: 32 } as const;
const ASSERTIONS: readonly number[] = Object.values(ASSERT);
const NONE: ReadonlySet<number> = new Set();
/**
 * Programs that are longer are not compiled into an automaton: those of Istio's longest regex are shorter, but for repetitions of
 * repetitions.
 */
const MOST_INSTRUCTIONS = 4000;
/** The characters that are read before the next one. */
type Before = 'nothing' | 'word' | 'other';

interface State {
  /** Instructions that may come next, before those of no width are followed. */
  readonly next: readonly number[];
  readonly before: Before;
  readonly accepts: boolean;
  /** What reads the next character, where that does not hang on which one it is. */
  reading?: readonly number[];
  /** The state after each character that was asked for. */
  readonly after: Int32Array;
}

const UNKNOWN = -3;

/** The automaton of a regex that matches whole values; undefined where RE2 rejects it, or where its program is too long. */
export function regexAutomaton(pattern: string): Automaton | undefined {
  const program = re2Program(pattern);
  const isKnown = program && program.inst.length <= MOST_INSTRUCTIONS && program.inst.every(({ op }) => KNOWN.has(op));
  return isKnown ? new RegexAutomaton(program) : undefined;
}

class RegexAutomaton implements Automaton {
  public readonly start: number;
  public readonly boundaries = new Set<number>();
  private readonly states: State[] = [];
  private readonly known = new Map<string, number>();
  private readonly inst: readonly Re2Instruction[];
  /** What each instruction of no width asserts. */
  private readonly asserted: readonly (readonly number[])[];
  private readonly canEnd: readonly boolean[];
  /** The instructions from which every continuation is accepted. */
  private readonly universal: ReadonlySet<number>;
  private readonly hasWords: boolean;

  constructor({ inst, start }: Re2Program) {
    this.inst = inst;
    this.asserted = inst.map(({ op, arg }) => (op === OP.EMPTY_WIDTH ? ASSERTIONS.filter(bit => Math.floor(arg / bit) % 2 === 1) : []));
    this.hasWords = this.asserted.some(assertions => assertions.some(bit => bit >= ASSERT.WORD));
    this.canEnd = reachingEnd(inst);
    this.universal = new Set(inst.flatMap((i, pc) => (this.isLoopOfAll(i, pc) ? [pc] : [])));
    for (const i of inst) if (i.op === OP.RUNE || i.op === OP.RUNE1) addBoundaries(this.boundaries, i);
    if (this.hasWords) for (const edge of '09AZ_az') this.boundaries.add(edge.charCodeAt(0)).add(edge.charCodeAt(0) + 1);
    this.start = this.stateOf([start], 'nothing');
  }

  public step(state: number, character: number): number {
    const from = this.states[state];
    const known = character < CHARACTERS ? from.after[character] : UNKNOWN;
    if (known !== UNKNOWN) return known;
    const isWord = isWordCharacter(character);
    const next: number[] = [];
    for (const pc of this.reading(from, isWord)) {
      if (readsCharacter(this.inst[pc], character) && this.canEnd[this.inst[pc].out]) next.push(this.inst[pc].out);
    }
    const to = next.length === 0 ? DEAD : this.stateOf(next, isWord ? 'word' : 'other');
    if (character < CHARACTERS) from.after[character] = to;
    return to;
  }

  public accepts(state: number): boolean {
    return this.states[state].accepts;
  }

  private reading(from: State, isWord: boolean): readonly number[] {
    if (this.hasWords) return this.closure(from.next, this.assertions(from.before, isWord ? 'word' : 'other'));
    return from.reading ??= this.closure(from.next, this.assertions(from.before, 'other'));
  }

  private stateOf(next: readonly number[], before: Before): number {
    const sorted = [...new Set(next)].sort((a, b) => a - b);
    const told: Before = this.hasWords || before === 'nothing' ? before : 'other';
    const key = `${told} ${sorted.join(' ')}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const ends = this.closure(sorted, this.assertions(before, 'nothing'));
    const accepts = ends.some(pc => this.inst[pc].op === OP.MATCH);
    const open = accepts && this.universal.size > 0 ? this.closure(sorted, NONE) : [];
    const state: State = { next: sorted, before: told, accepts, after: new Int32Array(CHARACTERS).fill(UNKNOWN) };
    const isAll = accepts && open.some(pc => this.universal.has(pc)) && open.some(pc => this.inst[pc].op === OP.MATCH);
    const id = isAll ? ALL : this.states.push(state) - 1;
    this.known.set(key, id);
    return id;
  }

  private assertions(before: Before, after: Before): ReadonlySet<number> {
    return new Set([
      ...(before === 'nothing' ? [ASSERT.BEGIN_LINE, ASSERT.BEGIN_TEXT] : []),
      ...(after === 'nothing' ? [ASSERT.END_LINE, ASSERT.END_TEXT] : []),
      (before === 'word') === (after === 'word') ? ASSERT.NO_WORD : ASSERT.WORD,
    ]);
  }

  /** The instructions that read a character or end, in reach without reading one. */
  private closure(from: readonly number[], assertions: ReadonlySet<number>): number[] {
    const isMet = (pc: number) => this.inst[pc].op === OP.EMPTY_WIDTH && this.asserted[pc].every(bit => assertions.has(bit));
    const seen = new Set<number>();
    const found: number[] = [];
    const open = [...from].reverse();
    while (open.length > 0) {
      const pc = open.pop()!;
      if (seen.has(pc)) continue;
      seen.add(pc);
      const { op, out, arg } = this.inst[pc];
      if (op === OP.ALT || op === OP.ALT_MATCH) open.push(arg, out);
      else if (op === OP.CAPTURE || op === OP.NOP || isMet(pc)) open.push(out);
      else if (op >= OP.RUNE || op === OP.MATCH) found.push(pc);
    }
    return found;
  }

  /** Whether an instruction takes any character, and leads back to itself and to the end. */
  private isLoopOfAll(i: Re2Instruction, pc: number): boolean {
    if (i.op < OP.RUNE || !takesAll(i)) return false;
    const after = this.closure([i.out], NONE);
    return after.includes(pc) && after.some(other => this.inst[other].op === OP.MATCH);
  }
}

function takesAll(i: Re2Instruction): boolean {
  if (i.op === OP.ANY || i.op === OP.ANY_NOT_NL) return true;
  for (let c = FIRST_CHARACTER; c <= LAST_CHARACTER; c++) if (!i.matchRune(c)) return false;
  return true;
}

function isWordCharacter(character: number): boolean {
  return /\w/.test(String.fromCharCode(character));
}

function addBoundaries(boundaries: Set<number>, i: Re2Instruction): void {
  let before = false;
  for (let c = FIRST_CHARACTER; c <= LAST_CHARACTER + 1; c++) {
    const is = i.matchRune(c);
    if (is !== before) boundaries.add(c);
    before = is;
  }
}

/** The instructions from which the end can be reached at all, assertions left aside. */
function reachingEnd(inst: readonly Re2Instruction[]): boolean[] {
  const before: number[][] = inst.map(() => []);
  inst.forEach(({ op, out, arg }, pc) => {
    if (op === OP.MATCH || op === OP.FAIL) return;
    before[out]?.push(pc);
    if (op === OP.ALT || op === OP.ALT_MATCH) before[arg]?.push(pc);
  });
  const reaching = inst.map(({ op }) => op === OP.MATCH);
  const open = inst.flatMap(({ op }, pc) => (op === OP.MATCH ? [pc] : []));
  while (open.length > 0) {
    for (const pc of before[open.pop()!]) {
      if (reaching[pc]) continue;
      reaching[pc] = true;
      open.push(pc);
    }
  }
  return reaching;
}
