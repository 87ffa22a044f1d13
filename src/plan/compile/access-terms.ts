import { isCidrWithin } from '../../traffic/cidr';
import type { AccessTerms, CallerNames } from '../model/access';

/** How two values of a field compare. */
export interface ValueOrder {
  /** Whether the requests of a value are certainly among those of another one. */
  readonly isWithin: (value: string, other: string) => boolean;
  /** Whether certainly no request has both values. */
  readonly areApart: (value: string, other: string) => boolean;
}

const exact: ValueOrder = { isWithin: (value, other) => value === other, areApart: (value, other) => value !== other };

const blocks: ValueOrder = {
  isWithin: isCidrWithin,
  areApart: (value, other) => !isCidrWithin(value, other) && !isCidrWithin(other, value),
};

/** Strings that may begin or end with a star. A template of paths, such as `/items/{*}`, is not compared. */
export const STARRED: ValueOrder = {
  isWithin: (value, other) => value === other || other === '*' || (other.endsWith('*') && value.startsWith(other.slice(0, -1)))
    || (other.startsWith('*') && value.endsWith(other.slice(1))),
  areApart(value, other) {
    if (/\{/.test(value + other) || value === '*' || other === '*') return false;
    const [[start, end], [otherStart, otherEnd]] = [value, other].map(endsOf);
    const differ = (a: string, b: string) => a.slice(0, b.length) !== b.slice(0, a.length);
    if (!value.includes('*') && !other.includes('*')) return value !== other;
    if (!other.includes('*')) return !STARRED.isWithin(other, value);
    if (!value.includes('*')) return !STARRED.isWithin(value, other);
    return differ(start, otherStart) || differ(reversed(end), reversed(otherEnd));
  },
};

/** Subjects of tokens. Stars other than `*` alone are not compared. */
const subjects: ValueOrder = {
  isWithin: (value, other) => value === other || other === '*',
  areApart: (value, other) => value !== other && !/\*/.test(value + other),
};

/** What a string with a star begins and ends with. */
function endsOf(value: string): readonly [string, string] {
  return value.startsWith('*') ? ['', value.slice(1)] : value.endsWith('*') ? [value.slice(0, -1), ''] : [value, value];
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

/** The fields of terms beside the callers. */
export const FIELDS: readonly (readonly [Exclude<keyof AccessTerms, 'callers'>, ValueOrder])[] = [
  ['ipBlocks', blocks], ['remoteIpBlocks', blocks], ['requestPrincipals', subjects], ['hosts', STARRED], ['methods', exact], ['paths', STARRED],
];

export function areWithin(values: readonly string[] | undefined, others: readonly string[] | undefined, { isWithin }: ValueOrder): boolean {
  return others === undefined || (values?.every(value => others.some(other => isWithin(value, other))) ?? false);
}

export function areApart(values: readonly string[] | undefined, others: readonly string[], order: ValueOrder): boolean {
  return values?.every(value => others.every(other => order.areApart(value, other))) ?? false;
}

export function areCallersWithin(callers: CallerNames | undefined, others: CallerNames | undefined): boolean {
  if (others === undefined) return true;
  if (callers === undefined) return false;
  if (others.principals.includes('*')) return true;
  return callers.namespaces.every(namespace => others.namespaces.includes(namespace))
    && callers.principals.every(principal => others.principals.includes(principal) || others.namespaces.includes(namespaceOf(principal)));
}

export function areCallersApart(callers: CallerNames | undefined, others: CallerNames): boolean {
  if (callers === undefined || callers.principals.includes('*') || others.principals.includes('*')) return false;
  const isOfOthers = (namespace: string) => others.namespaces.includes(namespace);
  return callers.principals.every(principal => !others.principals.includes(principal) && !isOfOthers(namespaceOf(principal)))
    && callers.namespaces.every(namespace => !isOfOthers(namespace) && !others.principals.some(other => namespaceOf(other) === namespace));
}

function namespaceOf(principal: string): string {
  return principal.split('/')[2];
}
