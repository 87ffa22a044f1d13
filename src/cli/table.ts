import { plainText } from './plain-text';
import type { Terminal } from './terminal';

/** Rows as columns, as kubectl and istioctl write them; the first row is the head. */
export function table(rows: readonly (readonly string[])[], terminal: Terminal): string {
  const cells = rows.map(row => row.map(plainText));
  const widths = cells[0].map((_, column) => Math.max(...cells.map(row => [...row[column]].length)));
  return cells.map((row, i) => {
    const line = row.map((cell, column) => (column === row.length - 1 ? cell : `${cell}${' '.repeat(widths[column] - [...cell].length)}`)).join('     ');
    return i === 0 ? terminal.style(line, 'bold') : line;
  }).join('\n');
}
