const MOST = 30;

/** Prints checks as they end, and the one plain line that any pipeline can read. */
export class Report {
  /** What was measured, a line a check. */
  public readonly figures: string[] = [];
  private passed = 0;
  private failed = 0;

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

  public get counts(): { readonly passed: number; readonly failed: number } {
    return { passed: this.passed, failed: this.failed };
  }

  /** The closing line, and the exit code. */
  public close(): number {
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 ? 0 : 1;
  }
}
