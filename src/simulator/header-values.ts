import { INLINE_HEADERS } from '../envoy/xds/inline-headers';

/** The values of each header, by lower-case name. A repeated header has several. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** The values of one header in Envoy. HTTP/2 splits a cookie, and Envoy joins the parts. */
export function keptValues(name: string, values: readonly string[], isHttp2: boolean): readonly string[] {
  if (values.length < 2) return values;
  if (isHttp2 && name === 'cookie') return [values.reduce((joined, value) => (joined === '' ? value : `${joined}; ${value}`))];
  // An empty value adds nothing to an inline header, no comma either.
  return INLINE_HEADERS.has(name) ? [values.filter(value => value !== '').join(',')] : values;
}

/** The value of a header for a recipient that joins its lines. */
export function joinedValue(values: readonly string[] | undefined): string | undefined {
  return values?.join(', ');
}
