import type { Objection, Verdict } from './verdict';
import type { HTTPRoute, Headers } from '../../manifest/istio-specs.generated';
import { isJwtClaim } from '../../manifest/jwt-claim';
import { headerValueObjection } from '../../traffic/header-format';

const NAME = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const PSEUDO = new Set([':method', ':scheme', ':authority', ':path', ':status']);

function nameProblem(name: string): Objection {
  return [name === '' ? 'has an empty header name' : `has '${name}', which is not a valid header name`, 'use letters, digits and \'-\''];
}

/** What is wrong with the header name of a match. */
export function matchHeaderProblem(name: string): Objection {
  return name !== '' && (isJwtClaim(name) || PSEUDO.has(name) || NAME.test(name)) ? undefined : nameProblem(name);
}

/** What is wrong with a header name in CORS. */
export function corsHeaderProblem(name: string): Objection {
  return name === '*' || NAME.test(name) ? undefined : nameProblem(name);
}

function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase());
}

function operationProblem(name: string, mayChangeAuthority: boolean): Objection {
  if (name === '') return ['has an empty header name', 'name the header'];
  if (!name.startsWith(':') && name.toLowerCase() !== 'host') return undefined;
  if (mayChangeAuthority && isAuthority(name)) return undefined;
  return [`changes '${name}'`, 'use rewrite for path and authority; other pseudo-headers cannot change'];
}

/** Checks what is added to, set in and removed from requests and responses. */
export function checkHeaders(verdict: Verdict, headers: Headers = {}, path: string): void {
  for (const side of ['request', 'response'] as const) {
    const operations = headers[side] ?? {};
    for (const operation of ['add', 'set'] as const) {
      for (const [name, value] of Object.entries(operations[operation] ?? {})) {
        verdict.error(`${path}.${side}.${operation}`, operationProblem(name, side === 'request'), headerValueObjection(value));
      }
    }
    operations.remove?.forEach((name, i) => verdict.error(`${path}.${side}.remove[${i}]`, operationProblem(name, false)));
  }
}

/** Checks that a route rewrites the authority once: by its rewrite, or by one header. */
export function checkAuthority(verdict: Verdict, { rewrite, headers }: HTTPRoute, path: string): void {
  const ofHeaders = [headers?.request?.set, headers?.request?.add]
    .flatMap(operation => Object.entries(operation ?? {}).filter(([name]) => isAuthority(name)).map(([, value]) => value));
  // A second one is an error unless all before it are empty.
  let current = rewrite?.authority ?? '';
  for (const value of ofHeaders) {
    if (current !== '') {
      verdict.error(path, [`sets the authority more than once: '${current}' and '${value}'`, 'set it once, as rewrite.authority']);
      return;
    }
    current = value;
  }
}
