import type { BlockLine, LineValue } from './block-line';
import { BELOW, blockLine, COMMENT, EMPTY_LIST, EMPTY_OBJECT } from './block-line';
import { DEEPEST } from './json-value';
import type { FieldPath } from './provenance';

/** The lines, from 1, of the keys of an object or of the items of a list. */
type Lines = Map<object, Map<string | number, number>>;

/** What is not a printable ASCII character, or is a break other than a line feed. */
const UNUSUAL = /[^\x20-\x7e\n]/;
const SEPARATOR = '---\n';

/**
 * Reads a document that has one key or one item per line, as most tools write it, several times as fast as js-yaml. Undefined if the
 * document has anything else, such as an anchor, a flow collection, a block string or a fault: then js-yaml reads it.
 */
export function readBlocks(text: string): object | undefined {
  return UNUSUAL.test(text) ? undefined : new BlockReader(text).read();
}

/** The lines of a document that `readBlocks` reads. */
export class BlockPlaces {
  private readonly lines: Lines = new Map();
  private readonly root: object;
  private readonly first: number;

  public constructor(text: string) {
    const reader = new BlockReader(text, this.lines);
    this.root = reader.read()!;
    this.first = Math.min(...this.lines.get(this.root)!.values());
  }

  /** The line of a field, from 1. If the field is missing, it is the line of the nearest parent. */
  public lineOf(path: FieldPath): number {
    let line = this.first;
    let value: unknown = this.root;
    for (const name of path) {
      if (typeof value !== 'object' || value === null) break;
      const found = this.lines.get(value)?.get(Array.isArray(value) ? Number(name) : String(name));
      if (found === undefined) break;
      line = found;
      value = (value as { readonly [name: string | number]: unknown })[name];
    }
    return line;
  }
}

/** Reads the lines one by one. Objects and lists end where a line does not belong to them. */
class BlockReader {
  private line: BlockLine | undefined;
  private number = 0;
  private next = 0;
  private depth = 0;
  private isRead = true;

  public constructor(private readonly text: string, private readonly lines?: Lines) {
    if (!text.startsWith(SEPARATOR)) return;
    this.number = 1;
    this.next = SEPARATOR.length;
  }

  public read(): object | undefined {
    this.goOn();
    if (this.line?.column !== 0) return undefined;
    const root = this.object(0);
    return this.isRead && this.line === undefined ? root : undefined;
  }

  /** Goes to the next line that is neither empty nor a comment. At the end, and at a line that cannot be read, there is none. */
  private goOn(): void {
    let line: BlockLine | typeof COMMENT | undefined = COMMENT;
    while (line === COMMENT) {
      if (this.next >= this.text.length) {
        this.line = undefined;
        return;
      }
      const found = this.text.indexOf('\n', this.next);
      const end = found < 0 ? this.text.length : found;
      line = end === this.next ? COMMENT : blockLine(this.text.slice(this.next, end));
      this.next = end + 1;
      this.number++;
    }
    this.isRead &&= line !== undefined;
    this.line = line;
  }

  private object(column: number): object | undefined {
    const fields: { [key: string]: unknown } = {};
    const lines = this.linesOf(fields);
    if (++this.depth === DEEPEST) return this.refuse();
    do {
      const { key, value } = this.line!;
      if (key === undefined || Object.hasOwn(fields, key)) return this.refuse();
      lines?.set(key, this.number);
      fields[key] = this.value(value, column);
    } while (this.line !== undefined && this.line.dash < 0 && this.line.column === column);
    this.depth--;
    return fields;
  }

  private list(dash: number): unknown[] | undefined {
    const items: unknown[] = [];
    const lines = this.linesOf(items);
    if (++this.depth === DEEPEST) return this.refuse();
    do {
      const { key, column, value } = this.line!;
      lines?.set(items.length, this.number);
      items.push(key === undefined ? this.value(value, column) : this.object(column));
    } while (this.line?.dash === dash);
    this.depth--;
    return items;
  }

  private value(value: LineValue, column: number): unknown {
    this.goOn();
    if (value === EMPTY_LIST) return [];
    if (value === EMPTY_OBJECT) return {};
    if (value !== BELOW) return value;
    if (this.line === undefined) return null;
    if (this.line.dash >= 0) return this.line.dash >= column ? this.list(this.line.dash) : null;
    return this.line.column > column ? this.object(this.line.column) : null;
  }

  private linesOf(value: object): Map<string | number, number> | undefined {
    if (!this.lines) return undefined;
    const lines = new Map<string | number, number>();
    this.lines.set(value, lines);
    return lines;
  }

  private refuse(): undefined {
    this.isRead = false;
    this.line = undefined;
  }
}
