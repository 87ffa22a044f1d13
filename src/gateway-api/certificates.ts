import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { ManifestOf } from '../manifest/manifest';

/** Whether a Secret holds a certificate and its private key, as istiod reads them. */
export function hasKeyPair(secret: ManifestOf<'Secret'>): boolean {
  const pair = [['cert', 'key'], ['tls.crt', 'tls.key']].find(keys => keys.every(key => !!dataOf(secret, key)));
  if (pair === undefined) return false;
  try {
    return new X509Certificate(dataOf(secret, pair[0])!).checkPrivateKey(createPrivateKey(dataOf(secret, pair[1])!));
  } catch {
    return false;
  }
}

/** Whether a ConfigMap or a Secret has an entry with CA certificates. */
export function hasRoots(object: ManifestOf<'ConfigMap'> | ManifestOf<'Secret'>): boolean {
  return rootsOf(object) !== undefined;
}

/** Whether the CA certificates of a ConfigMap or a Secret are certificates. */
export function areRoots(object: ManifestOf<'ConfigMap'> | ManifestOf<'Secret'>): boolean {
  const blocks = rootsOf(object)?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.some(block => {
    try {
      return new X509Certificate(block).raw.length > 0;
    } catch {
      return false;
    }
  });
}

function rootsOf(object: ManifestOf<'ConfigMap'> | ManifestOf<'Secret'>): string | undefined {
  const valueOf = (key: string) => (object.kind === 'Secret' ? dataOf(object, key) : object.data?.[key]);
  return valueOf('cacert') || valueOf('ca.crt') || undefined;
}

function dataOf({ data, stringData }: ManifestOf<'Secret'>, key: string): string | undefined {
  return stringData?.[key] ?? (data?.[key] === undefined ? undefined : Buffer.from(data[key], 'base64').toString());
}
