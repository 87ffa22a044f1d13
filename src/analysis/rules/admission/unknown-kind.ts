import { unknownKind } from '../../../edge/unknown-kind';
import { defineRule } from '../../rule';
import { UNKNOWN_OBJECT } from '../../subject';

export const rule = defineRule({
  id: 'unknown-kind',
  codes: [],
  severity: 'error',
  subjects: [UNKNOWN_OBJECT],
  title: 'An object is of a kind or version that no cluster knows',
  effect: 'The API server rejects the object, so it has no effect.',
  check(object, report) {
    const { path, cause, repair } = unknownKind(object)!;
    report(path, cause, repair);
  },
});
