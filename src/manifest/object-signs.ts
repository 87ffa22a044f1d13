/** The fields of Kubernetes objects, as keys of YAML or JSON at any depth. */
const KEYS = /(?:^|[\s{[,?"'])(apiVersion|kind|metadata|spec|items)["']?[^\S\n]*:/g;
/** A statement of a template language other than Helm's. Indented lines may belong to a string. */
const STATEMENT = /^\{%/m;

/**
 * Whether text that cannot be read may be meant as a Kubernetes object: it has an apiVersion, or two of the other fields that objects have.
 * Files of other tools, such as a `tsconfig.json` with comments, have none or one.
 */
export function mayHoldObject(text: string): boolean {
  const found = new Set<string>();
  for (const [, key] of text.matchAll(KEYS)) if (key === 'apiVersion' || found.add(key).size > 1) return true;
  return false;
}

/** Whether text that cannot be read is a template of Jinja or a similar language. */
export function hasStatements(text: string): boolean {
  return STATEMENT.test(text);
}
