/** How many texts of one kind are told one by one. */
const SHOWN = 20;

/** The first texts of many, and how many there are beyond. */
export function shown(texts: readonly string[]): readonly string[] {
  return texts.length <= SHOWN ? texts : [...texts.slice(0, SHOWN), `and ${texts.length - SHOWN} more`];
}
