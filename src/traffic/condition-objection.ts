import type { Objection } from './objection';

/** A condition on a string of a request: `exact`, `prefix`, `regex`, or `present` without a value. */
interface Condition {
  readonly kind: string;
  readonly value: string;
}

/** A star, a parameter in braces, or a segment that begins with a colon. */
const PATTERN = /\*|\{[\w.*=-]*\}|(?<=\/):[A-Za-z]\w*/;
/** In a regex, a star after a slash, at the end or before the next slash. */
const STAR_SEGMENT = /\/\*(?=\/|$)/;
/** A star after a letter or digit at the end of a regex that has no other sign of a regex. */
const STAR_AT_END = /^\^?[\w/.-]*[\w-]\*$/;
/** Characters that are not in a query, or that end a parameter or begin the fragment. */
const IN_NO_VALUE = /[&#]|[^\x21-\x7e]/u;
const IN_NO_NAME = /[=&#]|[^\x21-\x7e]/u;
/** Headers of one connection, which Envoy removes before it looks for a route. */
const OF_CONNECTION = new Set(['keep-alive', 'proxy-connection', 'transfer-encoding']);

function isLiteral({ kind }: Condition): boolean {
  return kind === 'exact' || kind === 'prefix';
}

/** A path that looks like a pattern, which Envoy compares letter by letter. A path without a slash is another mistake. */
export function patternInPathObjection(condition: Condition): Objection {
  const { value } = condition;
  const found = isLiteral(condition) && value.startsWith('/') ? PATTERN.exec(value) : undefined;
  if (!found) return undefined;
  const before = value.slice(0, found.index);
  const rest = value.slice(found.index + found[0].length);
  const isAtEnd = /^\**$/.test(rest) && before.endsWith('/');
  return [`'${value}' is compared letter by letter: '${found[0]}' stands for nothing else, so requests below '${before}' do not match`,
    isAtEnd && found[0] === '*' ? `write prefix: ${before}` : `write a regex, such as '${before}[^/]+${rest === '' ? '' : '...'}'`];
}

/** A regex of a path that is written as a glob. */
export function globObjection({ kind, value }: Condition): Objection {
  if (kind !== 'regex' || !(STAR_SEGMENT.test(value) || STAR_AT_END.test(value))) return undefined;
  const at = value.search(STAR_SEGMENT) + 1 || value.length - 1;
  const before = value.slice(0, at).replace(/^\^/, '');
  return [`in the regex '${value}', '*' repeats the '${value[at - 1]}' before it, so that '${before}items' does not match`,
    at === value.length - 1 ? `write prefix: ${before}` : `write '[^/]+' for a segment: '${value.replace(/\/\*(?=\/|$)/g, '/[^/]+')}'`];
}

/** A scheme other than those of requests. */
export function schemeObjection({ kind, value }: Condition): Objection {
  const isMet = kind === 'exact' ? ['http', 'https'].includes(value) : kind !== 'prefix' || 'https'.startsWith(value);
  return isMet ? undefined
    : [`the scheme of a request is http or https, in lower case, whatever it carries: '${value}' takes nothing`,
      'write http or https, or remove the condition'];
}

/** A method in lower case. */
export function methodObjection(condition: Condition): Objection {
  const { value } = condition;
  return !isLiteral(condition) || value === value.toUpperCase() ? undefined
    : [`methods are compared with their case, and callers send them in upper case: '${value}' takes nothing`,
      `write '${value.toUpperCase()}'`];
}

/** A name or a value of a query parameter that no URL contains. */
export function queryParameterObjection(name: string, condition: Condition): Objection {
  const { value } = condition;
  const inName = IN_NO_NAME.exec(name)?.[0] ?? (name.startsWith('?') ? '?' : undefined);
  const found = inName ?? (isLiteral(condition) ? IN_NO_VALUE.exec(value)?.[0] : undefined);
  if (found === undefined) return undefined;
  const what = inName === undefined ? `value '${value}'` : `parameter '${name}'`;
  return [`Envoy compares the query as the URL writes it, where ${found === '?' ? 'a name does not begin with' : 'there is no'} `
    + `'${found}' in a ${inName === undefined ? 'value' : 'name'}: the ${what} is never sent`,
  found === '?' ? 'remove the question mark' : `write its code, '${encodeURIComponent(found)}'`];
}

/** A value of a header that begins or ends with blanks. */
export function headerValueObjection({ kind, value }: Condition): Objection {
  const isBlank = (kind === 'exact' && value !== value.trim()) || (kind === 'prefix' && value !== value.trimStart());
  return isBlank ? [`HTTP has no blanks at the ends of a header's value: '${value}' takes nothing`, `write '${value.trim()}'`] : undefined;
}

/** A header that Envoy removes before it looks for a route. */
export function connectionHeaderObjection(name: string): Objection {
  return OF_CONNECTION.has(name.toLowerCase())
    ? [`Envoy removes ${name}, a header of the connection, before it looks for a route: this match takes nothing`, 'remove the condition']
    : undefined;
}

/** One cookie as the value of the whole Cookie header. */
export function wholeCookieObjection(name: string, { kind, value }: Condition): Objection {
  if (name.toLowerCase() !== 'cookie' || kind !== 'exact' || value.includes(';')) return undefined;
  const regex = value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
  return [`all cookies of a request are in one header: this takes requests whose only cookie is '${value}'`,
    `write the regex '^(.*?;\\s*)?(${regex})(;.*)?$'`];
}
