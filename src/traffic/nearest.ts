/** The known word that a mistyped one most likely means, if any is near: by default but for a third of its letters, else for `most`. */
export function nearest(word: string, known: readonly string[], most?: number): string | undefined {
  const [best] = known.map(candidate => ({ candidate, edits: editsBetween(word, candidate) })).sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= (most ?? Math.max(1, Math.floor(best.candidate.length / 3))) ? best.candidate : undefined;
}

/** How many letters must be changed, added or removed. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1]));
    row = next;
  }
  return row[b.length];
}
