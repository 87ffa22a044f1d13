import { patchesOf } from '../../facts/patches';
import type { PatchOperation } from '../../facts/patches';
import { defineRule } from '../../rule';

/** The operations whose effect depends on the patches before them. */
const RELATIVE: readonly PatchOperation[] = ['INSERT_BEFORE', 'INSERT_AFTER', 'REPLACE', 'REMOVE'];

export const rule = defineRule({
  id: 'relative-patch-without-priority',
  codes: ['IST0151', 'IST0155'],
  severity: 'info',
  subjects: ['EnvoyFilter'],
  title: 'A patch depends on earlier patches, and the EnvoyFilter sets no priority',
  effect: 'istiod applies EnvoyFilters of one priority by age, the oldest first. If a younger one adds the filter that the patch is relative '
    + 'to, the patch has no effect.',
  check(object, report) {
    if ((object.spec?.priority ?? 0) !== 0) return;
    for (const { operation, path } of patchesOf(object)) {
      if (!RELATIVE.includes(operation)) continue;
      report(path, `${operation} depends on the patches before it, and EnvoyFilters without a priority apply by age`,
        'set priority: a patch with a higher one applies later');
    }
  },
});
