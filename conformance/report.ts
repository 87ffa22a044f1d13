const MOST = 30;

/** The result of one part of a run. */
export interface PartReport {
  readonly name: string;
  /** Its duration. */
  readonly seconds?: number;
  /** The measured figures, one line per check. */
  readonly figures: readonly string[];
}

/** The result of a run, or of a part that ran in a process of its own. */
export interface Result {
  readonly parts: readonly PartReport[];
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number };
}

/** Prints checks as they end, and one closing line for pipelines. */
export class Report {
  /** The finished parts. */
  public readonly parts: PartReport[] = [];
  private figures: string[] = [];
  private passed = 0;
  private failed = 0;
  private skipped = 0;

  /** Runs a part, and prints its start and its duration. */
  public async part(name: string, run: () => void | Promise<void>): Promise<void> {
    console.log(`\n== ${name}`);
    const start = Date.now();
    this.figures = [];
    try {
      await run();
    } catch (error) {
      this.add(`${name} runs to its end`, [(error as Error).stack ?? String(error)]);
    }
    const seconds = Math.round((Date.now() - start) / 1000);
    this.parts.push({ name, seconds, figures: this.figures });
    console.log(`       ${name} took ${seconds} s`);
  }

  /** A check and its errors. */
  public add(check: string, wrong: readonly string[], figure = ''): void {
    if (wrong.length === 0) this.passed++;
    else this.failed++;
    const text = `${check}${figure === '' ? '' : ` (${figure})`}`;
    this.figures.push(wrong.length === 0 ? text : `FAILED: ${text}`);
    console.log(`${wrong.length === 0 ? 'ok    ' : 'FAILED'} ${text}`);
    wrong.slice(0, MOST).forEach(line => console.log(`       ${line}`));
    if (wrong.length > MOST) console.log(`       and ${wrong.length - MOST} more`);
  }

  /** A check that could not run here. */
  public skip(check: string, why: string): void {
    this.skipped++;
    this.figures.push(`SKIPPED: ${check}: ${why}`);
    console.log(`skip   ${check}: ${why}`);
  }

  public get counts(): Result['counts'] {
    return { passed: this.passed, failed: this.failed, skipped: this.skipped };
  }

  /** The result so far. */
  public get result(): Result {
    return { parts: this.parts, counts: this.counts };
  }

  /** Adds the result of a part that ran in a process of its own. */
  public include({ parts, counts }: Result): void {
    this.parts.push(...parts);
    this.passed += counts.passed;
    this.failed += counts.failed;
    this.skipped += counts.skipped;
  }

  /** The closing line, and the exit code. */
  public close(): number {
    console.log(`\n${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ''}`);
    return this.failed === 0 ? 0 : 1;
  }
}
