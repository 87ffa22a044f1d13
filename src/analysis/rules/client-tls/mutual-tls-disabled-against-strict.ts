import type { AcceptedAtPort } from '../../facts/accepted-tls';
import { acceptedAt, portsUnder } from '../../facts/accepted-tls';
import { tlsSettingsOf } from '../../facts/client-tls';
import { hostPolicyOf } from '../../facts/host-policies';
import { labelsOfNamespace } from '../../facts/namespaces';
import { translatedMesh } from '../../facts/translated-mesh';
import { hasNoSidecar } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

export const rule = defineRule({
  id: 'mutual-tls-disabled-against-strict',
  codes: ['KIA0207', 'KIA0208'],
  severity: 'error',
  subjects: ['DestinationRule'],
  title: 'Callers send plaintext, or TLS without a certificate, to services that require mutual TLS',
  effect: 'Envoy sends plaintext, or no certificate. The server\'s proxy closes the connection: 503, flag UF.',
  check(object, report, index) {
    const stated = hostPolicyOf(object, index);
    if (!stated || !index.has('PeerAuthentication')) return;
    const settings = tlsSettingsOf(stated).filter(({ tls: { mode } }) => mode === 'DISABLE' || mode === 'SIMPLE');
    if (settings.length === 0) return;
    const wide = strictOfWildcard(stated.host, index);
    const ports = wide ? [] : acceptedAt(stated, index);
    for (const each of settings) {
      const [strict = wide] = portsUnder(each, stated, ports).filter(({ mode, policy }) => mode === 'STRICT' && policy);
      const isBare = each.tls.mode === 'SIMPLE';
      if (!strict?.policy || (strict === wide && isBare && strict.policy.spec?.portLevelMtls !== undefined)) continue;
      report(`${each.path}.mode`, `PeerAuthentication ${index.nameOf(strict.policy)} requires mutual TLS of callers of '${stated.host}', but `
        + `this mode sends ${isBare ? 'no client certificate' : 'plaintext'}: the server refuses the connections`,
      'remove tls (Istio then uses mutual TLS automatically), set ISTIO_MUTUAL, or make the PeerAuthentication PERMISSIVE',
      { absent: strict.absent });
    }
  },
});

/** What the pods of all hosts under a wildcard take, where mutual TLS is required of their callers. */
function strictOfWildcard(host: string, index: TrafficIndex): Pick<AcceptedAtPort, 'policy' | 'absent'> | undefined {
  const namespace = /^\*\.([^.]+)\.svc\./.exec(host)?.[1]
    ?? (['*', '*.local', `*.${index.clusterDomain}`].includes(host) ? index.meshConfig.rootNamespace : undefined);
  if (namespace === undefined || haveNoSidecar(namespace, index)) return undefined;
  const { peerAuthentications } = translatedMesh(index);
  const policy = peerAuthentications.decidingFor({ type: 'sidecar', namespace }, 0);
  if (policy === undefined || peerAuthentications.mode(namespace) !== 'STRICT') return undefined;
  const isNear = index.namespaceOf(policy) === namespace;
  return { policy, ...(!isNear && { absent: { kind: 'PeerAuthentication', namespaces: [namespace] } }) };
}

/** Whether the pods of a namespace are known to run without a sidecar and without ztunnel. */
function haveNoSidecar(namespace: string, index: TrafficIndex): boolean {
  const pods = index.workloads.in(namespace);
  const labels = labelsOfNamespace(namespace, index);
  return pods.length > 0 && labels?.['istio.io/dataplane-mode'] !== 'ambient' && pods.every(pod => hasNoSidecar(pod, labels));
}
