// Prints which cases a bump leaves to decide. It loads the translator, which fails if a message that it reads left the CRDs.
import { UNDECIDED } from './steps';
import { tell } from './tell';
import { cases } from '../../conformance/cases';
import { describeDifference, differences } from '../../conformance/difference';
import { readGolden } from '../../conformance/golden';
import { mismatches, ourAnswers, RESOURCES } from '../../conformance/translation';

/** Expectations of cases that the new goldens do not meet. */
function failingStatements(): string[] {
  return cases.flatMap(({ name, states }) => {
    const golden = readGolden(name);
    if (!golden) return [`${name}: no golden`];
    return states.flatMap(([stated, { proxy, what, find }, envoy]) => differences(envoy, find(golden.answer[proxy]), { part: true })
      .map(each => `${name}: ${stated} (${what}): ${describeDifference(each)}`));
  });
}

/** What our translator translates differently than the new Istio. */
function failingTranslations(): string[] {
  return cases.flatMap(each => {
    const golden = readGolden(each.name);
    if (!golden) return [];
    const ours = ourAnswers({ ...each, manifests: golden.input });
    return each.proxies.flatMap(({ name }) => RESOURCES.flatMap(resource => mismatches(resource, golden.answer[name], ours.get(name))
      .map(difference => `${each.name}: ${name}: ${resource}: ${describeDifference(difference)}`)));
  });
}

tell(UNDECIDED.statements, failingStatements());
tell(UNDECIDED.translations, failingTranslations());
console.log(`\n${UNDECIDED.always}`);
