/** A mistake in the arguments or the input of a command. The message may have several lines. */
export class UsageError extends Error {
  public readonly lines: readonly string[];

  constructor(...lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
