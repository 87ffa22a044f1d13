import type { Manifest } from '../../../manifest/manifest';
import { problemsOf } from '../../facts/gateway-api';
import { secretsToCome } from '../../facts/secrets-to-come';
import { defineRule } from '../../rule';

const ISSUERS = ['cert-manager.io/issuer', 'cert-manager.io/cluster-issuer'];

/** Whether cert-manager makes the certificates of an object. */
function hasIssuer({ metadata: { annotations = {} } }: Manifest): boolean {
  return ISSUERS.some(name => Object.hasOwn(annotations, name));
}

export const rule = defineRule({
  id: 'invalid-listener-certificate',
  codes: [],
  severity: 'error',
  subjects: ['KubernetesGateway', 'ListenerSet'],
  title: 'The certificate of a listener cannot be used',
  effect: 'istiod leaves out the listener: TLS handshakes fail.',
  check(object, report, index) {
    const reasons = ['InvalidCertificateRef', 'InvalidCACertificateRef', 'InvalidCACertificateKind', 'RefNotPermitted'] as const;
    for (const { path, message, status, absent } of problemsOf(object, reasons, index)) {
      if (!path.startsWith('spec.listeners')) continue;
      if (absent?.kind === 'Secret' && (hasIssuer(object) || index.memo(secretsToCome).has(absent.key))) continue;
      report(path, `${message}, so the gateway does not serve the listener; ${status}`,
        'name a Secret with a certificate and its key, in the namespace of the listener or with a ReferenceGrant', { absent });
    }
  },
});
