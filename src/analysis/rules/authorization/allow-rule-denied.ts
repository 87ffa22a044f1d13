import type { AuthorizationPolicy } from '../../../envoy/access/authorization-policies';
import { ClueIndex } from '../../../manifest/clue-index';
import { describeObject } from '../../../manifest/kubernetes-object';
import { labelClues, selects } from '../../../manifest/labels';
import { enforcedAction, rulesOf } from '../../facts/access-rules';
import { cluesOf, combinationsOf, comparable, covers, factsOf } from '../../facts/covered-alternatives';
import { namesTarget, selectorOf } from '../../facts/policy-pods';
import type { Alternative } from '../../facts/rule-alternatives';
import { alternativesOf } from '../../facts/rule-alternatives';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { inShort } from '../../words';

export const rule = defineRule({
  id: 'allow-rule-denied',
  codes: [],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  title: 'DENY policies deny everything that an ALLOW rule allows',
  effect: 'Envoy checks DENY policies first. No request gets in by the ALLOW rule.',
  check(object, report, index) {
    if (enforcedAction(object) !== 'ALLOW' || namesTarget(object)) return;
    rulesOf(object).forEach((stated, place) => {
      const alternatives = alternativesOf(stated, object)?.flatMap(combinationsOf).map(comparable);
      const denying = alternatives?.map(each => denialOf(each, object, index));
      if (!denying || denying.includes(undefined)) return;
      const names = [...new Set(denying.flatMap(policy => (policy ? [describeObject(policy)] : [])))];
      report(`spec.rules[${place}]`, `${inShort(names)} ${names.length === 1 ? 'denies' : 'deny'} everything that this rule allows, so it `
        + 'lets no request in', 'remove the rule, or add what it allows to the not… fields of the DENY rule');
    });
  },
});

/** What a DENY policy denies, among other things. */
interface Denial {
  readonly policy: AuthorizationPolicy;
  readonly alternative: Alternative;
}

/** A DENY policy for all pods of an ALLOW policy that denies all that one of its alternatives allows. */
function denialOf(alternative: Alternative, allowing: AuthorizationPolicy, index: TrafficIndex): AuthorizationPolicy | undefined {
  const denials = index.memo(denialsByNamespace);
  const facts = [...labelClues(selectorOf(allowing)).map(clue => ({ ...clue, place: labelPlace(clue.place) })), ...factsOf(alternative)];
  const holds = ({ policy, alternative: denied }: Denial) => (
    selects(selectorOf(policy), selectorOf(allowing)) && covers(denied, alternative));
  for (const namespace of new Set([index.namespaceOf(allowing), index.meshConfig.rootNamespace])) {
    const found = denials.get(namespace)?.first(facts, holds);
    if (found) return found.policy;
  }
  return undefined;
}

function denialsByNamespace(index: TrafficIndex): ReadonlyMap<string, ClueIndex<Denial>> {
  const found = new Map<string, ClueIndex<Denial>>();
  for (const policy of index.of('AuthorizationPolicy')) {
    if (enforcedAction(policy) !== 'DENY' || namesTarget(policy)) continue;
    const namespace = index.namespaceOf(policy);
    const own = found.get(namespace) ?? new ClueIndex<Denial>();
    found.set(namespace, own);
    const labels = labelClues(selectorOf(policy)).map(clue => [{ ...clue, place: labelPlace(clue.place) }]);
    for (const alternative of rulesOf(policy).flatMap(each => alternativesOf(each, policy)?.map(comparable) ?? [])) {
      own.add({ policy, alternative }, [...labels, ...cluesOf(alternative)]);
    }
  }
  return found;
}

function labelPlace(name: string): string {
  return `label ${name}`;
}
