import type { Objection } from './verdict';

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
/** How deep an expression may nest. */
const DEEPEST = 200;

type Kind = 'literal' | 'name' | 'sign' | 'end';

/** Reads an expression by the grammar of CEL; throws where it is none. */
class Reader {
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
    this.primary();
    for (;;) {
      if (this.take('.')) {
        this.name();
        if (this.take('(')) this.list(')');
      } else if (this.take('[')) {
        this.expression();
        this.want(']');
      } else if (this.take('{')) {
        this.pairs();
      } else {
        return;
      }
    }
  }

  private primary(): void {
    if (this.next.kind === 'literal') {
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
      this.name();
      if (this.take('(')) this.list(')');
    }
  }

  private name(): void {
    if (this.next.kind !== 'name' || RESERVED.has(this.next.text) || this.next.text === 'in') this.fail();
    this.position++;
  }

  private list(end: string): void {
    while (!this.take(end)) {
      this.expression();
      if (!this.take(',')) {
        this.want(end);
        return;
      }
    }
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

/** What is wrong with an expression, by the grammar of CEL alone. */
export function celProblem(expression: string): Objection {
  if (expression.trim() === '') return ['is empty', 'write an expression, or remove the filter'];
  try {
    new Reader(expression).read();
    return undefined;
  } catch (e) {
    return [`'${expression}' is not a valid CEL expression: it has an error at ${(e as Error).message}`, 'correct it'];
  }
}
