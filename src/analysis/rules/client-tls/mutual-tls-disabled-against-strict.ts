import { groupBy } from '../../../manifest/group-by';
import type { Labels } from '../../../manifest/labels';
import { selects } from '../../../manifest/labels';
import type { ManifestOf } from '../../../manifest/manifest';
import type { Absent } from '../../absence';
import { tlsSettingsOf } from '../../facts/client-tls';
import { hostPolicyOf } from '../../facts/host-policies';
import { labelsOfNamespace } from '../../facts/namespaces';
import { isService } from '../../facts/registry';
import { hasNoSidecar } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

type PeerAuthentication = ManifestOf<'PeerAuthentication'>;

function peersByNamespace(index: TrafficIndex): ReadonlyMap<string, readonly PeerAuthentication[]> {
  return groupBy(index.of('PeerAuthentication'), object => index.namespaceOf(object));
}

/** The PeerAuthentication for a whole namespace. */
function wideIn(namespace: string, index: TrafficIndex): PeerAuthentication | undefined {
  return index.memo(peersByNamespace).get(namespace)?.find(({ spec }) => !spec?.selector?.matchLabels);
}

/** A PeerAuthentication that requires mutual TLS, unless the input lacks one that is nearer to the pods. */
interface Strict {
  readonly policy: PeerAuthentication;
  readonly absent?: Absent;
}

/** Pods: those with the labels of a selector, or all of a namespace. */
interface Home {
  readonly namespace: string;
  readonly selector?: Labels;
}

/** Whether pods are known to run without a sidecar and without ztunnel, one of which would require mutual TLS for them. */
function haveNoSidecar({ namespace, selector = {} }: Home, index: TrafficIndex): boolean {
  const pods = index.workloads.selectedBy(selector, namespace);
  const labels = labelsOfNamespace(namespace, index);
  return pods.length > 0 && labels?.['istio.io/dataplane-mode'] !== 'ambient' && pods.every(pod => hasNoSidecar(pod, labels));
}

/** The PeerAuthentication that requires mutual TLS of the callers of pods; undefined where none does. */
function strictFor({ namespace, selector }: Home, index: TrafficIndex): Strict | undefined {
  if (haveNoSidecar({ namespace, ...(selector && { selector }) }, index)) return undefined;
  const chosen = selector && index.memo(peersByNamespace).get(namespace)?.find(({ spec }) => (
    spec?.selector?.matchLabels && selects(spec.selector.matchLabels, selector)));
  const policy = chosen ?? wideIn(namespace, index) ?? wideIn(index.meshConfig.rootNamespace, index);
  if (policy?.spec?.mtls?.mode !== 'STRICT') return undefined;
  const isOwn = index.namespaceOf(policy) === namespace;
  return { policy, ...(!isOwn && { absent: { kind: 'PeerAuthentication', namespaces: [namespace] } }) };
}

/** Where the pods of a host are. */
function homesOf(host: string, index: TrafficIndex): readonly Home[] {
  const namespace = /^\*\.([^.]+)\.svc\./.exec(host)?.[1];
  if (namespace !== undefined) return [{ namespace }];
  if (host === '*' || host === '*.local' || host === `*.${index.clusterDomain}`) return [{ namespace: index.meshConfig.rootNamespace }];
  return index.registry.named(host).filter(isService);
}

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
    const strict = homesOf(stated.host, index).map(home => strictFor(home, index)).find(found => found !== undefined);
    if (!strict) return;
    const { policy, absent } = strict;
    for (const { tls: { mode }, path } of tlsSettingsOf(stated)) {
      // A policy that sets the mode of ports may accept other TLS at some.
      const isBare = mode === 'SIMPLE' && policy.spec?.portLevelMtls === undefined;
      if (mode !== 'DISABLE' && !isBare) continue;
      report(`${path}.mode`, `PeerAuthentication ${index.nameOf(policy)} requires mutual TLS of callers of '${stated.host}', but this mode `
        + `sends ${isBare ? 'no client certificate' : 'plaintext'}: the server refuses the connections`,
      'remove tls (Istio then uses mutual TLS by itself), set ISTIO_MUTUAL, or make the PeerAuthentication PERMISSIVE', { absent });
    }
  },
});
