import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const cache = join(__dirname, '.cache');
const SOURCE = /\.go$|^go\.(mod|sum)$/;

export interface GoProgramOptions {
  /** The name of its file. */
  readonly name: string;
  /** What it is, for the message of a build. */
  readonly what: string;
  /** The folder of its module. */
  readonly module: string;
  /** The folder of its package in the module; by default the module's own. */
  readonly package?: string;
  /** Whether it lacks the names for debuggers, which make it larger. */
  readonly isStripped?: boolean;
}

/** A program that is built from a Go module of this suite, and kept until its sources change. */
export class GoProgram {
  /** The path of the built program. */
  public readonly binary: string;
  /** The digest of the sources of the built program. */
  private readonly stamp: string;

  constructor(private readonly options: GoProgramOptions) {
    this.binary = join(cache, process.platform === 'win32' ? `${options.name}.exe` : options.name);
    this.stamp = join(cache, `${options.name}.sources`);
  }

  /**
   * Builds the program if it is missing or built from other sources. The program and its stamp are new files, because copies of the folder
   * may share the old ones by hard links.
   */
  public build(): void {
    const made = this.sources();
    if (existsSync(this.binary) && existsSync(this.stamp) && readFileSync(this.stamp, 'utf8') === made) return;
    mkdirSync(cache, { recursive: true });
    console.error(`building ${this.options.what} (some minutes the first time)`);
    const temp = mkdtempSync(join(cache, 'build-'));
    const [program, digest] = [join(temp, 'program'), join(temp, 'sources')];
    const { module, package: folder = '', isStripped } = this.options;
    try {
      const flags = isStripped ? ['-ldflags', '-s -w'] : [];
      const { status } = spawnSync('go', ['build', ...flags, '-o', program, `./${folder}`], {
        cwd: module, stdio: ['ignore', 'inherit', 'inherit'],
      });
      if (status !== 0) throw new Error(`go build of ${this.options.what} failed; see its messages above`);
      writeFileSync(digest, made);
      renameSync(program, this.binary);
      renameSync(digest, this.stamp);
    } finally {
      rmSync(temp, { recursive: true, force: true });
    }
  }

  /** A digest of the program's sources. Modification times are not used, because a checkout sets them. */
  private sources(): string {
    const { module, package: folder } = this.options;
    const hash = createHash('sha256');
    for (const file of readdirSync(module).filter(name => SOURCE.test(name)).sort()) {
      hash.update(file).update(readFileSync(join(module, file)));
    }
    if (folder === undefined) return hash.digest('hex');
    for (const file of readdirSync(join(module, folder)).filter(name => SOURCE.test(name)).sort()) {
      hash.update(`${folder}/${file}`).update(readFileSync(join(module, folder, file)));
    }
    return hash.digest('hex');
  }
}
