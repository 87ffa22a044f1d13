const MOST = 30;

/** Prints checks as they end, and the one plain line that any pipeline can read. */
export class Report {
  /** What was measured, a line a check. */
  public readonly figures: string[] = [];
  /** How long each part took, in seconds. */
  public readonly seconds: { [part: string]: number } = {};
  private passed = 0;
  private failed = 0;
  private skipped = 0;

  /** Runs a part, and says that it begins and how long it took. */
  public async part(name: string, run: () => void | Promise<void>): Promise<void> {
    console.log(`\n== ${name}`);
    const start = Date.now();
    try {
      await run();
    } catch (error) {
      this.add(`${name} runs to its end`, [(error as Error).stack ?? String(error)]);
    }
    this.seconds[name] = Math.round((Date.now() - start) / 1000);
    console.log(`       ${name} took ${this.seconds[name]} s`);
  }

  /** A check and everything that is wrong with it. */
  public add(check: string, wrong: readonly string[], figure = ''): void {
    if (wrong.length === 0) this.passed++;
    else this.failed++;
    const text = `${check}${figure === '' ? '' : ` (${figure})`}`;
    this.figures.push(wrong.length === 0 ? text : `FAILED: ${text}`);
    console.log(`${wrong.length === 0 ? 'ok    ' : 'FAILED'} ${text}`);
    wrong.slice(0, MOST).forEach(line => console.log(`       ${line}`));
    if (wrong.length > MOST) console.log(`       and ${wrong.length - MOST} more`);
  }

  /** A check that could not be made here. */
  public skip(check: string, why: string): void {
    this.skipped++;
    this.figures.push(`SKIPPED: ${check}: ${why}`);
    console.log(`skip   ${check}: ${why}`);
  }

  public get counts(): { readonly passed: number; readonly failed: number; readonly skipped: number } {
    return { passed: this.passed, failed: this.failed, skipped: this.skipped };
  }

  /** The closing line, and the exit code. */
  public close(): number {
    console.log(`\n${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ''}`);
    return this.failed === 0 ? 0 : 1;
  }
}
