import { pathText } from '../../../manifest/provenance';
import { schemaVerdictOf } from '../../facts/schema-verdict';
import { defineRule } from '../../rule';
import { ISTIO_OBJECT } from '../../subject';

export const rule = defineRule({
  id: 'schema-violation',
  codes: ['IST0106'],
  severity: 'error',
  subjects: [ISTIO_OBJECT],
  title: 'An object does not match the schema of its CRD',
  effect: 'Envoy never gets the object or the field: the API server rejects the object, or drops the unknown field.',
  check(object, report, index) {
    for (const { path, cause, repair } of schemaVerdictOf(index.sourceOf(object), index).problems) {
      const text = pathText(path);
      report(text, `${text === '' ? 'it' : text} ${cause}`, repair);
    }
  },
});
