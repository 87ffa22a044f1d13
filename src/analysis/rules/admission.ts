import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { pathText } from '../../manifest/provenance';
import { admissionJudgements } from '../admission/admission';
import type { Judgement } from '../admission/verdict';
import { hasSchema, schemaVerdict } from '../schema/schema-check';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

const judgements = new WeakMap<KubernetesObject, readonly Judgement[]>();

function judgementsOf(object: KubernetesObject, index: TrafficIndex): readonly Judgement[] {
  let known = judgements.get(object);
  if (!known) judgements.set(object, known = admissionJudgements(object, index.namespaceOf(object)));
  return known;
}

/** Found once for the rules of this file. */
const ISTIO_OBJECTS = new WeakMap<TrafficIndex, readonly KubernetesObject[]>();

function istioObjects(index: TrafficIndex): readonly KubernetesObject[] {
  const known = ISTIO_OBJECTS.get(index) ?? index.objects.filter(({ apiVersion, kind }) => hasSchema(apiVersion, kind));
  ISTIO_OBJECTS.set(index, known);
  return known;
}

const schemaViolation: TrafficRule = {
  id: 'schema-violation',
  codes: ['IST0106'],
  severity: 'error',
  title: 'An object does not have the shape that its CRD asks for',
  check(index, report) {
    for (const object of istioObjects(index)) {
      for (const { path, cause, repair } of schemaVerdict(object).problems) {
        const text = pathText(path);
        report(object, text, `${text === '' ? 'it' : text} ${cause}`, repair);
      }
    }
  },
};

function judged(severity: 'error' | 'warning'): TrafficRule['check'] {
  return (index, report) => {
    for (const object of istioObjects(index)) {
      const { problems, typed } = schemaVerdict(object);
      // Values of the wrong type would say nothing; what the schema refuses need not be said twice.
      if (!typed) continue;
      for (const { severity: gravity, path, cause, repair } of judgementsOf(object, index)) {
        if (gravity === severity && !problems.some(problem => pathText(problem.path) === path)) report(object, path, `${path} ${cause}`, repair);
      }
    }
  };
}

const rejectedByAdmission: TrafficRule = {
  id: 'rejected-by-admission',
  codes: ['IST0106'],
  severity: 'error',
  title: 'istiod\'s admission webhook refuses an object',
  check: judged('error'),
};

const warnedByAdmission: TrafficRule = {
  id: 'warned-by-admission',
  codes: ['IST0133'],
  severity: 'warning',
  title: 'istiod\'s admission webhook takes an object with a warning',
  check: judged('warning'),
};

export const ADMISSION_RULES: readonly TrafficRule[] = [schemaViolation, rejectedByAdmission, warnedByAdmission];
