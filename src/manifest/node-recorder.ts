import type { State } from 'js-yaml';

/** The numbers per block of memory. Documents share a block, because most are small. */
const BLOCK = 65_536;

let block = new Int32Array(BLOCK);
let used = 0;

/**
 * Records the nodes that js-yaml reads in one document, as numbers: the position and the line (from 0) where a node opens, and -1 -
 * position where it closes.
 */
export class NodeRecorder {
  /** The line, from 0, of the last node that opened. */
  public lastLine = 0;
  /** The line, from 0, of the first key that is an object, a list or null. */
  public unusualKeyLine: number | undefined;
  /** The values of completely read documents. */
  public readonly roots: unknown[] = [];
  private memory = block;
  private from = used;
  private to = used;
  private depth = 0;

  public readonly listener = (event: 'open' | 'close', state: State): void => {
    if (this.to + 2 > this.memory.length) this.moveToNextBlock();
    if (event === 'open') {
      this.depth++;
      this.memory[this.to++] = state.position;
      this.memory[this.to++] = this.lastLine = state.line;
    } else {
      this.memory[this.to++] = -1 - state.position;
      if (--this.depth === 0) this.roots.push(state.result);
      if (typeof state.result === 'object' && this.unusualKeyLine === undefined && isUnusual(state)) this.unusualKeyLine = state.line;
    }
    used = this.to;
  };

  /** The events, in order. */
  public get events(): Int32Array {
    return this.memory.subarray(this.from, this.to);
  }

  private moveToNextBlock(): void {
    const recorded = this.events;
    block = new Int32Array(Math.max(BLOCK, 2 * recorded.length));
    block.set(recorded);
    this.memory = block;
    this.from = 0;
    this.to = recorded.length;
  }
}

const [SPACE, COLON, DELETE] = [0x20, 0x3a, 0x7f];
const COLON_BEHIND = / *:/y;
/** The colon of a key with a question mark is on its own line. */
const COLON_BELOW = /\s*:\s/y;

/** How js-yaml converts a key that is an object. */
const OBJECT_KEY = '[object Object]';

/** Whether a finished node is a key, or has a key that is an object. */
function isUnusual({ input, position, result }: State): boolean {
  if (result !== null && Object.hasOwn(result as object, OBJECT_KEY)) return true;
  // Most nodes are followed by the letter with which the next key begins.
  const next = input.charCodeAt(position);
  if (next > SPACE && next < DELETE && next !== COLON) return false;
  const colon = result === null ? COLON_BEHIND : COLON_BELOW;
  colon.lastIndex = COLON_BEHIND.lastIndex = position;
  return COLON_BEHIND.test(input) || colon.test(input);
}
