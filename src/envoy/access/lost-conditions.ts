import type { RuleContext, RuleTerm } from './rule-field';
import { operationTerms, sourceTerms, termOf } from './rule-policy';
import type { AuthorizationRule } from '../../manifest/istio-specs.generated';
import type { Permission, Principal } from '../xds/rbac';

/** A condition of a rule that istiod cannot translate: one on requests for a TCP port, or one with a key that it cannot read. */
export interface LostCondition {
  /** The field or the key, such as `methods` or `request.headers[x]`. */
  readonly key: string;
  /** Its place in the rule. */
  readonly path: string;
}

/** The conditions of a rule that istiod cannot translate. They make an ALLOW rule void; rules of other actions match without them. */
export function lostConditions({ from = [], to = [], when = [] }: AuthorizationRule, context: RuleContext): readonly LostCondition[] {
  const lostIn = (terms: readonly RuleTerm<Permission | Principal>[], place: string) => (
    terms.filter(term => isLost(term, context)).map(({ key, values }) => ({ key, path: `${place}.${values.length > 0 ? key : negated(key)}` })));
  return [
    ...from.flatMap(({ source }, i) => lostIn(sourceTerms(source), `from[${i}].source`)),
    ...to.flatMap(({ operation }, i) => lostIn(operationTerms(operation), `to[${i}].operation`)),
    ...when.flatMap((condition, i) => {
      const { permission, principal } = termOf(condition) ?? {};
      const term = permission ?? principal;
      return term && isLost(term, context) ? [{ key: condition.key ?? '', path: `when[${i}].key` }] : [];
    }),
  ];
}

function isLost({ field, key, values, notValues }: RuleTerm<Permission | Principal>, context: RuleContext): boolean {
  return [values, notValues].some(stated => stated.length > 0 && ('all' in field
    ? field.all(stated, context, key) === undefined
    : stated.some(value => field.one(value, context, key) === undefined)));
}

function negated(key: string): string {
  return `not${key[0].toUpperCase()}${key.slice(1)}`;
}
