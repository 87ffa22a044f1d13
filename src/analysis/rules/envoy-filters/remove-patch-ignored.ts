import type { PatchedPart } from '../../facts/patches';
import { patchesOf } from '../../facts/patches';
import { defineRule } from '../../rule';

/** The parts of Envoy's configuration for which istiod ignores REMOVE. */
const IGNORED: readonly PatchedPart[] = ['ROUTE_CONFIGURATION', 'EXTENSION_CONFIG', 'BOOTSTRAP'];

export const rule = defineRule({
  id: 'remove-patch-ignored',
  codes: ['IST0154'],
  severity: 'error',
  subjects: ['EnvoyFilter'],
  title: 'An EnvoyFilter removes a part that istiod never removes',
  effect: 'istiod ignores the patch. Nothing changes in Envoy\'s configuration.',
  check(object, report) {
    for (const { operation, applyTo, path } of patchesOf(object)) {
      if (operation !== 'REMOVE' || !IGNORED.includes(applyTo)) continue;
      report(path, `istiod ignores REMOVE for ${applyTo}`, 'remove the patch, or use MERGE to change fields of the part');
    }
  },
});
