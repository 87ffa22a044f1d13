import { gatewaysIn, gatewaysOf } from '../../facts/gateways';
import { isDelegate, isForMesh, matchesIn, MESH } from '../../facts/virtual-services';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unbound-match-gateway',
  codes: ['KIA1102'],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A match names a Gateway that is not in the gateways of its VirtualService',
  effect: 'The match is in no proxy\'s routes.',
  check(object, report, index) {
    if (isDelegate(object)) return;
    const bound = new Set(gatewaysOf(object, index).map(({ key }) => key));
    for (const { match: { gateways = [] }, path } of matchesIn(object)) {
      const at = `${path}.gateways`;
      if (gateways.includes(MESH) && !isForMesh(object)) {
        report(at, 'this match is for the mesh, but spec.gateways does not name it', 'add \'mesh\' to spec.gateways, or remove it here');
      }
      for (const { key, written, path: named } of gatewaysIn(gateways, index.namespaceOf(object), at, index)) {
        if (bound.has(key)) continue;
        report(named, `this match is for Gateway '${key}', but spec.gateways does not name it, so the match takes nothing there`,
          `add '${written}' to spec.gateways, or remove it here`);
      }
    }
  },
});
