import type { HttpOptions } from './http-options';
import { speaksHttp2 } from './http-options';
import { agentSecret, credential, MESH_AUTHORITIES, OWN_CERTIFICATE } from './secrets';
import type { ClientTLSSettings } from '../../manifest/istio-specs.generated';
import type { MeshConfig } from '../mesh-config';
import { typed } from '../message';
import type {
  CertificateValidationContext, CommonTlsContext, RawBuffer, TlsParameters, TransportSocketMatch, UpstreamTlsContext, UpstreamTransportSocket,
} from '../xds/transport-sockets';

const PARAMETERS: TlsParameters = Object.freeze({ tlsMinimumProtocolVersion: 'TLSv1_2', tlsMaximumProtocolVersion: 'TLSv1_3' });
const ALPN_IN_MESH = Object.freeze(['istio-peer-exchange', 'istio']);
const ALPN_IN_MESH_HTTP2 = Object.freeze(['istio-peer-exchange', 'istio', 'h2']);
const ALPN_HTTP2 = Object.freeze(['h2']);
const CLEAR_TEXT: TransportSocketMatch = Object.freeze({
  name: 'tlsMode-disabled',
  match: Object.freeze({}),
  transportSocket: Object.freeze({
    name: 'envoy.transport_sockets.raw_buffer',
    typedConfig: Object.freeze(typed<RawBuffer>('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer', {})),
  }),
});

/** What decides about the TLS of one cluster. */
export interface TlsContext {
  readonly stated: ClientTLSSettings | undefined;
  /** The server name that calls within the mesh ask for; a forward proxy takes that of each request. */
  readonly serverName: string | undefined;
  readonly clusterName: string;
  /** Names that the certificate may have, where the rule states none. */
  readonly subjectAltNames: readonly string[];
  /** Whether the other side may be known to take mutual TLS, so that istiod states it by itself. */
  readonly isAutomatic: boolean;
  /** Whether connections go where they went, so that one transport has to do for all of them. */
  readonly isOriginal: boolean;
  /** Whether a ServiceEntry states it. */
  readonly isServiceEntry: boolean;
  readonly isForwardProxy: boolean;
  /** Whether credentials may be named: on gateways, and by rules that select workloads. */
  readonly mayNameCredentials: boolean;
  readonly http: HttpOptions;
  readonly mesh: MeshConfig;
}

/** The transport of a cluster, and what TLS adds to its HTTP options. */
export interface Tls {
  readonly transportSocket?: UpstreamTransportSocket;
  readonly transportSocketMatches?: readonly TransportSocketMatch[];
  readonly upstreamHttpProtocolOptions?: HttpOptions['upstreamHttpProtocolOptions'];
  /** Whether Envoy has to be told that names and certificates need not be those of the requests. */
  readonly isInsecure?: boolean;
}

const NO_TLS: Tls = Object.freeze({});

export function upstreamTls(context: TlsContext): Tls {
  const { stated, subjectAltNames, serverName } = context;
  if (stated === undefined) {
    if (!context.isAutomatic) return NO_TLS;
    const socket = meshTls(context, subjectAltNames, serverName);
    if (context.isOriginal) return { transportSocket: socket };
    const mutual = { name: 'tlsMode-istio', match: { tlsMode: 'istio' }, transportSocket: socket };
    return { transportSocketMatches: [mutual, CLEAR_TEXT], ...(context.isForwardProxy ? automaticNames({}, true) : {}) };
  }
  switch (stated.mode ?? 'DISABLE') {
    case 'DISABLE': return NO_TLS;
    case 'ISTIO_MUTUAL': return {
      transportSocket: meshTls(context, isStated(stated.subjectAltNames) ? stated.subjectAltNames : subjectAltNames, stated.sni || serverName),
      ...(context.isForwardProxy ? automaticNames({ sni: stated.sni || serverName, insecureSkipVerify: stated.insecureSkipVerify }, true) : {}),
    };
    default: return originated(stated, context);
  }
}

function isStated(names: readonly string[] | undefined): names is readonly string[] {
  return names !== undefined && names.length > 0;
}

/** TLS with the certificates that Istio gives to every workload. */
function meshTls(
  { http, clusterName, isForwardProxy }: TlsContext, subjectAltNames: readonly string[], serverName: string | undefined,
): UpstreamTransportSocket {
  const sni = serverName || (isForwardProxy ? undefined : clusterName);
  return socketOf({
    tlsParams: PARAMETERS,
    alpnProtocols: speaksHttp2(http) ? ALPN_IN_MESH_HTTP2 : ALPN_IN_MESH,
    tlsCertificateSdsSecretConfigs: [OWN_CERTIFICATE],
    combinedValidationContext: { defaultValidationContext: matching(subjectAltNames), validationContextSdsSecretConfig: MESH_AUTHORITIES },
  }, sni);
}

/** SIMPLE and MUTUAL: TLS to servers with certificates of their own. */
function originated(tls: ClientTLSSettings, context: TlsContext): Tls {
  const { credentialName = '' } = tls;
  if (credentialName !== '' && !credentialName.startsWith('configmap://') && !context.mayNameCredentials) return NO_TLS;
  const names = isStated(tls.subjectAltNames) || !context.isServiceEntry ? tls.subjectAltNames ?? [] : context.subjectAltNames;
  const added = automaticNames(tls, context.isForwardProxy);
  const validation = credentialName === '' ? validatedByFiles(tls, names) : validatedByCredential(tls, credentialName, names);
  if (validation === undefined) return added;
  const { ecdhCurves, cipherSuites } = context.mesh.tlsDefaults ?? {};
  const tlsParams = ecdhCurves || cipherSuites
    ? { ...PARAMETERS, ...(isStated(cipherSuites) ? { cipherSuites } : {}), ...(isStated(ecdhCurves) ? { ecdhCurves } : {}) } : PARAMETERS;
  const alpn = speaksHttp2(context.http) ? { alpnProtocols: ALPN_HTTP2 } : {};
  return { ...added, transportSocket: socketOf({ tlsParams, ...alpn, ...validation }, tls.sni || undefined) };
}

/** Undefined where istiod leaves TLS out, since the certificate of the caller is missing. */
function validatedByFiles(tls: ClientTLSSettings, names: readonly string[]): CommonTlsContext | undefined {
  if (tls.mode === 'MUTUAL' && !(tls.clientCertificate && tls.privateKey)) return undefined;
  const own: CommonTlsContext = tls.mode === 'MUTUAL'
    ? { tlsCertificateSdsSecretConfigs: [agentSecret(`file-cert:${tls.clientCertificate}~${tls.privateKey}`)] } : {};
  if (tls.insecureSkipVerify) return { ...own, validationContext: {} };
  const crl = tls.caCrl ? { crl: { filename: tls.caCrl } } : {};
  const validationContextSdsSecretConfig = agentSecret(`file-root:${tls.caCertificates || 'system'}`);
  return { ...own, combinedValidationContext: { defaultValidationContext: { ...matching(names), ...crl }, validationContextSdsSecretConfig } };
}

function validatedByCredential(tls: ClientTLSSettings, name: string, names: readonly string[]): CommonTlsContext {
  const own: CommonTlsContext = tls.mode === 'MUTUAL' ? { tlsCertificateSdsSecretConfigs: [credential(name)] } : {};
  if (tls.insecureSkipVerify) return own;
  const validationContextSdsSecretConfig = credential(`${name}-cacert`);
  return { ...own, combinedValidationContext: { defaultValidationContext: matching(names), validationContextSdsSecretConfig } };
}

function matching(names: readonly string[]): CertificateValidationContext {
  return names.length === 0 ? {} : { matchSubjectAltNames: names.map(exact => ({ exact })) };
}

/** Where no server name is stated, Envoy takes that of the request; where no names of the certificate are either, it is checked for that one. */
function automaticNames({ sni, subjectAltNames, insecureSkipVerify }: ClientTLSSettings, isForwardProxy: boolean): Tls {
  const autoSni = !sni;
  const autoSanValidation = !insecureSkipVerify && (isForwardProxy || (autoSni && !isStated(subjectAltNames)));
  const insecure = isForwardProxy && !(autoSni && autoSanValidation) ? { isInsecure: true } : {};
  if (!autoSni && !autoSanValidation) return insecure;
  return { ...insecure, upstreamHttpProtocolOptions: { ...(autoSni ? { autoSni } : {}), ...(autoSanValidation ? { autoSanValidation } : {}) } };
}

function socketOf(commonTlsContext: CommonTlsContext, sni: string | undefined): UpstreamTransportSocket {
  const typedConfig = typed<UpstreamTlsContext>('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
    commonTlsContext, ...(sni === undefined ? {} : { sni }),
  });
  return { name: 'envoy.transport_sockets.tls', typedConfig };
}
