import { enforcedAction } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { OF_IDENTITY } from '../../facts/identity-attributes';
import { proxyOf } from '../../facts/inbound-ports';
import { podsOfPolicy } from '../../facts/policy-pods';
import { hasApplicationSidecar } from '../../facts/sidecar-pods';
import { translatedMesh } from '../../facts/translated-mesh';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

export const rule = defineRule({
  id: 'identity-without-mutual-tls',
  codes: ['KIA0105'],
  severity: 'error',
  subjects: ['AuthorizationPolicy'],
  needs: ['Workload'],
  title: 'A rule requires an identity of callers, but the pods accept no mutual TLS',
  effect: 'A caller shows its identity in the certificate of mutual TLS. In plaintext it has none: conditions on identities match no call, '
    + 'and negated ones, such as notPrincipals, exclude none.',
  check(object, report, index) {
    if (enforcedAction(object) === undefined) return;
    const asked = attributesOf(object).filter(({ key }) => OF_IDENTITY.has(key));
    if (asked.length === 0) return;
    const pods = podsOfPolicy(object, index);
    if (pods.length === 0 || !index.memoOf(pods, takeNoMutualTls)) return;
    for (const { key, values, path, notPath } of asked) {
      report(values.length > 0 ? path : notPath, `'${key}' compares the certificate of the caller, but the selected pods accept only plaintext `
        + `(PeerAuthentication DISABLE), so ${values.length > 0 ? 'no call meets it' : 'it excludes no caller'}`,
      'set mode STRICT or PERMISSIVE in the PeerAuthentication of these pods',
      { absent: { kind: 'PeerAuthentication', namespaces: [...new Set(pods.map(({ namespace }) => namespace))] } });
    }
  },
});

/** Whether the sidecars of pods take mutual TLS at no port. */
function takeNoMutualTls(pods: readonly Workload[], index: TrafficIndex): boolean {
  const { peerAuthentications } = translatedMesh(index);
  return pods.every(pod => {
    if (!hasApplicationSidecar(pod, index)) return false;
    const { mode, byPort } = peerAuthentications.of(proxyOf(pod));
    return [mode, ...byPort.values()].every(each => each === 'DISABLE');
  });
}
