import { claimNames, STRING_CLAIMS } from './claims';
import type { LineField, NamedKind } from './condition';
import { isNamed, partsOf } from './condition';
import type { Requests } from './requests';

/** A request in full, as a caller sends it. */
export interface ExampleRequest {
  readonly method: string;
  readonly url: string;
  /** A list of values stands for a header that is sent several times. */
  readonly headers?: { readonly [name: string]: string | readonly string[] };
  /** The claims of its token. */
  readonly token?: { readonly [claim: string]: unknown };
}

/** The parts of a request that a caller sends at a connection. */
interface Draft {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  method: string;
  place: string;
  path: string;
  readonly parameters: string[];
  readonly headers: { [name: string]: string | readonly string[] };
  readonly token: Claims;
}

interface Claims { [claim: string]: string | readonly string[] | Claims }

/** How a caller sends each string that every request has, in the order of its headers. */
const LINE: { readonly [F in LineField]: (draft: Draft, value: string) => void } = {
  method: (draft, value) => { draft.method = value; },
  path: (draft, value) => { draft.path = value; },
  authority: (draft, value) => {
    const host = value.replace(/:\d+$/, '');
    draft.place = draft.port === (draft.scheme === 'https' ? 443 : 80) ? host : `${host}:${draft.port}`;
    if (value !== draft.place) draft.headers.host = value;
  },
  scheme: ({ scheme, headers }, value) => {
    if (value !== scheme) headers['x-forwarded-proto'] = value;
  },
};

/** How a caller sends the values under a name. */
const NAMED: { readonly [K in NamedKind]: (draft: Draft, name: string, values: readonly string[]) => void } = {
  parameter: ({ parameters }, name, [value]) => { parameters.push(`${name}=${value}`); },
  header: ({ headers }, name, values) => {
    headers[name] = values.length === 1 ? values[0] : values;
    if (name === 'upgrade') headers.connection = 'upgrade';
  },
  claim: ({ token }, names, values) => { setClaim(token, claimNames(names), values); },
  unread: () => undefined,
};

function setClaim(token: Claims, [name, ...inner]: readonly string[], values: readonly string[]): void {
  const known = Object.hasOwn(token, name) ? token[name] : undefined;
  const nested = typeof known === 'object' && !Array.isArray(known) ? known as Claims : {};
  if (inner.length > 0) setClaim(nested, inner, values);
  // Envoy splits some claims at spaces, unless they are a list.
  const value = values.length === 1 && (STRING_CLAIMS.has(name) || /^[^ ]+$/.test(values[0])) ? values[0] : values;
  Object.defineProperty(token, name, { value: inner.length > 0 ? nested : value, enumerable: true, configurable: true, writable: true });
}

/** One of some requests. `scheme` and `port` are those of the connection. */
export function exampleRequest(requests: Requests, scheme: 'http' | 'https', port: number): ExampleRequest {
  const draft: Draft = { scheme, port, method: '', place: '', path: '', parameters: [], headers: {}, token: {} };
  for (const field of Object.keys(LINE) as LineField[]) LINE[field](draft, requests.sample(field)[0]);
  for (const field of requests.stated) {
    const values = requests.sample(field);
    if (!isNamed(field) || values.length === 0 || requests.isWritten(field)) continue;
    const [kind, name] = partsOf(field);
    NAMED[kind](draft, name, values);
  }
  const { method, place, path, parameters, headers, token } = draft;
  const query = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  return {
    method,
    url: `${scheme}://${place}${path}${query}`,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(Object.keys(token).length > 0 ? { token } : {}),
  };
}

/** The same in words: `GET http://shop/ with x-a: b`. */
export function describeExample({ method, url, headers = {}, token }: ExampleRequest): string {
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map(value => `${name}: ${value}`),
  );
  const all = [...lines, ...(token === undefined ? [] : [`a token of ${JSON.stringify(token)}`])];
  return `${method} ${url}${all.length > 0 ? ` with ${all.join(' and ')}` : ''}`;
}
