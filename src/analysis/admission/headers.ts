import type { Objection, Verdict } from './verdict';
import type { Fields } from '../fields';
import { entries, items } from '../fields';

const NAME = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const PSEUDO = new Set([':method', ':scheme', ':authority', ':path', ':status']);
const CLAIM = '@request.auth.claims';

/** Whether a name stands for a claim of a JWT, `@request.auth.claims.group` or `@request.auth.claims[group]`. */
export function isJwtClaim(name: string): boolean {
  if (!name.toLowerCase().startsWith(CLAIM)) return false;
  const rest = name.slice(CLAIM.length);
  return (rest.startsWith('.') && rest.length > 1) || (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2);
}

/** The name of a header that a match looks at. */
export function matchHeaderProblem(name: string): Objection {
  if (name !== '' && (isJwtClaim(name) || PSEUDO.has(name) || NAME.test(name))) return undefined;
  return [name === '' ? 'names no header' : `'${name}' is no header name`, 'use letters, digits and \'-\''];
}

/** A header name in CORS. */
export function corsHeaderProblem(name: string): Objection {
  return name === '*' || NAME.test(name) ? undefined : [name === '' ? 'names no header' : `'${name}' is no header name`, 'use letters, digits and \'-\''];
}

function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase());
}

function operationProblem(name: string, authority: boolean): Objection {
  if (name === '') return ['names no header', 'name it'];
  if (!name.startsWith(':') && name.toLowerCase() !== 'host') return undefined;
  if (authority && isAuthority(name)) return undefined;
  return [`changes '${name}'`, 'use rewrite for path and authority; other pseudo-headers cannot be changed'];
}

const SPACE = ' ';

/** A value in which `%VARIABLE%` and `%VARIABLE(argument)%` stand for something, and `%%` for a percent sign. */
function isFormatted(value: string): boolean {
  let at: 'text' | 'name' | 'argument' | 'list' | 'item' | 'quoted' | 'items' | 'list end' | 'end' = 'text';
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    switch (at) {
      case 'text':
        if (c !== '%') break;
        if (i + 1 === value.length) return false;
        if (value[i + 1] === '%') i++;
        else at = 'name';
        break;
      case 'name':
        if (c === '%') at = 'text';
        else if (c === '(') at = 'list';
        break;
      case 'list':
        if (c === '[') at = 'item';
        else if (c !== SPACE) at = 'quoted';
        break;
      case 'item':
        if (c === '"') at = 'quoted';
        else if (c !== SPACE) return false;
        break;
      case 'quoted':
        if (c === '\\' && i + 1 === value.length) return false;
        if (c === '\\') i++;
        else if (c === ')') at = 'end';
        else if (c === '"') at = 'items';
        break;
      case 'items':
        if (c === ',') at = 'item';
        else if (c === ']') at = 'list end';
        else if (c !== SPACE) return false;
        break;
      case 'list end':
        if (c === ')') at = 'end';
        else if (c !== SPACE) return false;
        break;
      case 'end':
        if (c === '%') at = 'text';
        else if (c !== SPACE) return false;
    }
  }
  return at === 'text';
}

function valueProblem(value: string): Objection {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000A-\u001F\u007F]/.test(value)) return ['has control characters in its value', 'leave them out'];
  return isFormatted(value) ? undefined : [`has the value '${value}', in which a '%' opens what nothing closes`, 'write %% for a percent sign, or close the variable'];
}

/** What is added to, set in and removed from requests and responses. */
export function checkHeaders(verdict: Verdict, headers: Fields, path: string): void {
  if (headers === undefined) return;
  for (const side of ['request', 'response'] as const) {
    for (const operation of ['add', 'set'] as const) {
      for (const [name, value] of entries(headers[side]?.[operation])) {
        verdict.error(`${path}.${side}.${operation}`, operationProblem(name, side === 'request'), valueProblem(value));
      }
    }
    items(headers[side]?.remove).forEach((name, i) => verdict.error(`${path}.${side}.remove[${i}]`, operationProblem(name, false)));
  }
}

/** The authority can be rewritten once: by the rewrite, or by one header. */
export function checkAuthority(verdict: Verdict, route: Fields, path: string): void {
  const stated = [
    route.rewrite?.authority,
    ...[route.headers?.request?.set, route.headers?.request?.add]
      .flatMap(operation => entries(operation).filter(([name]) => isAuthority(name)).map(([, value]) => value)),
  ];
  // A second one is an error unless all before it are empty.
  let current: string = stated[0] ?? '';
  for (const value of stated.slice(1)) {
    if (current !== '') {
      verdict.error(path, [`sets the authority more than once: '${current}' and '${value}'`, 'state it once, as rewrite.authority']);
      return;
    }
    current = value;
  }
}
