import { isAuthority } from './authority-header';
import { headerValueObjection } from './header-format';
import { headerNameProblem } from './name';
import { objectionProblem } from './objection';
import type { Problem } from './problem';
import { headerFormatObjection } from './substitution-format';

/**
 * Changes to the headers of a request or a response.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers-HeaderOperations
 */
export interface HeaderOperations {
  /**
   * Sets headers to these values, and overwrites any existing value. Envoy replaces command operators such as `%REQ(x-name)%`; write `%%`
   * for a percent sign.
   * @default - none
   */
  readonly set?: { readonly [name: string]: string };
  /**
   * Adds values to headers, in addition to existing values.
   * @default - none
   */
  readonly add?: { readonly [name: string]: string };
  /**
   * Removes headers.
   * @default - none
   */
  readonly remove?: string[];
}

/**
 * Changes to the headers of requests and responses.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers
 */
export interface HeaderChanges {
  /**
   * Changes to the request, before it is forwarded.
   * @default - none
   */
  readonly request?: HeaderOperations;
  /**
   * Changes to the response, before it is sent to the caller.
   * @default - none
   */
  readonly response?: HeaderOperations;
}

/** The problem of header changes. */
export function headerChangesProblem(what: string, changes: HeaderChanges): Problem {
  const { request, response } = changes;
  if (!request && !response) return `${what} is empty; set request or response, or omit it`;
  return (
    (request && operationsProblem(`${what}.request`, request, true)) ?? (response && operationsProblem(`${what}.response`, response, false))
  );
}

function operationsProblem(what: string, { set = {}, add = {}, remove = [] }: HeaderOperations, authority: boolean): Problem {
  const stated = [...Object.keys(set), ...Object.keys(add), ...remove];
  if (stated.length === 0) return `${what} is empty; use set, add or remove, or omit it`;
  for (const [field, values] of [['set', set], ['add', add]] as const) {
    for (const [name, value] of Object.entries(values)) {
      const problem =
        (authority && isAuthority(name) ? undefined : nameProblem(`${what}.${field}`, name))
        ?? valueProblem(`${what}.${field}['${name}']`, name, value);
      if (problem) return problem;
    }
  }
  const removed = remove.map(name => nameProblem(`${what}.remove`, name)).find(problem => problem !== undefined);
  if (removed) return removed;
  const lower = stated.map(name => name.toLowerCase());
  const twice = lower.find((name, i) => lower.indexOf(name) !== i);
  return twice && `${what} changes the header '${twice}' twice, and the result would depend on Envoy's order; change it once`;
}

function nameProblem(what: string, name: string): Problem {
  return isAuthority(name)
    ? `${what} contains '${name}', which Istio accepts only in the set or add of a request; use rewrite.authority`
    : headerNameProblem(what, name);
}

/** The longest value that Envoy takes, in bytes. */
const LONGEST = 16_384;

function valueProblem(what: string, name: string, value: string): Problem {
  if (typeof value !== 'string') return `${what} is ${value}; use a string`;
  const size = Buffer.byteLength(value);
  if (size > LONGEST) return `${what} has ${size} bytes, and Envoy takes at most ${LONGEST}; use a shorter value`;
  // Envoy rewrites the authority by a field without a format.
  const format = isAuthority(name) ? undefined : headerFormatObjection(value);
  return objectionProblem(what, headerValueObjection(value) ?? format);
}
