import type { WriteStream } from 'node:tty';
import type { Line, Style } from './line';
import { partsOf, styled } from './line';
import { withoutCommands, withoutMarks } from './log-commands';
import { plainJson, plainText } from '../manifest/plain-text';

const CODES: { readonly [S in Style]: readonly [on: number, off: number] } = {
  bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], cyan: [36, 39],
};

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;

type Variables = { readonly [variable: string]: string | undefined };

/** The time before a command shows its progress, in milliseconds. */
const PATIENCE = 2000;

/**
 * The output of a command: results to stdout, messages to stderr, colors and progress in a terminal only. All output passes here, so no
 * string from a manifest can become a control sequence, a new line or a pipeline command.
 */
export class Terminal {
  public quiet = false;
  private readonly start = Date.now();
  private told = 0;
  private progressShown = false;

  constructor(private readonly stdout: Stream, private readonly stderr: Stream, private readonly variables: Variables) {}

  /** Writes lines of the result. */
  public print(lines: readonly Line[]): void {
    this.put(this.stdout, lines.map(each => this.rendered(each, this.stdout)));
  }

  /** Writes a result as JSON. */
  public printJson(value: unknown): void {
    this.put(this.stdout, plainJson(value).split('\n').map(withoutMarks));
  }

  /** Writes GitHub Actions commands. */
  public printCommands(commands: readonly string[]): void {
    this.put(this.stdout, commands.map(command => withoutMarks(plainText(command))));
  }

  /** Writes a message. */
  public say(...lines: readonly Line[]): void {
    if (!this.quiet) this.put(this.stderr, lines.map(each => this.rendered(each, this.stderr)));
  }

  /** Writes an error, even with --quiet. */
  public fail(...[first, ...others]: readonly Line[]): void {
    const lines = [[styled('error:', 'red', 'bold'), ' ', ...partsOf(first)], ...others];
    this.put(this.stderr, lines.map(each => this.rendered(each, this.stderr)));
  }

  /** Shows the progress of a long command, in a terminal, from its third second on. */
  public progress(what: string, done: number, all: number): void {
    const now = Date.now();
    if (this.quiet || !this.stderr.isTTY || now - this.start < PATIENCE || now - this.told < 100) return;
    this.told = now;
    this.progressShown = true;
    this.stderr.write(`\r\u001b[K${plainText(what)} ${done}/${all}`);
  }

  /** Clears the progress line. */
  public clearProgress(): void {
    if (!this.progressShown) return;
    this.progressShown = false;
    this.stderr.write('\r\u001b[K');
  }

  private put(stream: Stream, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.clearProgress();
    stream.write(`${lines.join('\n')}\n`);
  }

  private rendered(each: Line, stream: Stream): string {
    const parts = partsOf(each);
    const text = parts.map(part => plainText(typeof part === 'string' ? part : part.text)).join('');
    const harmless = withoutCommands(text);
    if (harmless !== text || !this.hasColors(stream)) return harmless;
    return parts.map(part => (typeof part === 'string' ? plainText(part) : paint(plainText(part.text), ...part.styles))).join('');
  }

  private hasColors(stream: Stream): boolean {
    const { NO_COLOR, TERM } = this.variables;
    return stream.isTTY === true && !NO_COLOR && TERM !== 'dumb' && (stream.hasColors?.() ?? true);
  }
}

function paint(text: string, ...styles: readonly Style[]): string {
  return styles.reduce((painted, style) => `\u001b[${CODES[style][0]}m${painted}\u001b[${CODES[style][1]}m`, text);
}
