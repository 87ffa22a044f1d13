import { schemaVerdictOf } from './schema-verdict';
import type { Manifest } from '../../manifest/manifest';
import { pathText } from '../../manifest/provenance';
import { admissionJudgements } from '../admission/admission';
import type { Judgement } from '../admission/verdict';
import type { TrafficIndex } from '../traffic-index';

/** What istiod's admission webhook has against an object, beyond what its schema has. */
export function judgementsOf(object: Manifest, index: TrafficIndex): readonly Judgement[] {
  return index.memoOf(object, findJudgements);
}

function findJudgements(object: Manifest, index: TrafficIndex): readonly Judgement[] {
  const { problems, typed } = schemaVerdictOf(index.sourceOf(object), index);
  // Nothing can be said of values of the wrong type, and what the schema refuses is not reported again.
  if (!typed) return [];
  const refused = new Set(problems.map(problem => pathText(problem.path)));
  // The spec as written: the webhook judges unknown values of enums too.
  return admissionJudgements(object, index.sourceOf(object).spec, index.namespaceOf(object)).filter(({ path }) => !refused.has(path));
}
