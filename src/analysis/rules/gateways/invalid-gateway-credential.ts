import { X509Certificate } from 'node:crypto';
import type { Secret } from '../../facts/gateway-credentials';
import { credentialsOf } from '../../facts/gateway-credentials';
import { defineRule } from '../../rule';

function valueOf({ data = {}, stringData = {} }: Secret, key: string): string | undefined {
  return Object.hasOwn(data, key) ? Buffer.from(data[key], 'base64').toString('latin1') : stringData[key];
}

function firstOf(secret: Secret, ...keys: readonly string[]): string | undefined {
  return keys.map(key => valueOf(secret, key)).find(value => value);
}

/** What is wrong with a Secret from which a server takes its certificate. */
function secretProblem(secret: Secret): string | undefined {
  const certificate = firstOf(secret, 'tls.crt', 'cert');
  if (certificate === undefined) return 'has no certificate under tls.crt';
  if (firstOf(secret, 'tls.key', 'key') === undefined) return 'has no private key under tls.key';
  try {
    const { validTo } = new X509Certificate(certificate);
    return Date.parse(validTo) < Date.now() ? `has a certificate that expired on ${validTo}` : undefined;
  } catch {
    return 'has no readable certificate under tls.crt (it must be PEM)';
  }
}

export const rule = defineRule({
  id: 'invalid-gateway-credential',
  codes: ['IST0161'],
  severity: 'error',
  subjects: ['Gateway'],
  needs: ['Secret', 'Workload'],
  title: 'The Secret of a Gateway has no valid certificate',
  effect: 'The listener gets no certificate: TLS handshakes fail.',
  check(object, report, index) {
    for (const { path, secret } of credentialsOf(object, index)) {
      const problem = secret && !index.isFact(secret) ? secretProblem(secret) : undefined;
      if (secret && problem !== undefined) {
        report(path, `Secret ${index.nameOf(secret)} ${problem}, so TLS connections fail`,
          'put a valid certificate and its key under tls.crt and tls.key of the Secret');
      }
    }
  },
});
