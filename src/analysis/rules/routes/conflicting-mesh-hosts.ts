import { claimsOf, rivalsOf } from '../../facts/mesh-claims';
import { defineRule } from '../../rule';

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
      const { others, oldest } = rivals;
      if (others === 0) continue;
      const winner =
        oldest === object ? 'this one, without the entries of the others' : `${index.nameOf(oldest)}, and they ignore this one`;
      report(claim.path, `${rivals.beside(object, index)} ${others === 1 ? 'is' : 'are'} for '${claim.host}' too, and sidecars obey only `
        + `the oldest VirtualService per host: if all are the same age, ${winner}`,
      'put all entries of the host into one VirtualService, or use delegates; VirtualServices do not merge');
      return;
    }
  },
});
