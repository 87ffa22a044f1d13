import { acceptedAt, portsUnder } from '../../facts/accepted-tls';
import { tlsSettingsOf } from '../../facts/client-tls';
import { hostPolicyOf } from '../../facts/host-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'mutual-tls-against-disabled',
  codes: [],
  severity: 'error',
  subjects: ['DestinationRule'],
  needs: ['Service'],
  title: 'Callers start mutual TLS with pods that accept only plaintext',
  effect: 'Envoy starts a handshake. The pods read it as plaintext and close the connection: 503, flag UF.',
  check(object, report, index) {
    const stated = hostPolicyOf(object, index);
    const settings = stated ? tlsSettingsOf(stated).filter(({ tls: { mode } }) => mode === 'ISTIO_MUTUAL') : [];
    if (!stated || settings.length === 0) return;
    const ports = acceptedAt(stated, index).filter(({ mode }) => mode === 'DISABLE' || mode === 'no sidecar');
    for (const each of settings) {
      const [plain] = portsUnder(each, stated, ports);
      if (!plain) continue;
      const { policy, target, absent } = plain;
      const cause = policy ? `accept only plaintext (PeerAuthentication ${index.nameOf(policy)})` : 'have no sidecar';
      report(`${each.path}.mode`, `this mode starts mutual TLS, but the pods of '${stated.host}' ${cause} at port ${target}: no connection succeeds`,
        policy ? 'remove tls (Istio then uses what the pods accept), or make the PeerAuthentication PERMISSIVE'
          : 'remove tls (Istio then uses what the pods accept), or inject sidecars into the pods',
        { ...(policy && { absent }) });
    }
  },
});
