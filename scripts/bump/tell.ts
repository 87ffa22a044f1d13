/** The number of lines that are printed below a heading. */
const MOST = 40;

/** Prints a heading with its lines. */
export function tell(what: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  console.log(`\n${what}:`);
  lines.slice(0, MOST).forEach(line => console.log(`  - ${line}`));
  if (lines.length > MOST) console.log(`  and ${lines.length - MOST} more`);
}
