/** What an answer does not take into account, though it could change it. */
export interface NotJudged {
  /** What is not read: a kind, or a part of objects, such as `ambient mode`. */
  readonly what: string;
  /** What it may change. */
  readonly changes: string;
  /** The objects, such as `AuthorizationPolicy shop/cart`, and fields of MeshConfig. */
  readonly objects: readonly string[];
  /** Whether nothing of the answer is known to hold. */
  readonly decides?: true;
}

/** How many objects are named one by one. */
const NAMED = 5;

/** An entry as a line of its own. */
export function notJudgedLine(entry: NotJudged): string {
  return `${entry.decides ? 'not decided, because of' : 'not judged:'} ${describeNotJudged(entry)}`;
}

/** An entry within a line of text. */
export function describeNotJudged({ what, objects, changes }: NotJudged): string {
  return `${describeUnread(what, objects)} (${changes})`;
}

/** What is not read of objects, such as `ambient mode of Namespace shop`. A kind is named once. */
export function describeUnread(what: string, objects: readonly string[]): string {
  const more = objects.length - NAMED;
  const named = more > 1 ? `${objects.slice(0, NAMED).join(', ')} and ${more} more` : objects.join(', ');
  return what.startsWith(objects[0].split(' ')[0]) ? named : `${what} of ${named}`;
}
