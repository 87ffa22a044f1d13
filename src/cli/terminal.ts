import type { WriteStream } from 'node:tty';
import type { Line, Style } from './line';
import { partsOf, styled } from './line';
import { withoutCommands, withoutMarks } from './log-commands';
import { plainJson, plainText } from '../manifest/plain-text';

const CODES: { readonly [S in Style]: readonly [on: number, off: number] } = {
  bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], cyan: [36, 39],
};

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;

type Environment = { readonly [variable: string]: string | undefined };

/** How long a command works before it says how far it is, in milliseconds. */
const PATIENCE = 2000;

/**
 * Where a command writes: results to stdout, messages to stderr. Colors and progress are for terminals only. Whatever is written passes here, so that no
 * string from a manifest becomes a control sequence, a line of its own or a command of a pipeline.
 */
export class Terminal {
  public quiet = false;
  private readonly start = Date.now();
  private told = 0;
  private progressShown = false;

  constructor(private readonly stdout: Stream, private readonly stderr: Stream, private readonly environment: Environment) {}

  /** Writes lines of the result. */
  public print(lines: readonly Line[]): void {
    this.put(this.stdout, lines.map(each => this.rendered(each, this.stdout)));
  }

  /** Writes a result as JSON. */
  public printJson(value: unknown): void {
    this.put(this.stdout, plainJson(value).split('\n').map(withoutMarks));
  }

  /** Writes commands of GitHub Actions. */
  public printCommands(commands: readonly string[]): void {
    this.put(this.stdout, commands.map(command => withoutMarks(plainText(command))));
  }

  /** Says something that is no part of the result. */
  public say(...lines: readonly Line[]): void {
    if (!this.quiet) this.put(this.stderr, lines.map(each => this.rendered(each, this.stderr)));
  }

  /** Says what went wrong, even if it is to be quiet. */
  public fail(...[first, ...others]: readonly Line[]): void {
    const lines = [[styled('error:', 'red', 'bold'), ' ', ...partsOf(first)], ...others];
    this.put(this.stderr, lines.map(each => this.rendered(each, this.stderr)));
  }

  /** Says how far a long command is, on a terminal, from its third second on. */
  public progress(what: string, done: number, all: number): void {
    const now = Date.now();
    if (this.quiet || !this.stderr.isTTY || now - this.start < PATIENCE || now - this.told < 100) return;
    this.told = now;
    this.progressShown = true;
    this.stderr.write(`\r\u001b[K${plainText(what)} ${done}/${all}`);
  }

  /** Ends the line of progress, if there is one. */
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
    const { NO_COLOR, TERM } = this.environment;
    return stream.isTTY === true && !NO_COLOR && TERM !== 'dumb' && (stream.hasColors?.() ?? true);
  }
}

function paint(text: string, ...styles: readonly Style[]): string {
  return styles.reduce((painted, style) => `\u001b[${CODES[style][0]}m${painted}\u001b[${CODES[style][1]}m`, text);
}
