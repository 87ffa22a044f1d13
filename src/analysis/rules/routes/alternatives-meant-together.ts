import { TERM_FIELDS } from '../../../manifest/match-algebra';
import type { HttpConditionField } from '../../../traffic/match-fields';
import { HTTP_MATCH_FIELDS } from '../../../traffic/match-fields';
import { defineRule } from '../../rule';

/** Whether people mean conditions of a shape to hold together with others. */
const IS_MEANT_TOGETHER: { readonly [S in (typeof HTTP_MATCH_FIELDS)[HttpConditionField]['shape']]: boolean } = {
  'path': true,
  'string-match': true,
  'string-matches': true,
  'absences': true,
  'claims': true,
  'claim-absences': true,
  'labels': true,
  'port': false,
  'string': false,
};
const CONDITIONS: readonly string[] = TERM_FIELDS.filter(field => IS_MEANT_TOGETHER[HTTP_MATCH_FIELDS[field].shape]);

export const rule = defineRule({
  id: 'alternatives-meant-together',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'Each condition is an item of its own in a match list, so one of them is enough',
  effect: 'Envoy has a route for each item of the list, and any of them takes the request.',
  check(object, report) {
    object.spec?.http?.forEach(({ match: matches = [] }, r) => {
      const kinds = matches.map(match => Object.keys(match).filter(field => CONDITIONS.includes(field)).sort().join('+'));
      if (matches.length < 2 || new Set(kinds).size !== matches.length || kinds.some(kind => kind === '' || kind.includes('+'))) return;
      report(`spec.http[${r}].match`, `each condition (${kinds.join(', ')}) is an item of its own, so a request that meets one of `
        + 'them matches',
      'if all must hold, write them into one item of the list');
    });
  },
});
