import { X509Certificate } from 'node:crypto';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Fields } from '../fields';
import { items } from '../fields';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

interface Named {
  readonly object: KubernetesObject;
  /** Where the gateway's pods run. */
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly secret: KubernetesObject | undefined;
}

/** The Secrets that Gateways' servers name, looked for where the gateway's pods run. */
function* credentials(index: TrafficIndex): Generator<Named> {
  const secrets = new Map(index.of('Secret').map(secret => [index.nameOf(secret), secret]));
  for (const object of index.of('Gateway')) {
    const namespace = index.gatewayNamespaces(object)?.[0];
    if (namespace === undefined) continue;
    for (const [s, server] of items(object.spec?.servers).entries()) {
      const name = server.tls?.credentialName;
      if (typeof name !== 'string' || name === '') continue;
      yield { object, namespace, name, path: `spec.servers[${s}].tls.credentialName`, secret: secrets.get(name.includes('/') ? name : `${namespace}/${name}`) };
    }
  }
}

/** `namespace/name` of the Secrets that other objects are told to make. */
function secretsToCome(index: TrafficIndex): ReadonlySet<string> {
  const named = (kind: string, nameOf: (object: KubernetesObject) => Fields) => (
    index.of(kind).map(object => `${index.namespaceOf(object)}/${nameOf(object) ?? object.metadata.name}`));
  return new Set([
    ...named('Certificate', ({ spec }) => spec?.secretName),
    ...named('ExternalSecret', ({ spec }) => spec?.target?.name),
    ...named('SealedSecret', ({ spec }) => spec?.template?.metadata?.name),
  ]);
}

const unknownCredential: TrafficRule = {
  id: 'unknown-gateway-credential',
  codes: ['IST0101'],
  severity: 'error',
  needs: ['Secret', 'Workload'],
  title: 'A Gateway names a Secret that is not where its pods run',
  check(index, report) {
    const toCome = secretsToCome(index);
    for (const { object, namespace, name, path, secret } of credentials(index)) {
      if (secret || toCome.has(name.includes('/') ? name : `${namespace}/${name}`)) continue;
      const elsewhere = index.of('Secret').find(({ metadata }) => metadata.name === name);
      report(object, path, `there is no Secret '${name}' in '${namespace}', where the gateway's pods run, so that TLS connections fail`,
        elsewhere ? `move Secret ${index.nameOf(elsewhere)} to '${namespace}'` : `add the Secret to '${namespace}' (not to the Gateway's own namespace)`);
    }
  },
};

function decoded(secret: KubernetesObject, key: string): string | undefined {
  const data: Fields = secret.data?.[key];
  if (typeof data === 'string') return Buffer.from(data, 'base64').toString('latin1');
  const text: Fields = secret.stringData?.[key];
  return typeof text === 'string' ? text : undefined;
}

/** What is wrong with a Secret that a server takes its certificate from. */
function secretProblem(secret: KubernetesObject): string | undefined {
  const [certificate, key] = [['tls.crt', 'cert'], ['tls.key', 'key']].map(names => names.map(name => decoded(secret, name)).find(text => text !== undefined && text !== ''));
  if (certificate === undefined) return 'has no certificate under tls.crt';
  if (key === undefined) return 'has no private key under tls.key';
  try {
    const { validTo } = new X509Certificate(certificate);
    return Date.parse(validTo) < Date.now() ? `has a certificate that ended on ${validTo}` : undefined;
  } catch {
    return 'has no readable certificate under tls.crt (PEM is wanted)';
  }
}

const invalidCredential: TrafficRule = {
  id: 'invalid-gateway-credential',
  codes: ['IST0161'],
  severity: 'error',
  needs: ['Secret', 'Workload'],
  title: 'A Gateway\'s Secret holds no valid certificate',
  check(index, report) {
    for (const { object, path, secret } of credentials(index)) {
      const problem = secret && secretProblem(secret);
      if (secret && problem !== undefined) report(object, path, `Secret ${index.nameOf(secret)} ${problem}, so that TLS connections fail`, 'put a valid certificate and its key into tls.crt and tls.key of the Secret');
    }
  },
};

/** Rules about the Secrets that Gateways name. */
export const GATEWAY_CREDENTIAL_RULES: readonly TrafficRule[] = [unknownCredential, invalidCredential];
