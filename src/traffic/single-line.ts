import type { Objection } from './objection';

/** What Envoy has against a value that becomes a part of a header. */
export function singleLineObjection(value: string): Objection {
  // eslint-disable-next-line no-control-regex
  return /[\u0000\n\r]/.test(value)
    ? [`is ${JSON.stringify(value)}, and Envoy takes no line break and no NUL here`, 'remove them']
    : undefined;
}
