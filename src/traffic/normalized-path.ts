import type { Objection } from './objection';

/** How proxies normalize paths: `pathNormalization.normalization` of MeshConfig. */
export type Normalization = 'DEFAULT' | 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';

/** A code for a letter, a digit or one of `-._~`, which Envoy writes as itself. */
const NEEDLESS_CODE = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;
/** Characters that Envoy replaces by their codes. */
const UNCODED = /["<>^`{|}]|[^\x21-\x7e]/u;
const CODED_SLASH = /%(?:2f|5c)/i;

/**
 * What normalized paths have in the place of a part of a value, so that no path is equal to it or starts with it; undefined where one may
 * be. `isWhole`: whether the value is a path to its end.
 */
export function lostInNormalization(value: string, isWhole: boolean, normalization: Normalization = 'DEFAULT'): string | undefined {
  if (normalization === 'NONE') return undefined;
  const [uncoded] = UNCODED.exec(value) ?? [];
  if (uncoded !== undefined) return `'${uncoded}' percent-encoded`;
  const [code] = NEEDLESS_CODE.exec(value) ?? [];
  if (code !== undefined) return `'${decodeURIComponent(code)}' instead of '${code}'`;
  if (value.includes('\\')) return 'slashes instead of backslashes';
  if ((isWhole ? /\/\.{1,2}(?:\/|$)/ : /\/\.{1,2}\//).test(value)) return 'no dot segments';
  const [slash] = normalization === 'DECODE_AND_MERGE_SLASHES' ? CODED_SLASH.exec(value) ?? [] : [];
  if (slash !== undefined) return `'/' instead of '${slash}'`;
  // A path of slashes alone keeps two.
  return normalization.endsWith('MERGE_SLASHES') && /\/\//.test(value) && /[^/]/.test(value) ? 'one slash instead of several' : undefined;
}

/** What is wrong with a value that is compared with normalized paths. */
export function normalizationProblem(value: string, isWhole: boolean, normalization?: Normalization): Objection {
  const written = lostInNormalization(value, isWhole, normalization);
  return written === undefined ? undefined
    : [`Envoy compares normalized paths, which have ${written}, so none matches '${value}'`, 'write the path in its normalized form'];
}
