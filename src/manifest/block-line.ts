import { plainScalar } from './kubernetes-schema';

/** What follows the colon of a key. */
export type LineValue = string | number | boolean | null | typeof BELOW | typeof EMPTY_LIST | typeof EMPTY_OBJECT;

/** The value is in the lines below. */
export const BELOW = Symbol('below');
export const EMPTY_LIST = Symbol('[]');
export const EMPTY_OBJECT = Symbol('{}');

/** A line of a document that has one key or one item per line. */
export interface BlockLine {
  /** The column of the dash of an item, or -1. */
  readonly dash: number;
  /** The column of the key, or of the value of an item. */
  readonly column: number;
  /** The key. Undefined for an item without one. */
  readonly key?: string;
  readonly value: LineValue;
}

/** A comment, which has no value. */
export const COMMENT = Symbol('comment');

const LINE = /^( *)(- +)?(?:([A-Za-z_][\w./-]*):(?: +(.+))?|(.+))$/;
const IS_COMMENT = /^ *#/;
/** A string in quotes, without escapes. */
const QUOTED = /^(?:"[^"\\]*"|'[^']*')$/;
/** The start of a plain scalar that is neither a property, a quote, an indicator nor a number that JSON cannot hold. */
const PLAIN = /^-?[\w/^$(]/;
/** What ends a plain scalar. */
const END_OF_PLAIN = /: | #|:$/;

/** Lines recur from document to document. Documents share the results. */
const known = new Map<string, BlockLine | typeof COMMENT | undefined>();
const MOST_KNOWN = 20_000;

/** Reads a line of printable ASCII characters. Undefined if it takes a parser of all YAML. */
export function blockLine(text: string): BlockLine | typeof COMMENT | undefined {
  const before = known.get(text);
  if (before !== undefined) return before;
  const line = readLine(text);
  if (known.size === MOST_KNOWN) known.clear();
  known.set(text, line);
  return line;
}

function readLine(text: string): BlockLine | typeof COMMENT | undefined {
  if (IS_COMMENT.test(text)) return COMMENT;
  const read = LINE.exec(text);
  if (read === null || text.endsWith(' ')) return undefined;
  const [, indentation, mark, key, field, item] = read;
  const place = {
    dash: mark === undefined ? -1 : indentation.length,
    column: indentation.length + (mark?.length ?? 0),
  };
  if (key === undefined) {
    const value = mark === undefined ? undefined : valueOf(item);
    return value === undefined ? undefined : { ...place, value };
  }
  const value = field === undefined ? BELOW : valueOf(field);
  return value === undefined || key === '__proto__' || plainScalar(key) !== key ? undefined : { ...place, key, value };
}

function valueOf(text: string): LineValue | undefined {
  if (QUOTED.test(text)) return text.slice(1, -1);
  if (PLAIN.test(text) && !END_OF_PLAIN.test(text)) return plainScalar(text);
  if (text === '[]') return EMPTY_LIST;
  return text === '{}' ? EMPTY_OBJECT : undefined;
}
