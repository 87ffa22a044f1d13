import type { DocumentNodes } from './node-places';
import { NodePlaces } from './node-places';
import type { FieldPath } from './provenance';

/** The document of the last look-up. Findings come object by object. */
let latest: { readonly of: DocumentNodes; readonly places: NodePlaces } | undefined;

/** The line of a field in its document, from 1. If the field is missing, it is the line of the nearest parent. */
export function lineInDocument(nodes: DocumentNodes, path: FieldPath): number {
  if (latest?.of !== nodes) latest = { of: nodes, places: new NodePlaces(nodes) };
  return latest.places.lineOf(path);
}
