import type { PatchedPart } from '../../facts/patches';
import { patchesOf } from '../../facts/patches';
import { defineRule } from '../../rule';

/** The parts of Envoy's configuration for which istiod ignores ADD. */
const IGNORED: readonly PatchedPart[] = ['ROUTE_CONFIGURATION', 'BOOTSTRAP'];

export const rule = defineRule({
  id: 'add-patch-ignored',
  codes: ['IST0153'],
  severity: 'error',
  subjects: ['EnvoyFilter'],
  title: 'An EnvoyFilter adds a part that istiod only merges',
  effect: 'istiod ignores the patch. Nothing changes in Envoy\'s configuration.',
  check(object, report) {
    for (const { operation, applyTo, path } of patchesOf(object)) {
      if (operation !== 'ADD' || !IGNORED.includes(applyTo)) continue;
      report(path, `istiod ignores ADD for ${applyTo}`, 'use MERGE, which sets the fields of the value');
    }
  },
});
