import type { Alternative, AttributeTerm } from './rule-alternatives';
import type { Clue } from '../../manifest/clue-index';
import { isCidrWithin } from '../../traffic/cidr';

/** The fields of sources and operations that conditions have under another name. */
const FIELD_OF: { readonly [key: string]: string | undefined } = {
  'source.principal': 'principals',
  'source.namespace': 'namespaces',
  'source.serviceAccount': 'serviceAccounts',
  'source.trustDomain': 'trustDomains',
  'source.ip': 'ipBlocks',
  'remote.ip': 'remoteIpBlocks',
  'destination.port': 'ports',
  'request.auth.principal': 'requestPrincipals',
};
const BLOCKS = new Set(['ipBlocks', 'remoteIpBlocks', 'destination.ip']);
const IDENTITY = /^[^/*]+\/ns\/([^/*]+)\/sa\/([^/*]+)$/;

/** The maximum number of combinations of values that are compared one by one. */
const MOST = 64;

/** An alternative with one name per attribute, and with what its callers have in common beside the terms. */
export function comparable(alternative: Alternative): Alternative {
  const terms = alternative.map(term => ({ ...term, key: FIELD_OF[term.key] ?? term.key }));
  return [...terms, ...terms.flatMap(impliedBy)];
}

/** Callers with these identities have these accounts and namespaces. */
function impliedBy({ key, values }: AttributeTerm): readonly AttributeTerm[] {
  const accounts = key === 'serviceAccounts' ? values.map(value => value.split('/'))
    : key === 'principals' ? values.map(value => IDENTITY.exec(value)?.slice(1)) : [];
  if (accounts.length === 0 || accounts.includes(undefined)) return [];
  const implied = (of: string, each: (account: readonly string[]) => string): AttributeTerm => (
    { key: of, values: accounts.map(account => each(account!)), notValues: [] });
  return [implied('namespaces', ([namespace]) => namespace), ...key === 'principals' ? [implied('serviceAccounts', account => account.join('/'))] : []];
}

/** An alternative for each combination of its values; the alternative itself where they are too many. */
export function combinationsOf(alternative: Alternative): readonly Alternative[] {
  if (alternative.reduce((count, { values }) => count * Math.max(values.length, 1), 1) > MOST) return [alternative];
  return alternative.reduce<readonly Alternative[]>((found, term) => {
    const single = term.values.length > 1 ? term.values.map(value => ({ ...term, values: [value] })) : [term];
    return found.flatMap(terms => single.map(each => [...terms, each]));
  }, [[]]);
}

/** Whether all that one alternative matches is matched by another. False where that is not certain. Both are `comparable`. */
export function covers(wide: Alternative, narrow: Alternative): boolean {
  return wide.every(({ key, values, notValues }) => {
    const own = narrow.filter(term => term.key === key);
    const isOneOf = values.length === 0 || own.some(term => term.values.length > 0
      && term.values.every(value => values.some(each => takes(key, each, value))));
    return isOneOf && notValues.every(excluded => own.some(term => (
      term.notValues.some(value => takes(key, value, excluded))
      || (term.values.length > 0 && term.values.every(value => areApart(key, value, excluded))))));
  });
}

/** Whether a value with a star at one end takes all that another value takes. Other patterns take the same value alone. */
function takes(key: string, wide: string, narrow: string): boolean {
  if (wide === narrow || wide === '*') return true;
  if (BLOCKS.has(key)) return isCidrWithin(narrow, wide);
  const inner = wide.slice(1, -1);
  if (inner.includes('*') || wide.includes('{') || narrow.includes('{')) return false;
  if (wide.endsWith('*') && !wide.startsWith('*')) return narrow.startsWith(wide.slice(0, -1));
  return wide.startsWith('*') && !wide.endsWith('*') && narrow.endsWith(wide.slice(1));
}

/** Whether certainly nothing that one value takes is taken by another one. */
function areApart(key: string, value: string, other: string): boolean {
  if (BLOCKS.has(key)) return !isCidrWithin(value, other) && !isCidrWithin(other, value);
  // A token may have several values of a claim, and a trust domain may be an alias.
  if (key.startsWith('request.auth.') || key === 'trustDomains' || /[*{]/.test(value)) return false;
  if (key === 'principals') {
    const [one, another] = [value, other].map(each => IDENTITY.exec(each)?.slice(1).join('/'));
    return one !== undefined && another !== undefined && one !== another;
  }
  if (key === 'requestPrincipals' && other.includes('*')) return false;
  if (/[{]/.test(other) || other.slice(1, -1).includes('*')) return false;
  const [same, otherSame] = key === 'hosts' ? [value.toLowerCase(), other.toLowerCase()] : [value, other];
  return !takes(key, otherSame, same);
}

/** The clues of the alternatives that an alternative covers: one list per attribute whose values can all be looked up. */
export function cluesOf(alternative: Alternative): readonly (readonly Clue[])[] {
  const isFound = (value: string) => value !== '*' && !value.startsWith('*') && !value.slice(0, -1).includes('*');
  const clueOf = (place: string) => (value: string): Clue => (
    value.endsWith('*') ? { place, is: 'prefix', value: value.slice(0, -1) } : { place, is: 'equal', value });
  return alternative.filter(({ key, values }) => values.length > 0 && !BLOCKS.has(key) && values.every(isFound))
    .map(({ key, values }) => values.map(clueOf(key)));
}

/** What is known of an alternative: the first value of each attribute. */
export function factsOf(alternative: Alternative): readonly Clue[] {
  return alternative.filter(({ values }) => values.length > 0).flatMap(({ key, values: [value] }): Clue[] => [
    { place: key, is: 'equal', value }, { place: key, is: 'prefix', value: value.replace(/\*$/, '') },
  ]);
}
