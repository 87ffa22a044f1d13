import type { HttpCondition } from '../../facts/http-conditions';
import { httpConditions } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

/** Whether a regex is written as one that is searched for: from the beginning of the text, and open at the end. */
function looksForBeginning(regex: string): boolean {
  return /^\^.*[^$*+?.]$/.test(regex) && !/\.[*+]/.test(regex);
}

/** Whether a regex is a word without any sign of its own, for a header that holds more than one. */
function looksForWord({ field, name, value }: HttpCondition): boolean {
  return field === 'headers' && ['user-agent', 'cookie', 'accept', 'referer', 'authorization'].includes(name.toLowerCase())
    && !/[\\.^$*+?()[\]{}|]/.test(value);
}

export const rule = defineRule({
  id: 'regex-compared-whole',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A regex is written as a search, but Envoy compares it with the whole string',
  effect: 'Envoy compares a regex with the whole string. The route does not match longer strings.',
  check(object, report, index) {
    for (const condition of httpConditions(object, index)) {
      const { field, kind, value, path } = condition;
      if (kind !== 'regex' || (!looksForBeginning(value) && !looksForWord(condition))) continue;
      const what = field === 'uri' ? 'path' : 'value';
      report(path, `Envoy compares '${value}' with the whole ${what}, so that a ${what} that goes on does not match`,
        looksForBeginning(value) ? `write '${value}.*', or end it in '$' if nothing may follow` : `write '.*${value}.*'`);
    }
  },
});
