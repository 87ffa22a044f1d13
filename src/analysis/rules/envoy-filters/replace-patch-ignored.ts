import type { PatchedPart } from '../../facts/patches';
import { patchesOf } from '../../facts/patches';
import { defineRule } from '../../rule';

/** The parts of Envoy's configuration for which istiod ignores REPLACE. */
const IGNORED: readonly PatchedPart[] = ['LISTENER', 'FILTER_CHAIN', 'ROUTE_CONFIGURATION', 'HTTP_ROUTE', 'CLUSTER', 'EXTENSION_CONFIG', 'BOOTSTRAP'];

export const rule = defineRule({
  id: 'replace-patch-ignored',
  codes: ['IST0152'],
  severity: 'error',
  subjects: ['EnvoyFilter'],
  title: 'An EnvoyFilter replaces a part that istiod only merges',
  effect: 'istiod ignores the patch. Nothing changes in Envoy\'s configuration.',
  check(object, report) {
    for (const { operation, applyTo, path } of patchesOf(object)) {
      if (operation !== 'REPLACE' || !IGNORED.includes(applyTo)) continue;
      report(path, `istiod ignores REPLACE for ${applyTo}`, 'use MERGE, which sets the fields of the value');
    }
  },
});
