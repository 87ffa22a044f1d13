import type { Line } from './line';
import { styled } from './line';
import { plainText } from '../manifest/plain-text';

/** Aligns rows as kubectl and istioctl do. The first row is the header. */
export function table(rows: readonly (readonly string[])[]): Line[] {
  const cells = rows.map(row => row.map(plainText));
  const widths = cells[0].map((_, column) => cells.reduce((widest, row) => Math.max(widest, [...row[column]].length), 0));
  return cells.map((row, i) => {
    const last = row.length - 1;
    const text = row.map((cell, column) => (column === last ? cell : cell + ' '.repeat(widths[column] - [...cell].length))).join('     ');
    return i === 0 ? [styled(text, 'bold')] : text;
  });
}
