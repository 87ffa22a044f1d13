import { conditionsOn } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

/** A code for a letter, a digit or one of `-._~`, which Envoy writes as itself. */
const NEEDLESS_CODE = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;
/** Characters that Envoy replaces by their codes. */
const UNCODED = /["<>^`{|}]|[^\x21-\x7e]/u;

/** What of a path does not survive Envoy's normalization; undefined if all of it may. */
function lost(value: string, isWhole: boolean): string | undefined {
  const [uncoded] = UNCODED.exec(value) ?? [];
  if (uncoded !== undefined) return `the code of '${uncoded}' in its place`;
  const [code] = NEEDLESS_CODE.exec(value) ?? [];
  if (code !== undefined) return `'${decodeURIComponent(code)}' for '${code}'`;
  if (value.includes('\\')) return 'slashes for backslashes';
  return (isWhole ? /\/\.{1,2}(?:\/|$)/ : /\/\.{1,2}\//).test(value) ? 'no dot segments' : undefined;
}

export const rule = defineRule({
  id: 'path-not-normalized',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A path condition is written as no normalized path is',
  effect: 'Envoy normalizes the path of each request before it compares it: dot segments, backslashes and codes. The route takes nothing.',
  check(object, report, index) {
    for (const { kind, value, path } of conditionsOn('uri', object, index)) {
      // Of a template in braces another rule tells.
      if (kind === 'regex' || /\{[\w-]*\}/.test(value)) continue;
      const written = lost(value, kind === 'exact');
      if (written === undefined) continue;
      report(path, `Envoy compares normalized paths, which have ${written}: nothing is '${value}'`,
        'write the path as it is after normalization');
    }
  },
});
