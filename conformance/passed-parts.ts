import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfPart } from './judged-sources';
import type { Part } from './parts';
import { PARTS } from './parts';
import type { Result } from './report';

const folder = join(__dirname, '.cache/passed');

/** A part that passed at full amounts. */
interface Passed {
  /** The digest of the sources that it read. */
  readonly judged: string;
  readonly result: Result;
}

/** The parts that passed on the present sources, so that a full run which failed or was interrupted goes on with the others. */
export class PassedParts {
  /** Forgets all parts, so that they run again. */
  public static forget(): void {
    rmSync(folder, { recursive: true, force: true });
  }

  private readonly digests = new Map(PARTS.map(part => [part.name, digestOfPart(part)]));

  /** The result of a part on the present sources; undefined if it has not passed on them. */
  public resultOf({ name }: Part): Result | undefined {
    const file = join(folder, `${name}.json`);
    if (!existsSync(file)) return undefined;
    const { judged, result } = JSON.parse(readFileSync(file, 'utf8')) as Passed;
    return judged === this.digests.get(name) ? result : undefined;
  }

  /** Keeps the result of a part that passed, unless the sources changed while it ran. */
  public keep(part: Part, result: Result): void {
    const judged = this.digests.get(part.name)!;
    if (result.counts.failed > 0 || result.counts.skipped > 0 || digestOfPart(part) !== judged) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${part.name}.json`), JSON.stringify({ judged, result } satisfies Passed));
  }
}
