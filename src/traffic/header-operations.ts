import { headerNameProblem } from './name';
import type { Problem } from './problem';

/**
 * Changes of the headers of a request or a response.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers-HeaderOperations
 */
export interface HeaderOperations {
  /**
   * Headers that get this value, whatever they had. Envoy's variables such as `%REQ(x-name)%` are replaced; write `%%` for a percent sign.
   * @default - none
   */
  readonly set?: { readonly [name: string]: string };
  /**
   * Values that are added to what a header has.
   * @default - none
   */
  readonly add?: { readonly [name: string]: string };
  /**
   * Headers that are taken away.
   * @default - none
   */
  readonly remove?: string[];
}

/**
 * Changes of headers on the way there and back.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers
 */
export interface HeaderChanges {
  /**
   * Of the request, before it is sent on.
   * @default - none
   */
  readonly request?: HeaderOperations;
  /**
   * Of the response, before the caller gets it.
   * @default - none
   */
  readonly response?: HeaderOperations;
}

/** The names that stand for the authority of a request. */
const AUTHORITY = /^(host|:authority)$/i;

/** Whether a change sets the authority of the request. */
export function setsAuthority(changes: HeaderChanges | undefined): boolean {
  return Object.keys({ ...changes?.request?.set, ...changes?.request?.add }).some(name => AUTHORITY.test(name));
}

/** What is wrong with changes of headers, if anything. */
export function headerChangesProblem(what: string, changes: HeaderChanges): Problem {
  const { request, response } = changes;
  if (!request && !response) return `${what} is empty; state request or response, or leave it out`;
  return (request && operationsProblem(`${what}.request`, request, true)) ?? (response && operationsProblem(`${what}.response`, response, false));
}

function operationsProblem(what: string, { set = {}, add = {}, remove = [] }: HeaderOperations, authority: boolean): Problem {
  const stated = [...Object.keys(set), ...Object.keys(add), ...remove];
  if (stated.length === 0) return `${what} is empty; state set, add or remove, or leave it out`;
  for (const [field, values] of [['set', set], ['add', add]] as const) {
    for (const [name, value] of Object.entries(values)) {
      const problem = (authority && AUTHORITY.test(name) ? undefined : nameProblem(`${what}.${field}`, name)) ?? valueProblem(`${what}.${field}['${name}']`, value);
      if (problem) return problem;
    }
  }
  const removed = remove.map(name => nameProblem(`${what}.remove`, name)).find(problem => problem !== undefined);
  if (removed) return removed;
  const lower = stated.map(name => name.toLowerCase());
  const twice = lower.find((name, i) => lower.indexOf(name) !== i);
  return twice && `${what} states the header '${twice}' twice, of which Envoy's order would decide; state it once`;
}

function nameProblem(what: string, name: string): Problem {
  return AUTHORITY.test(name) ? `${what} names '${name}', which Istio takes only in a request's set or add; use rewrite.authority` : headerNameProblem(what, name);
}

function valueProblem(what: string, value: string): Problem {
  if (typeof value !== 'string') return `${what} is ${value}; use a text`;
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return `${what} holds a control character, which Istio rejects; leave it out`;
  const signs = value.replace(/%%/g, '').split('%').length - 1;
  return signs % 2 === 0 ? undefined : `${what} '${value}' has a lone percent sign, which Envoy reads as the start of a variable; write %% for a percent sign`;
}
