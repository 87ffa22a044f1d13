import { areRoots, hasKeyPair, hasRoots } from './certificates';
import type { StatedListener } from './listener';
import type { Problem } from './problem';
import { problem } from './problem';
import type { ReferenceGrants } from './reference-grants';
import { notPermitted } from './reference-grants';
import type { KindKey } from './references';
import { CONFIG_MAP, GATEWAY, LISTENER_SET, SECRET, kindOf } from './references';
import type { Referents } from './referents';
import type {
  FrontendTLSValidation, ObjectReference, SecretObjectReference, TLSConfig,
} from '../manifest/gateway-api-specs.generated';
import type { ServerTLSSettings } from '../manifest/istio-specs.generated';
import { isCipherSuite } from '../traffic/cipher-suites';

/** The TLS settings of a server. With a problem, the listener gets no configuration. */
export interface ListenerTls {
  readonly tls?: ServerTLSSettings;
  readonly problem?: Problem;
}

export interface TlsContext {
  readonly referents: Referents;
  readonly grants: ReferenceGrants;
  /** Whether Secrets and ConfigMaps that the input lacks exist with valid certificates. */
  readonly assumesCertificates: boolean;
}

const TERMINATE_MODE = 'gateway.istio.io/tls-terminate-mode';
const LISTENER_MODE = 'gateway.istio.io/listener-protocol';
const CIPHER_SUITES = 'gateway.istio.io/tls-cipher-suites';

export function listenerTls(stated: StatedListener, context: TlsContext): ListenerTls {
  const { listener } = stated;
  if (listener.tls === undefined) return {};
  const { mode = 'Terminate', options = {} } = listener.tls;
  if (mode === 'Passthrough') {
    return { tls: withCiphers({ mode: isAutoPassthrough(stated) ? 'AUTO_PASSTHROUGH' : 'PASSTHROUGH' }, options) };
  }
  const terminate = options[TERMINATE_MODE];
  if (terminate === 'ISTIO_SIMPLE') return { tls: { mode: 'SIMPLE', credentialName: 'builtin://' } };
  if (terminate === 'ISTIO_MUTUAL') return { tls: { mode: 'ISTIO_MUTUAL' } };
  const base = { mode: terminate === 'MUTUAL' || terminate === 'OPTIONAL_MUTUAL' ? terminate : 'SIMPLE' } as const;
  const refs = listener.tls.certificateRefs ?? [];
  if (refs.length > 2) return { tls: base, problem: problem('InvalidCertificateRef', 'a listener can have at most 2 certificates') };
  const found = refs.map(ref => credential(ref, stated, context));
  const [unusable] = found.filter(name => typeof name !== 'string');
  const names = found.map(name => (typeof name === 'string' ? name : ''));
  const usable = names.filter(name => name !== '').length;
  if (usable === 0) return { tls: base, ...unusable && { problem: unusable } };
  // With one usable certificate of two, istiod takes the first place, though it may be the other's.
  const tls: ServerTLSSettings = { ...base, ...usable > 1 ? { credentialNames: names } : names[0] !== '' && { credentialName: names[0] } };
  const validation = frontendOf(stated)?.validation;
  if (!validation?.caCertificateRefs?.length) return { tls: withCiphers(tls, options) };
  const roots = rootCredential(validation.caCertificateRefs, stated, context);
  if (typeof roots !== 'string') return { tls, problem: roots };
  return { tls: withCiphers({ ...tls, caCertCredentialName: roots, ...clientValidation(validation, terminate) }, options) };
}

function clientValidation({ mode }: FrontendTLSValidation, stated: string | undefined): Pick<ServerTLSSettings, 'mode' | 'insecureSkipVerify'> {
  if (stated === 'MUTUAL' || stated === 'OPTIONAL_MUTUAL') return { mode: stated, insecureSkipVerify: false };
  return mode === 'AllowInsecureFallback' ? { mode: 'OPTIONAL_MUTUAL', insecureSkipVerify: true }
    : { mode: 'MUTUAL', insecureSkipVerify: false };
}

function withCiphers(tls: ServerTLSSettings, options: { readonly [option: string]: string }): ServerTLSSettings {
  const stated = options[CIPHER_SUITES] ?? '';
  const suites = stated === '' ? [] : stated.split(',').map(suite => suite.trim()).filter(isCipherSuite);
  return suites.length === 0 ? tls : { ...tls, cipherSuites: [...new Set(suites)] };
}

function isAutoPassthrough({ listener, owner }: StatedListener): boolean {
  if (listener.tls?.options?.[LISTENER_MODE] === 'auto-passthrough') return true;
  const labels = owner.metadata.labels ?? {};
  if (labels['topology.istio.io/network'] === undefined) return false;
  return String(listener.port) === (labels['networking.istio.io/gatewayPort'] ?? '15443');
}

/** What a Gateway requires of the certificates of clients at a port. */
function frontendOf({ gateway, listener }: StatedListener): TLSConfig | undefined {
  const frontend = gateway.spec?.tls?.frontend;
  return (frontend?.perPort?.find(({ port }) => port === listener.port)?.tls) ?? frontend?.default;
}

function credential(
  ref: SecretObjectReference, stated: StatedListener, { referents, grants, assumesCertificates }: TlsContext,
): string | Problem {
  const own = stated.owner.metadata.namespace ?? '';
  const { name = '', namespace = own } = ref;
  if (kindOf(ref, SECRET) !== SECRET) return problem('InvalidCertificateRef', `the certificate ${name} is not a Secret`);
  const secret = referents.get('Secret', namespace, name);
  if (!secret && !assumesCertificates) {
    return problem('InvalidCertificateRef', `Secret ${namespace}/${name} does not exist`, { kind: 'Secret', namespace, name });
  }
  if (secret && !hasKeyPair(secret)) {
    return problem('InvalidCertificateRef', `Secret ${namespace}/${name} has no certificate with its private key`);
  }
  if (namespace !== own && !grants.allow({ kind: ownerKind(stated), namespace: own }, { kind: SECRET, namespace, name })) {
    return notPermitted(`Secret ${namespace}/${name}`, namespace);
  }
  return name.startsWith('builtin://') ? 'builtin://' : `kubernetes-gateway://${namespace}/${name}`;
}

/** The credential with the CA certificates that clients are validated with. */
function rootCredential(
  refs: readonly ObjectReference[], stated: StatedListener, { referents, grants, assumesCertificates }: TlsContext,
): string | Problem {
  if (refs.length > 1) return problem('InvalidCACertificateRef', 'only one caCertificateRef is supported');
  const own = stated.owner.metadata.namespace ?? '';
  const { name = '', namespace = own } = refs[0];
  const kind = kindOf(refs[0], '/');
  if (kind !== SECRET && kind !== CONFIG_MAP) {
    return problem('InvalidCACertificateKind', `the CA certificate ${name} is neither a ConfigMap nor a Secret`);
  }
  const what = `${kind.slice(1)} ${namespace}/${name}`;
  const object = referents.get(kind === SECRET ? 'Secret' : 'ConfigMap', namespace, name);
  if (!object && !assumesCertificates) {
    return problem('InvalidCACertificateRef', `${what} does not exist`, { kind: kind === SECRET ? 'Secret' : 'ConfigMap', namespace, name });
  }
  if (object && !(hasRoots(object) && areRoots(object))) return problem('InvalidCACertificateRef', `${what} has no CA certificate`);
  const from = { kind: ownerKind(stated), namespace: own };
  // istiod asks for a grant of the name with this suffix.
  const credentialName = `${name}-cacert`;
  if (namespace !== own && !grants.allow(from, { kind, namespace, name: credentialName })) {
    return notPermitted(what, namespace);
  }
  return `${kind === SECRET ? 'kubernetes-gateway' : 'configmap'}://${namespace}/${credentialName}`;
}

function ownerKind({ owner }: StatedListener): KindKey {
  return owner.kind === 'ListenerSet' ? LISTENER_SET : GATEWAY;
}
