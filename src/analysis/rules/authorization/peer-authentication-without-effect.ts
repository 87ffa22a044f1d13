import { portsOfPods } from '../../facts/inbound-ports';
import { isWide, podsOfPolicy, scopeOf } from '../../facts/policy-pods';
import { defineRule } from '../../rule';
import { quotedList } from '../../words';

export const rule = defineRule({
  id: 'peer-authentication-without-effect',
  codes: [],
  severity: 'warning',
  subjects: ['PeerAuthentication'],
  title: 'A PeerAuthentication selects pods from the root namespace, or names a port that callers use',
  effect: 'Istio ignores a PeerAuthentication of the root namespace that selects pods, in every namespace. Keys of portLevelMtls are ports of '
    + 'the pods, not those of a Service or ServiceEntry. The mode of the wider PeerAuthentication applies.',
  check(object, report, index) {
    if (isWide(object)) return;
    if (scopeOf(object, index) === undefined) {
      report('spec.selector', 'a PeerAuthentication of the root namespace that selects pods has no effect',
        'move it to the namespace of the pods, or remove the selector to set the mode of the mesh');
      return;
    }
    const ports = podsOfPolicy(object, index).flatMap(pod => portsOfPods(pod, index));
    for (const stated of Object.keys(object.spec?.portLevelMtls ?? {})) {
      if (ports.some(({ target }) => target === Number(stated))) continue;
      const meant = [...new Set(ports.filter(({ number }) => number === Number(stated)).map(({ target }) => String(target)))];
      if (meant.length === 0) continue;
      report(`spec.portLevelMtls.${stated}`, `callers of the Service or ServiceEntry use port ${stated}, but its pods listen on `
        + `${quotedList(meant)}, so the mode applies to none of these calls`, `write ${meant[0]}`);
    }
  },
});
