import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STOP_MS = 5_000;
const running = new Set<OwnedProcess>();
let watched = false;

/** Stops every process even if this program ends early, which the default action of a signal would skip. */
function stopAllAtExit(): void {
  if (watched) return;
  watched = true;
  process.once('exit', () => running.forEach(owned => owned.abandon()));
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {process.once(signal, () => process.exit(128 + number));}
}

/** A process with a folder of its own. Both end with this program, in whichever way that ends. */
export class OwnedProcess {
  /** The folder in which it works. */
  public readonly folder: string;
  /** Resolves once it has ended. */
  public readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private isOver = false;
  private output = '';

  /** Starts the command that results from the path of the folder. */
  constructor(name: string, command: (folder: string) => readonly string[], env: { readonly [name: string]: string } = {}) {
    stopAllAtExit();
    running.add(this);
    this.folder = mkdtempSync(join(tmpdir(), `${name}-`));
    // The shell becomes the program. A process that reads its standard input stops it and cleans up if this program disappears.
    const script = 'exec 3<&0; (read -r _ <&3 || { kill -KILL $$ 2>/dev/null; rm -rf "$0"; }) & exec "$@" 3<&- </dev/null';
    this.child = spawn('sh', ['-c', script, this.folder, ...command(this.folder)], {
      stdio: ['pipe', 'ignore', 'pipe'], cwd: this.folder, env: { ...process.env, ...env },
    });
    this.child.stdin!.on('error', () => undefined);
    this.child.stderr!.on('data', text => this.output = (this.output + text).slice(0, 4000));
    this.ended = new Promise(resolve => {
      this.child.once('error', error => {
        this.output += error.message;
        resolve();
      });
      this.child.once('exit', () => {
        this.isOver = true;
        this.child.stdin!.end('ended\n');
        resolve();
      });
    });
  }

  public get hasEnded(): boolean {
    return this.isOver || this.child.pid === undefined;
  }

  /** The start of what it wrote to its standard error. */
  public get said(): string {
    return this.output;
  }

  /** Stops it and removes its files, in any state. */
  public async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const impatient = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(impatient);
    this.abandon();
  }

  /** Ends it without time to close what it does, and removes its files. */
  public async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
    this.abandon();
  }

  /** The same, synchronously, for a program that ends. */
  public abandon(): void {
    if (!this.isOver) this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
    running.delete(this);
  }
}
