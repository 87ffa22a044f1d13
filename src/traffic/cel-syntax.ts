import type { Objection } from './objection';

const ESCAPE = String.raw`\\(?:[abfnrtv"'\x60\\?]|[xX][\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-3][0-7]{2})`;
const RAW_STRING = String.raw`[rR](?:"""[^]*?"""|'''[^]*?'''|"[^"\n\r]*"|'[^'\n\r]*')`;
const STRING = String.raw`"""(?:[^\\]|${ESCAPE})*?"""|'''(?:[^\\]|${ESCAPE})*?'''|"(?:[^"\\\n\r]|${ESCAPE})*"|'(?:[^'\\\n\r]|${ESCAPE})*'`;
const TOKEN = new RegExp([
  String.raw`\s+|//[^\n]*`,
  `[bB]?(?:${RAW_STRING}|${STRING})`,
  String.raw`0x[0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+)(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\d+[uU]?`,
  String.raw`[_a-zA-Z][_a-zA-Z0-9]*`,
  String.raw`\x60[-_./ a-zA-Z0-9]+\x60`,
  String.raw`&&|\|\||<=|>=|==|!=|[-+*/%!?:.,()[\]{}<>]`,
].map(part => `(${part})`).join('|'), 'y');
/** Words that name no variable and no function. They may name a field. */
const RESERVED = new Set(['as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package',
  'namespace', 'return', 'var', 'void', 'while']);
/** Operators that stand between two operands, the weakest first. */
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['<', '<=', '>=', '>', '==', '!=', 'in'], ['+', '-'], ['*', '/', '%']];
/** The number of levels of logical operators. */
const LOGICAL = 2;
/** Keywords, which name nothing. */
const KEYWORDS = new Set(['in', 'true', 'false', 'null']);
/** How deep an expression may nest. */
const DEEPEST = 200;

type Kind = 'literal' | 'name' | 'escaped name' | 'sign' | 'end';

/** An expression as written, and whether it is a field of something. */
interface Written {
  readonly text: string;
  readonly isField: boolean;
}

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
  /** The names of the variables, such as `request` of `request.path`. */
  readonly variables: readonly string[];
  /** How deep its operations nest, as Envoy's parser counts. */
  readonly height: number;
}

/** Reads an expression by the grammar of CEL; throws where it is none. */
class Reader {
  public readonly calls: CelCall[] = [];
  public readonly messages: string[] = [];
  public readonly variables: string[] = [];
  private tokens: readonly { readonly kind: Kind; readonly text: string }[];
  private position = 0;
  private depth = 0;
  /** The height of what was read last. */
  public height = 0;
  /** The number of parentheses around what was read last, if it is nothing else. */
  private parentheses = 0;

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

  /** Each reader of an expression tells whether it is a field of something. */
  private expression(): boolean {
    if (++this.depth > DEEPEST) this.fail();
    const isField = this.level(0);
    const isChoice = this.take('?');
    if (isChoice) {
      const condition = this.height;
      this.level(0);
      const chosen = this.height;
      this.want(':');
      this.expression();
      this.raise(condition, chosen);
    }
    this.depth--;
    return isField && !isChoice;
  }

  private level(level: number): boolean {
    if (level === LEVELS.length) return this.unary();
    const isField = this.level(level + 1);
    const start = this.position;
    let highest = this.height;
    while (LEVELS[level].some(sign => this.take(sign))) {
      this.level(level + 1);
      // The parser reads the operands of a logical operator side by side, and those of the others from the left.
      highest = level < LOGICAL ? Math.max(highest, this.height) : this.raise(highest);
    }
    if (this.position === start) return isField;
    if (level < LOGICAL) this.raise(highest);
    return false;
  }

  /** Counts an operation on what was read last and on its other operands. */
  private raise(...others: readonly number[]): number {
    this.parentheses = 0;
    this.height = 1 + Math.max(this.height, ...others);
    return this.height;
  }

  private unary(): boolean {
    const sign = ['!', '-'].find(text => this.take(text));
    while (sign !== undefined && this.take(sign));
    const start = this.position;
    let isField = this.primary(sign === '-');
    for (;;) {
      const receiver = this.since(start);
      if (this.take('.')) {
        const name = this.fieldName();
        isField = !this.take('(');
        const before = this.height;
        if (!isField) this.calls.push({ name, receiver, parameters: this.list(')').map(({ text }) => text) });
        this.raise(before);
      } else if (this.take('[')) {
        const before = this.height;
        this.expression();
        this.want(']');
        this.raise(before);
        isField = false;
      } else if (this.take('{')) {
        this.messages.push(receiver);
        this.pairs(() => this.fieldName());
        this.raise();
        isField = false;
      } else {
        if (sign !== undefined) this.raise();
        return isField && sign === undefined;
      }
    }
  }

  private since(start: number): string {
    return this.tokens.slice(start, this.position).map(({ text }) => text).join('');
  }

  private primary(isNegative: boolean): boolean {
    let isField = false;
    if (this.next.kind === 'literal') {
      if (!this.isInRange(isNegative)) this.fail();
      this.position++;
    } else if (this.take('(')) {
      isField = this.expression();
      this.want(')');
      // The parser steps over one pair of parentheses at a time.
      if (++this.parentheses > 1) this.height++;
      return isField;
    } else if (this.take('[')) {
      this.list(']');
      this.raise();
      return isField;
    } else if (this.take('{')) {
      this.pairs(() => this.expression());
      this.raise();
      return isField;
    } else {
      this.take('.');
      const name = this.name();
      if (this.take('(')) {
        this.call(name, this.list(')'));
        this.raise();
        return isField;
      }
      if (!KEYWORDS.has(name)) this.variables.push(name);
    }
    this.height = 1;
    this.parentheses = 0;
    return isField;
  }

  private call(name: string, parameters: readonly Written[]): void {
    const wrong = name === 'has' && parameters.length === 1 && !parameters[0].isField;
    if (wrong) throw new Error(`'${parameters[0].text}', because has() takes a field of something`);
    this.calls.push({ name, parameters: parameters.map(({ text }) => text) });
  }

  /** Whether a literal that is an integer has at most 64 bits. */
  private isInRange(isNegative: boolean): boolean {
    const { text } = this.next;
    if (!/^(?:\d+|0x[\da-f]+)u?$/i.test(text)) return true;
    const value = BigInt(text.replace(/u$/i, ''));
    if (/u$/i.test(text)) return value < 2n ** 64n;
    return value < 2n ** 63n || (isNegative && value === 2n ** 63n);
  }

  /** The name of a variable, a function or a constant. */
  private name(): string {
    const { kind, text } = this.next;
    if (kind !== 'name' || RESERVED.has(text) || text === 'in') this.fail();
    this.position++;
    return text;
  }

  /** The name of a field or a method. */
  private fieldName(): string {
    const { kind, text } = this.next;
    if (kind !== 'escaped name' && (kind !== 'name' || KEYWORDS.has(text))) this.fail();
    this.position++;
    return text;
  }

  private list(end: string): Written[] {
    const items: Written[] = [];
    let highest = 0;
    while (!this.take(end)) {
      const start = this.position;
      const isField = this.expression();
      highest = Math.max(highest, this.height);
      items.push({ text: this.since(start), isField });
      if (!this.take(',')) {
        this.want(end);
        break;
      }
    }
    this.height = highest;
    return items;
  }

  private pairs(key: () => void): void {
    let highest = 0;
    while (!this.take('}')) {
      key();
      const before = this.height;
      this.want(':');
      this.expression();
      highest = Math.max(highest, before, this.height);
      if (!this.take(',')) {
        this.want('}');
        break;
      }
    }
    this.height = highest;
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
    const [whole, blank, quoted, number, name, escaped] = match;
    if (blank !== undefined) continue;
    const isLiteral = (quoted ?? number) !== undefined;
    found.push({ kind: isLiteral ? 'literal' : name !== undefined ? 'name' : escaped !== undefined ? 'escaped name' : 'sign', text: whole });
  }
  return [...found, { kind: 'end', text: '' }];
}

/** What an expression uses; throws if it is not an expression by the grammar of CEL. */
export function celUses(expression: string): CelUses {
  const reader = new Reader(expression);
  reader.read();
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
