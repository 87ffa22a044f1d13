import { byAge } from '../../../manifest/kubernetes-object';
import { claimsOf, rivalsOf } from '../../facts/mesh-claims';
import type { VirtualService } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import { areApart, callerOf, termsOf } from '../../terms';

/** Whether two VirtualServices never meet the same request: each of their routes is for other callers or ports. */
function haveOtherCallers(a: VirtualService, b: VirtualService): boolean {
  if ([a, b].some(({ spec: { tcp = [], tls = [] } = {} }) => tcp.length > 0 || tls.length > 0)) return false;
  const [mine, theirs] = [a, b].map(({ spec: { http = [] } = {} }) => http.flatMap(termsOf).map(callerOf));
  return mine.length > 0 && theirs.length > 0 && areApart(mine, theirs);
}

export const rule = defineRule({
  id: 'conflicting-mesh-hosts',
  codes: ['IST0109', 'KIA1106'],
  severity: 'error',
  subjects: ['VirtualService'],
  title: 'Two VirtualServices of the mesh are for one host',
  effect: 'A sidecar has one virtual host per host name, made from the older VirtualService alone. The routes of the other one do not '
    + 'exist for the host.',
  check(object, report, index) {
    for (const claim of claimsOf(object, index)) {
      const rivals = rivalsOf(claim, index);
      // The claim itself is one of them.
      if (rivals.length === 1) continue;
      const others = [...new Set(rivals.map(rival => rival.object))].filter(other => other !== object && !haveOtherCallers(object, other));
      if (others.length === 0) continue;
      const [first] = [object, ...others].sort(byAge);
      const names = others.map(other => index.nameOf(other)).join(', ');
      const winner = first === object ? 'this one, without the entries of the others' : `${index.nameOf(first)}, and they ignore this one`;
      report(claim.path, `${names} ${others.length === 1 ? 'is' : 'are'} for '${claim.host}' too, and sidecars obey only the oldest `
        + `VirtualService per host: if all are the same age, ${winner}`,
      'put all entries of the host into one VirtualService, or use delegates; VirtualServices do not merge');
      return;
    }
  },
});
