/** Prints checks as they end, and the one plain line that any pipeline can read. */
export class Report {
  private passed = 0;
  private failed = 0;

  /** A check and everything that is wrong with it. */
  public add(check: string, wrong: readonly string[], figures = ''): void {
    if (wrong.length === 0) this.passed++;
    else this.failed++;
    console.log(`${wrong.length === 0 ? 'ok    ' : 'FAILED'} ${check}${figures === '' ? '' : ` (${figures})`}`);
    wrong.slice(0, MOST).forEach(line => console.log(`       ${line}`));
    if (wrong.length > MOST) console.log(`       and ${wrong.length - MOST} more`);
  }

  /** The closing line, and the exit code. */
  public close(): number {
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 ? 0 : 1;
  }
}

const MOST = 30;
