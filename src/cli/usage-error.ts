/** A mistake of whoever gave the command or wrote its input, in lines. */
export class UsageError extends Error {
  public readonly lines: readonly string[];

  constructor(...lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
