/** The maximum number of strings in a list. */
const SHOWN = 20;

/** The first strings of a long list, and how many more there are. */
export function shown(texts: readonly string[]): readonly string[] {
  return texts.length <= SHOWN ? texts : [...texts.slice(0, SHOWN), `and ${texts.length - SHOWN} more`];
}
