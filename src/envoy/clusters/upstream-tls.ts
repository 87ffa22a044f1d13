import type { HttpOptions } from './http-options';
import { speaksHttp2 } from './http-options';
import { agentSecret, credential, MESH_AUTHORITIES, OWN_CERTIFICATE } from './secrets';
import type { ClientTLSSettings } from '../../manifest/istio-specs.generated';
import type { MeshConfig } from '../mesh-config';
import { typed } from '../message';
import type {
  CertificateValidationContext, CommonTlsContext, RawBuffer, TlsParameters, TransportSocketMatch, UpstreamTlsContext,
  UpstreamTransportSocket,
} from '../xds/transport-sockets';

const PARAMETERS: TlsParameters = Object.freeze({ tlsMinimumProtocolVersion: 'TLSv1_2', tlsMaximumProtocolVersion: 'TLSv1_3' });
const ALPN_IN_MESH = Object.freeze(['istio-peer-exchange', 'istio']);
const ALPN_IN_MESH_HTTP2 = Object.freeze(['istio-peer-exchange', 'istio', 'h2']);
const ALPN_HTTP2 = Object.freeze(['h2']);
/** The transport to endpoints without TLS. */
export const CLEAR_TEXT: TransportSocketMatch = Object.freeze({
  name: 'tlsMode-disabled',
  match: Object.freeze({}),
  transportSocket: Object.freeze({
    name: 'envoy.transport_sockets.raw_buffer',
    typedConfig: Object.freeze(typed<RawBuffer>('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer', {})),
  }),
});

/** What the TLS of one cluster depends on. */
export interface TlsContext {
  readonly stated: ClientTLSSettings | undefined;
  /** The SNI of calls within the mesh. Undefined for a forward proxy, which takes the host of each request. */
  readonly serverName: string | undefined;
  readonly clusterName: string;
  /** The subject alternative names that the certificate may have, if the DestinationRule sets none. */
  readonly subjectAltNames: readonly string[];
  /** Whether istiod sets mutual TLS by itself for endpoints that accept it. */
  readonly isAutomatic: boolean;
  /** Whether connections keep their original destination, so that all of them use one transport. */
  readonly isOriginal: boolean;
  /** Whether the service is a ServiceEntry's. */
  readonly isServiceEntry: boolean;
  readonly isForwardProxy: boolean;
  /** Whether istiod accepts `credentialName`: for gateways, and in a DestinationRule with a workloadSelector. */
  readonly mayNameCredentials: boolean;
  readonly http: HttpOptions;
  readonly mesh: MeshConfig;
}

/** The transport of a cluster, and the HTTP options that TLS adds. */
export interface Tls {
  readonly transportSocket?: UpstreamTransportSocket;
  readonly transportSocketMatches?: readonly TransportSocketMatch[];
  readonly upstreamHttpProtocolOptions?: HttpOptions['upstreamHttpProtocolOptions'];
  /** Whether Envoy requires the flag that SNI and certificate may differ from the request's host. */
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
  const sni = stated.sni || serverName;
  switch (stated.mode ?? 'DISABLE') {
    case 'DISABLE': return NO_TLS;
    case 'ISTIO_MUTUAL': return {
      transportSocket: meshTls(context, isStated(stated.subjectAltNames) ? stated.subjectAltNames : subjectAltNames, sni),
      ...(context.isForwardProxy ? automaticNames({ sni, insecureSkipVerify: stated.insecureSkipVerify }, true) : {}),
    };
    default: return originated(stated, context);
  }
}

function isStated(names: readonly string[] | undefined): names is readonly string[] {
  return names !== undefined && names.length > 0;
}

/** Mutual TLS with the certificates that Istio issues to workloads. */
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

/** SIMPLE and MUTUAL: TLS to servers whose certificates are not Istio's. */
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

/** Undefined if the client certificate is missing: istiod then leaves TLS out. */
function validatedByFiles(tls: ClientTLSSettings, names: readonly string[]): CommonTlsContext | undefined {
  if (tls.mode === 'MUTUAL' && !(tls.clientCertificate && tls.privateKey)) return undefined;
  const own: CommonTlsContext = tls.mode === 'MUTUAL'
    ? { tlsCertificateSdsSecretConfigs: [agentSecret(`file-cert:${tls.clientCertificate}~${tls.privateKey}`)] } : {};
  if (tls.insecureSkipVerify) return { ...own, validationContext: {} };
  const crl = tls.caCrl ? { crl: { filename: tls.caCrl } } : {};
  const validationContextSdsSecretConfig = agentSecret(`file-root:${tls.caCertificates || 'system'}`);
  const defaultValidationContext = { ...matching(names), ...crl };
  return { ...own, combinedValidationContext: { defaultValidationContext, validationContextSdsSecretConfig } };
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

/** Without `sni`, Envoy sends the host of the request. Without `subjectAltNames` as well, it requires that host in the certificate. */
function automaticNames({ sni, subjectAltNames, insecureSkipVerify }: ClientTLSSettings, isForwardProxy: boolean): Tls {
  const autoSni = !sni;
  const autoSanValidation = !insecureSkipVerify && (isForwardProxy || (autoSni && !isStated(subjectAltNames)));
  const insecure = isForwardProxy && !(autoSni && autoSanValidation) ? { isInsecure: true } : {};
  if (!autoSni && !autoSanValidation) return insecure;
  const upstreamHttpProtocolOptions = { ...(autoSni ? { autoSni } : {}), ...(autoSanValidation ? { autoSanValidation } : {}) };
  return { ...insecure, upstreamHttpProtocolOptions };
}

function socketOf(commonTlsContext: CommonTlsContext, sni: string | undefined): UpstreamTransportSocket {
  const typedConfig = typed<UpstreamTlsContext>('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
    commonTlsContext, ...(sni === undefined ? {} : { sni }),
  });
  return { name: 'envoy.transport_sockets.tls', typedConfig };
}
