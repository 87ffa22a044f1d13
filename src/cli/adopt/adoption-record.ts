import type { AdoptedUnit, Adoption } from '../../adopt/adopt';
import { describeObject } from '../../manifest/kubernetes-object';
import type { Line } from '../line';
import { line, styled } from '../line';

/** A unit in the report. */
export interface AdoptionRecord {
  readonly host: string;
  readonly file: string;
  /** The classes of its constructs, without plain objects. */
  readonly constructs: readonly string[];
  readonly plain: readonly { readonly object: string; readonly reason: string }[];
  readonly notes: readonly string[];
  /** Differences with which the proof refuted another form. */
  readonly refuted: readonly string[];
}

export function recordOf({ unit, lifted: { file, kept, notes }, refuted }: AdoptedUnit): AdoptionRecord {
  const created = file.statements.flatMap(each => ('creates' in each && each.creates !== 'ApiObject' ? [each.creates] : []));
  return {
    host: unit.host,
    file: `${file.name}.ts`,
    constructs: [...new Set(created)],
    plain: kept.map(({ object, reason }) => ({ object: describeObject(object), reason })),
    notes,
    refuted,
  };
}

/** The report for a terminal. */
export function textReport({ units, differences }: Adoption): Line[] {
  const verdict = differences.length === 0 ? styled('the same for all requests', 'green') : styled('not proven', 'red');
  return [
    ...units.map(recordOf).flatMap(record => [
      line`${styled(record.file, 'bold')}  ${record.constructs.join(', ') || 'plain objects'}: ${verdict}`,
      ...record.plain.map(({ object, reason }) => line`  ${styled('plain', 'yellow')} ${object}: ${reason}`),
      ...record.notes.map(note => `  note: ${note}`),
    ]),
    ...differences.map(({ text }) => line`${styled('differs', 'red')} ${text}`),
  ];
}
