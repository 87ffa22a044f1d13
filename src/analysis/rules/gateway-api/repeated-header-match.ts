import { defineRule } from '../../rule';

/** The values of a match that istiod keeps by name. */
interface Named {
  readonly name?: string;
}

/** The place of the first of two values with one name; undefined if all names differ. */
function repeated(values: readonly Named[]): number | undefined {
  const names = values.map(({ name }) => name);
  const place = names.findIndex((name, i) => names.includes(name, i + 1));
  return place < 0 ? undefined : place;
}

export const rule = defineRule({
  id: 'repeated-header-match',
  codes: [],
  severity: 'warning',
  subjects: ['HTTPRoute', 'GRPCRoute'],
  title: 'A match names one header or query parameter twice',
  effect: 'istiod keeps the last condition of a name, though the Gateway API says that the first one counts.',
  check(object, report) {
    for (const [r, { matches = [] }] of (object.spec?.rules ?? []).entries()) {
      for (const [m, match] of matches.entries()) {
        for (const field of ['headers', 'queryParams'] as const) {
          const values: readonly Named[] = (match as { readonly [name: string]: unknown })[field] as readonly Named[] | undefined ?? [];
          const place = repeated(values);
          if (place === undefined) continue;
          report(`spec.rules[${r}].matches[${m}].${field}[${place}]`, `'${values[place].name}' has a later condition in the same match, so `
            + 'istiod drops this one', 'keep one condition for each name');
        }
      }
    }
  },
});
