import { INLINE_HEADERS } from '../envoy/xds/inline-headers';

/** The values of each header, by lower-case name; a header that is repeated has several. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** The values of one header as Envoy keeps them. HTTP/2 sends a cookie in parts, which Envoy joins. */
export function keptValues(name: string, values: readonly string[], isHttp2: boolean): readonly string[] {
  if (values.length < 2) return values;
  if (isHttp2 && name === 'cookie') return [values.join('; ')];
  return INLINE_HEADERS.has(name) ? [values.join(',')] : values;
}

/** The value that a recipient reads who joins the lines of a header. */
export function joinedValue(values: readonly string[] | undefined): string | undefined {
  return values?.join(', ');
}
