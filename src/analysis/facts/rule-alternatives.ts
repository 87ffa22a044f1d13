import type { AuthorizationPolicy } from '../../envoy/access/authorization-policies';
import { operationTerms, sourceTerms, termOf } from '../../envoy/access/rule-policy';
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
