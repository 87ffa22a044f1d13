import type { WriteStream } from 'node:tty';
import { plainText } from './plain-text';

const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], cyan: [36, 39] } as const;

export type Style = keyof typeof STYLES;

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;

type Environment = { readonly [variable: string]: string | undefined };

/** How long a command works before it says how far it is. */
const PATIENCE = 2000;

/** Where a command writes: results to stdout, messages to stderr. Colours and progress are for terminals only. */
export class Terminal {
  private readonly start = Date.now();
  private told = 0;
  private progressShown = false;
  public quiet = false;

  constructor(private readonly stdout: Stream, private readonly stderr: Stream, private readonly environment: Environment) {}

  /** Writes a part of the result. */
  public print(text: string): void {
    this.clearProgress();
    this.stdout.write(`${text}\n`);
  }

  /** Writes a part of the result as it is. */
  public write(bytes: string | Uint8Array): void {
    this.clearProgress();
    this.stdout.write(bytes);
  }

  /** Says something that is no part of the result. */
  public say(text: string): void {
    if (this.quiet) return;
    this.clearProgress();
    this.stderr.write(`${text}\n`);
  }

  /** Says what went wrong, even if it is to be quiet. */
  public fail(text: string): void {
    this.clearProgress();
    this.stderr.write(`${this.hasColours(this.stderr) ? paint('error:', 'red', 'bold') : 'error:'} ${text.split('\n').map(plainText).join('\n')}\n`);
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

  /** A text of the result in a style, where stdout shows styles. */
  public style(text: string, ...styles: readonly Style[]): string {
    return this.hasColours(this.stdout) ? paint(text, ...styles) : text;
  }

  /** How many columns the result may take; undefined where nobody looks at it. */
  public get width(): number | undefined {
    return this.stdout.isTTY ? this.stdout.columns : undefined;
  }

  private hasColours(stream: Stream): boolean {
    const { NO_COLOR, TERM } = this.environment;
    return stream.isTTY === true && !NO_COLOR && TERM !== 'dumb' && (stream.hasColors?.() ?? true);
  }
}

function paint(text: string, ...styles: readonly Style[]): string {
  return styles.reduce((painted, style) => `\u001b[${STYLES[style][0]}m${painted}\u001b[${STYLES[style][1]}m`, text);
}
