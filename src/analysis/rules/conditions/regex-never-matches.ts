import type { Field } from '../../../proof/condition';
import { isEverMatched } from '../../../proof/regex-members';
import { beginsWithoutSlash, needsQuery } from '../../../traffic/path-regex';
import type { ConditionField, HttpCondition } from '../../facts/http-conditions';
import { httpConditions } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

/** The part of a request that a condition is about, as proofs name it; undefined where values in other characters than ASCII's count. */
const PROVEN: { readonly [F in ConditionField]: (condition: HttpCondition) => Field | undefined } = {
  uri: ({ value }) => (beginsWithoutSlash(value) || needsQuery(value) ? undefined : 'path'),
  method: () => 'method',
  scheme: () => undefined,
  authority: () => undefined,
  headers: ({ name }) => (name.startsWith(':') ? undefined : `header ${name.toLowerCase()}`),
  withoutHeaders: () => undefined,
  queryParams: ({ name }) => `parameter ${name}`,
};

/** Whether a regex is of printable ASCII alone, and matches nothing else but through a dot: proofs are about such values. */
function isOfAscii(regex: string): boolean {
  return /^[ -~]*$/.test(regex) && !/\[\^|\\[xpPDWSCQ0-9]|\[:\^/.test(regex);
}

/** A `^` behind the start, or a `$` before the end, neither escaped nor in brackets. */
function misplacedAnchor(regex: string): string | undefined {
  const plain = regex.replace(/\\./gs, '..').replace(/\[[^\]]*\]/g, text => '.'.repeat(text.length));
  if (plain.lastIndexOf('^') > 0) return '^';
  const end = plain.indexOf('$');
  return end >= 0 && end < plain.length - 1 ? '$' : undefined;
}

export const rule = defineRule({
  id: 'regex-never-matches',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A regex matches no value that a request can have',
  effect: 'The route takes nothing. Without another route: 404, flag NR.',
  check(object, report, index) {
    // Without normalization, a path has any characters.
    const keepsPaths = index.meshConfig.pathNormalization?.normalization === 'NONE';
    for (const condition of httpConditions(object, index)) {
      const { field, kind, value, path } = condition;
      if (kind !== 'regex' || !isOfAscii(value) || (field === 'uri' && keepsPaths)) continue;
      const what = PROVEN[field](condition);
      if (what === undefined || isEverMatched(what, value) !== false) continue;
      const anchor = misplacedAnchor(value);
      const place = anchor === '^' ? 'start' : 'end';
      // Envoy writes a '^' of a path as its code.
      const character = anchor === '^' && field === 'uri' ? '%5E' : `\\${anchor}`;
      report(path, `no ${field === 'uri' ? 'path' : 'value'} matches the regex '${value}': this match takes nothing`,
        anchor === undefined
          ? 'correct the regex'
          : `remove '${anchor}', which stands for the ${place} of the string, or write '${character}' for the character`);
    }
  },
});
