import type * as Yaml from 'yaml';
import type { KubernetesObject } from './kubernetes-object';

/** A field's place: names and list positions, from the object down. */
export type FieldPath = readonly (string | number)[];

/** Where an object was read. */
export interface Provenance {
  readonly file: string;
  /** The position of its document in the file, from 0. */
  readonly document: number;
  /** The text of the document. */
  readonly text: string;
  /** The line at which the text starts, from 1. */
  readonly firstLine: number;
  /** Where in the document the object stands; empty unless it is an item of a List. */
  readonly within: FieldPath;
}

const provenances = new WeakMap<object, Provenance>();
/** The document whose lines were asked for last: findings come object by object. */
let latest: { readonly text: string; readonly document: Yaml.Document; readonly lines: Yaml.LineCounter } | undefined;

export function recordProvenance(object: KubernetesObject, provenance: Provenance): void {
  provenances.set(object, provenance);
}

/** Where an object was read; undefined for one that was made in memory. */
export function provenanceOf(object: KubernetesObject): Provenance | undefined {
  return provenances.get(object);
}

function parsed(text: string): NonNullable<typeof latest> {
  if (latest?.text === text) return latest;
  // Loaded at the first question: parsing with positions costs eight times as much as without.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { LineCounter, parseDocument } = require('yaml') as typeof Yaml;
  const lines = new LineCounter();
  latest = { text, lines, document: parseDocument(text, { lineCounter: lines, version: '1.1', uniqueKeys: false, logLevel: 'silent' }) };
  return latest;
}

interface Pair {
  readonly key: { readonly value?: unknown; readonly range?: readonly number[] };
  readonly value?: unknown;
}

/** The offset of the deepest field of the path that is there. */
function offsetOf(contents: unknown, path: FieldPath): number {
  let node = contents as { readonly items?: readonly unknown[]; readonly range?: readonly number[] } | null | undefined;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    const items = node?.items ?? [];
    if (typeof step === 'number') {
      node = items[step] as typeof node;
      offset = node?.range?.[0] ?? offset;
    } else {
      const pair = (items as readonly Pair[]).find(item => String(item.key?.value) === step);
      offset = pair?.key.range?.[0] ?? offset;
      node = pair?.value as typeof node;
    }
    if (node === undefined || node === null) break;
  }
  return offset;
}

/** The line of a field, or of the nearest thing around it that is there; undefined for an object that was made in memory. */
export function lineOf(object: KubernetesObject, path: FieldPath = []): number | undefined {
  const provenance = provenances.get(object);
  if (!provenance) return undefined;
  const { document, lines } = parsed(provenance.text);
  return provenance.firstLine - 1 + Math.max(lines.linePos(offsetOf(document.contents, [...provenance.within, ...path])).line, 1);
}

/** A path as text: `spec.http[0].route`, or `metadata.labels["a.b/c"]`. */
export function pathText(path: FieldPath): string {
  return path.map((step, i) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[A-Za-z_][\w-]*$/.test(step) ? `${i === 0 ? '' : '.'}${step}` : `[${JSON.stringify(step)}]`;
  }).join('');
}

/** Reads what `pathText` writes. */
export function parsePath(text: string): FieldPath {
  return [...text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(([, index, quoted, name]) => (
    index !== undefined ? Number(index) : quoted !== undefined ? JSON.parse(quoted) as string : name));
}
