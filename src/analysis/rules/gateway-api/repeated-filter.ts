import { defineRule } from '../../rule';

/** The types of which a rule may have several. */
const REPEATABLE: ReadonlySet<string | undefined> = new Set(['RequestMirror']);

export const rule = defineRule({
  id: 'repeated-filter',
  codes: [],
  severity: 'warning',
  subjects: ['HTTPRoute', 'GRPCRoute'],
  title: 'A rule has two filters of one type',
  effect: 'istiod keeps the last filter of a type, and drops the others.',
  check(object, report) {
    for (const [r, { filters = [] }] of (object.spec?.rules ?? []).entries()) {
      const types = (filters as readonly { readonly type?: string }[]).map(({ type }) => type);
      for (const [f, type] of types.entries()) {
        if (REPEATABLE.has(type) || !types.includes(type, f + 1)) continue;
        report(`spec.rules[${r}].filters[${f}]`, `a later filter of the rule is of type ${type} too, so istiod drops this one`,
          'merge the filters of one type');
      }
    }
  },
});
