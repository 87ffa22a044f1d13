import type { DocumentNodes } from './node-places';
import { NodePlaces } from './node-places';
import type { FieldPath } from './provenance';

/** The document whose lines were asked for last: findings come object by object. */
let latest: { readonly of: DocumentNodes; readonly places: NodePlaces } | undefined;

/** The line of a field in the text of its document, from 1, or of the nearest thing around it that is there. */
export function lineInDocument(nodes: DocumentNodes, path: FieldPath): number {
  if (latest?.of !== nodes) latest = { of: nodes, places: new NodePlaces(nodes) };
  return latest.places.lineOf(path);
}
