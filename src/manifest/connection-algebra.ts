import type { ConnectionTerm } from './condition';
import type { Comparison } from './condition-algebra';
import { COMPARISONS } from './condition-algebra';
import type { ConnectionConditionField } from '../traffic/match-fields';
import { CONNECTION_MATCH_FIELDS, fieldsWith } from '../traffic/match-fields';

const FIELDS = Object.keys(CONNECTION_MATCH_FIELDS).filter((field): field is ConnectionConditionField => (
  CONNECTION_MATCH_FIELDS[field as keyof typeof CONNECTION_MATCH_FIELDS].shape in COMPARISONS));
const OF_CALLERS = fieldsWith(CONNECTION_MATCH_FIELDS, { about: 'caller' });

/** How conditions on a field compare, according to its shape. */
function comparisonOf(field: ConnectionConditionField): Comparison<unknown> {
  return COMPARISONS[CONNECTION_MATCH_FIELDS[field].shape];
}

/** Whether every connection that meets `a` is known to meet `b`. */
export function isConnectionWithin(a: ConnectionTerm, b: ConnectionTerm): boolean {
  return FIELDS.every(field => b[field] === undefined || comparisonOf(field).isWithin(a[field], b[field]));
}

/** Whether no caller can open a connection that meets both, judged by the conditions on callers. */
export function haveOtherCallers(a: ConnectionTerm, b: ConnectionTerm): boolean {
  return OF_CALLERS.some(field => areApart(field, a, b));
}

/** Whether a connection is known not to meet both. */
export function areConnectionsApart(a: ConnectionTerm, b: ConnectionTerm): boolean {
  return FIELDS.some(field => areApart(field, a, b));
}

function areApart(field: ConnectionConditionField, a: ConnectionTerm, b: ConnectionTerm): boolean {
  return a[field] !== undefined && b[field] !== undefined && comparisonOf(field).both(field, a[field], b[field]) === 'nothing';
}

/** Whether every connection meets a term. */
export function takesEveryConnection(term: ConnectionTerm): boolean {
  return isConnectionWithin({}, term);
}

/** The sort key of a term if nothing else decides. */
export function connectionText(term: ConnectionTerm): string {
  return JSON.stringify(FIELDS.map(field => sorted(term[field])));
}

function sorted(condition: ConnectionTerm[ConnectionConditionField]): unknown {
  if (typeof condition !== 'object') return condition;
  return Array.isArray(condition) ? [...condition].sort() : Object.entries(condition).sort(([a], [b]) => (a < b ? -1 : 1));
}
