import type { AuthorizationPolicy } from '../../envoy/access/authorization-policies';
import { operationTerms, sourceTerms, termOf } from '../../envoy/access/rule-policy';
import type { Clue } from '../../manifest/clue-index';
import type { AuthorizationRule } from '../../manifest/istio-specs.generated';

/** What one attribute must be in an alternative: one of the values, and none of the others. */
export interface AttributeTerm {
  readonly key: string;
  readonly values: readonly string[];
  readonly notValues: readonly string[];
}

/** One source with one operation of a rule, and the rule's conditions: all of its terms must match. */
export type Alternative = readonly AttributeTerm[];

/** The alternatives of a rule; undefined for one with a condition that istiod does not know. */
export function alternativesOf(
  { from = [], to = [], when = [] }: AuthorizationRule, policy: AuthorizationPolicy,
): readonly Alternative[] | undefined {
  const conditions = when.map(condition => termOf(condition));
  if (conditions.includes(undefined)) return undefined;
  const own = conditions.flatMap(term => term?.permission ?? term?.principal ?? []);
  const sources = from.length === 0 ? [[]] : from.map(({ source }) => sourceTerms(source));
  const operations = to.length === 0 ? [[]] : to.map(({ operation }) => operationTerms(operation));
  return sources.flatMap(source => operations.map(operation => (
    [...source, ...operation, ...own].map(term => inFull(term, policy.metadata.namespace ?? '')))));
}

/** A term whose service accounts have their namespace. */
function inFull({ key, values, notValues }: AttributeTerm, namespace: string): AttributeTerm {
  const full = (value: string) => (value.includes('/') ? value : `${namespace}/${value}`);
  const isAccount = key === 'serviceAccounts' || key === 'source.serviceAccount';
  return isAccount ? { key, values: values.map(full), notValues: notValues.map(full) } : { key, values, notValues };
}

/** Whether all that one alternative matches is matched by another. False where that is not certain. */
export function covers(wide: Alternative, narrow: Alternative): boolean {
  return wide.every(({ key, values, notValues }) => {
    const own = narrow.filter(term => term.key === key);
    const isOneOf = values.length === 0 || own.some(term => term.values.length > 0
      && term.values.every(value => values.some(each => takes(each, value))));
    return isOneOf && notValues.every(excluded => own.some(term => term.notValues.some(value => takes(value, excluded))));
  });
}

/** Whether a value with a star at one end takes all that another value takes. Other patterns take the same value alone. */
function takes(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === '*') return true;
  const inner = wide.slice(1, -1);
  if (inner.includes('*') || wide.includes('{') || narrow.includes('{')) return false;
  if (wide.endsWith('*') && !wide.startsWith('*')) return narrow.startsWith(wide.slice(0, -1));
  return wide.startsWith('*') && !wide.endsWith('*') && narrow.endsWith(wide.slice(1));
}

/** The clues of the alternatives that an alternative covers: one list per attribute whose values can all be looked up. */
export function cluesOf(alternative: Alternative): readonly (readonly Clue[])[] {
  const isFound = (value: string) => value !== '*' && !value.startsWith('*') && !value.slice(0, -1).includes('*');
  const clueOf = (place: string) => (value: string): Clue => (
    value.endsWith('*') ? { place, is: 'prefix', value: value.slice(0, -1) } : { place, is: 'equal', value });
  return alternative.filter(({ values }) => values.length > 0 && values.every(isFound)).map(({ key, values }) => values.map(clueOf(key)));
}

/** What is known of an alternative: the first value of each attribute. */
export function factsOf(alternative: Alternative): readonly Clue[] {
  return alternative.filter(({ values }) => values.length > 0).flatMap(({ key, values: [value] }): Clue[] => [
    { place: key, is: 'equal', value }, { place: key, is: 'prefix', value: value.replace(/\*$/, '') },
  ]);
}
