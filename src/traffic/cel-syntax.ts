import type { Objection } from './objection';

const TOKEN = new RegExp([
  String.raw`\s+|//[^\n]*`,
  String.raw`(?:[bB]?[rR]?)(?:"""(?:[^\\]|\\.)*?"""|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')`,
  String.raw`0x[0-9a-fA-F]+u?|(?:\d+\.\d+|\.\d+)(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\d+[uU]?`,
  String.raw`[_a-zA-Z][_a-zA-Z0-9]*`,
  String.raw`&&|\|\||<=|>=|==|!=|[-+*/%!?:.,()[\]{}<>]`,
].map(part => `(${part})`).join('|'), 'y');
const RESERVED = new Set(['as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package',
  'namespace', 'return', 'var', 'void', 'while']);
/** Operators that stand between two operands, the weakest first. */
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['<', '<=', '>=', '>', '==', '!=', 'in'], ['+', '-'], ['*', '/', '%']];
/** What ends in a field of something. */
const SELECTION = /\.[_a-zA-Z][_a-zA-Z0-9]*$/;
/** How deep an expression may nest. */
const DEEPEST = 200;

type Kind = 'literal' | 'name' | 'sign' | 'end';

/** A call of a function in an expression. */
export interface CelCall {
  readonly name: string;
  /** The receiver before the dot of a method; undefined for a function. */
  readonly receiver?: string;
  /** Each argument as written. */
  readonly parameters: readonly string[];
}

/** What an expression uses. */
export interface CelUses {
  readonly calls: readonly CelCall[];
  /** The names of the messages that it creates. */
  readonly messages: readonly string[];
}

/** Reads an expression by the grammar of CEL; throws where it is none. */
class Reader {
  public readonly calls: CelCall[] = [];
  public readonly messages: string[] = [];
  private tokens: readonly { readonly kind: Kind; readonly text: string }[];
  private position = 0;
  private depth = 0;

  public constructor(text: string) {
    this.tokens = tokens(text);
  }

  public read(): void {
    this.expression();
    if (this.next.kind !== 'end') this.fail();
  }

  private get next() {
    return this.tokens[this.position];
  }

  private expression(): void {
    if (++this.depth > DEEPEST) this.fail();
    this.level(0);
    if (this.take('?')) {
      this.level(0);
      this.want(':');
      this.expression();
    }
    this.depth--;
  }

  private level(level: number): void {
    if (level === LEVELS.length) {
      this.unary();
      return;
    }
    do this.level(level + 1); while (LEVELS[level].some(sign => this.take(sign)));
  }

  private unary(): void {
    const sign = ['!', '-'].find(text => this.take(text));
    while (sign !== undefined && this.take(sign));
    const start = this.position;
    this.primary();
    for (;;) {
      const receiver = this.since(start);
      if (this.take('.')) {
        const name = this.name();
        if (this.take('(')) this.calls.push({ name, receiver, parameters: this.list(')') });
      } else if (this.take('[')) {
        this.expression();
        this.want(']');
      } else if (this.take('{')) {
        this.messages.push(receiver);
        this.pairs();
      } else {
        return;
      }
    }
  }

  private since(start: number): string {
    return this.tokens.slice(start, this.position).map(({ text }) => text).join('');
  }

  private primary(): void {
    if (this.next.kind === 'literal') {
      if (!this.isInRange()) this.fail();
      this.position++;
    } else if (this.take('(')) {
      this.expression();
      this.want(')');
    } else if (this.take('[')) {
      this.list(']');
    } else if (this.take('{')) {
      this.pairs();
    } else {
      this.take('.');
      const name = this.name();
      if (this.take('(')) this.calls.push({ name, parameters: this.list(')') });
    }
  }

  /** Whether a literal that is an integer has at most 64 bits. */
  private isInRange(): boolean {
    const { text } = this.next;
    if (!/^(?:\d+|0x[\da-f]+)u?$/i.test(text)) return true;
    const value = BigInt(text.replace(/u$/i, ''));
    if (/u$/i.test(text)) return value < 2n ** 64n;
    return value < 2n ** 63n || (value === 2n ** 63n && this.tokens[this.position - 1]?.text === '-');
  }

  private name(): string {
    const { kind, text } = this.next;
    if (kind !== 'name' || RESERVED.has(text) || text === 'in') this.fail();
    this.position++;
    return text;
  }

  private list(end: string): string[] {
    const items: string[] = [];
    while (!this.take(end)) {
      const start = this.position;
      this.expression();
      items.push(this.since(start));
      if (!this.take(',')) {
        this.want(end);
        break;
      }
    }
    return items;
  }

  private pairs(): void {
    while (!this.take('}')) {
      this.expression();
      this.want(':');
      this.expression();
      if (!this.take(',')) {
        this.want('}');
        return;
      }
    }
  }

  private take(text: string): boolean {
    const { kind, text: found } = this.next;
    if (kind === 'end' || kind === 'literal' || found !== text) return false;
    this.position++;
    return true;
  }

  private want(text: string): void {
    if (!this.take(text)) this.fail();
  }

  private fail(): never {
    throw new Error(this.next.kind === 'end' ? 'its end' : `'${this.next.text}'`);
  }
}

function tokens(text: string): { kind: Kind; text: string }[] {
  const found: { kind: Kind; text: string }[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`'${text[at]}'`);
    const [whole, blank, quoted, number, name] = match;
    if (blank === undefined) {
      found.push({ kind: quoted !== undefined || number !== undefined ? 'literal' : name === undefined ? 'sign' : 'name', text: whole });
    }
  }
  return [...found, { kind: 'end', text: '' }];
}

/** What an expression uses; throws if it is not an expression by the grammar of CEL. */
export function celUses(expression: string): CelUses {
  const reader = new Reader(expression);
  reader.read();
  const wrong = reader.calls.find(({ name, receiver, parameters }) => (
    name === 'has' && receiver === undefined && parameters.length === 1 && !SELECTION.test(parameters[0])));
  if (wrong) throw new Error(`'${wrong.parameters[0]}', because has() takes a field of something`);
  return reader;
}

/** What is wrong with an expression, by the grammar of CEL alone. */
export function celProblem(expression: string): Objection {
  if (expression.trim() === '') return ['is empty', 'set a CEL expression, or omit it'];
  try {
    celUses(expression);
    return undefined;
  } catch (e) {
    return [`'${expression}' is not a valid CEL expression: it has an error at ${(e as Error).message}`, 'correct it'];
  }
}
