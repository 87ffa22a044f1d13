import type { Node } from 'yaml';
import { Document, isCollection, isPair, visit } from 'yaml';

/** The longest line of a snapshot. */
const WIDTH = 120;

/** Manifests as a snapshot shows them: what fits on one line stands on one, as on the pages of `docs`. */
export class Yaml {
  constructor(private readonly manifests: readonly object[]) {}

  public toString(): string {
    return this.manifests.map(yamlOf).join('---\n');
  }
}

function yamlOf(manifest: object): string {
  const document = new Document(manifest, { schema: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_, node, path) => {
      const depth = path.filter(parent => isCollection(parent)).length;
      const key = path.at(-1);
      const before = 2 * depth + (isPair(key) ? String(key.key).length + 2 : 0);
      // The manifest itself is a block.
      if (depth === 0 || before + inOneLine(node).length > WIDTH) return undefined;
      node.flow = true;
      return visit.SKIP;
    },
  });
  return document.toString({ lineWidth: 0 });
}

function inOneLine(node: Node): string {
  const document = new Document(node.toJSON(), { schema: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, { Collection: (_, inner) => { inner.flow = true; } });
  return document.toString({ lineWidth: 0 }).replace(/\s*\n\s*/g, ' ');
}

expect.addSnapshotSerializer({ test: value => value instanceof Yaml, print: value => String(value).trimEnd() });
