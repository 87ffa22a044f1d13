import type { Requests } from './requests';

/** A request in full, as a caller sends it. */
export interface ExampleRequest {
  readonly method: string;
  readonly url: string;
  /** A list of values stands for a header that is sent several times. */
  readonly headers?: { readonly [name: string]: string | readonly string[] };
}

/** One of some requests. `scheme` and `port` are those of the connection. */
export function exampleRequest(requests: Requests, scheme: 'http' | 'https', port: number): ExampleRequest {
  const one = (field: Parameters<Requests['sample']>[0]) => requests.sample(field)[0];
  const authority = one('authority');
  const host = authority.replace(/:\d+$/, '');
  const place = port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`;
  const parameters: string[] = [];
  const headers: { [name: string]: string | readonly string[] } = {};
  if (authority !== place) headers.host = authority;
  if (one('scheme') !== scheme) headers['x-forwarded-proto'] = one('scheme');
  for (const field of requests.stated) {
    const [name, values] = [field.slice(field.indexOf(' ') + 1), requests.sample(field)];
    if (values.length === 0) continue;
    if (field.startsWith('parameter ')) parameters.push(`${name}=${values[0]}`);
    else if (field.startsWith('header ')) headers[name] = values.length === 1 ? values[0] : values;
  }
  const query = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  return {
    method: one('method'), url: `${scheme}://${place}${one('path')}${query}`, ...(Object.keys(headers).length > 0 ? { headers } : {}),
  };
}

/** The same in words: `GET http://shop/ with x-a: b`. */
export function describeExample({ method, url, headers = {} }: ExampleRequest): string {
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map(value => `${name}: ${value}`),
  );
  return `${method} ${url}${lines.length > 0 ? ` with ${lines.join(' and ')}` : ''}`;
}
