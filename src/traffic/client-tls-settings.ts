import { acceptedArgument } from './accepted';
import { hostProblem } from './name';
import type { Problem } from './problem';

/**
 * The expected server.
 */
export interface ServerNameOptions {
  /**
   * The server name (SNI) to send. Requires `subjectAltNames`, because istiod does not verify the name in the certificate if `sni` is set.
   * @default - the Host of each request
   */
  readonly sni?: string;
  /**
   * Accepted names. The server's certificate must contain one of them.
   * @default - the Host of each request
   */
  readonly subjectAltNames?: string[];
}

/**
 * Options of TLS without a client certificate.
 */
export interface SimpleTlsOptions extends ServerNameOptions {
  /**
   * The file with the trusted CA certificates, in the container of the calling proxy.
   * @default - the CA certificates of the proxy's operating system
   */
  readonly caCertificates?: string;
  /**
   * The file with the certificate revocation list, in the container of the calling proxy. Cannot be combined with `credentialName`.
   * @default - none
   */
  readonly caCrl?: string;
  /**
   * The Secret with the certificates, in the namespace of the proxy, or `configmap://namespace/name` for a ConfigMap with trusted CA
   * certificates, in the namespace of the service. Replaces the files. A Secret requires `gatewaysOnly`.
   * @default - none
   */
  readonly credentialName?: string;
  /**
   * Confirms that only gateways use TLS: istiod sends Secrets only to gateways, and sidecars then call in *plaintext*. Required with a
   * Secret.
   * @default false
   */
  readonly gatewaysOnly?: boolean;
  /**
   * Accept every certificate, without verification.
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/**
 * Options of TLS with a client certificate: two files, or a Secret.
 */
export interface MutualTlsOptions extends SimpleTlsOptions {
  /**
   * The file with the client certificate, in the container of the calling proxy.
   * @default - the one in the Secret `credentialName`
   */
  readonly clientCertificate?: string;
  /**
   * The file with the private key, in the container of the calling proxy.
   * @default - the one in the Secret `credentialName`
   */
  readonly privateKey?: string;
}

/**
 * The TLS settings with which callers connect to a service. Without `sni`, the server name and the expected name in the certificate are the
 * Host of each request.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
 */
export class ClientTlsSettings {
  /** No TLS, not even the automatic mutual TLS of the mesh. */
  public static disable(): ClientTlsSettings {
    return new ClientTlsSettings('DISABLE', {});
  }

  /** TLS without a client certificate. */
  public static simple(options: SimpleTlsOptions = {}): ClientTlsSettings {
    options = acceptedArgument('ClientTlsSettings.simple', options);
    return new ClientTlsSettings('SIMPLE', options);
  }

  /** TLS with a client certificate. */
  public static mutual(options: MutualTlsOptions): ClientTlsSettings {
    options = acceptedArgument('ClientTlsSettings.mutual', options);
    return new ClientTlsSettings('MUTUAL', options);
  }

  /** Mutual TLS with the workload certificates of the mesh. The caller verifies the service account in the server's certificate. */
  public static istioMutual(options: ServerNameOptions = {}): ClientTlsSettings {
    options = acceptedArgument('ClientTlsSettings.istioMutual', options);
    return new ClientTlsSettings('ISTIO_MUTUAL', options);
  }

  /** @internal */
  public readonly _istio: { readonly [field: string]: unknown };
  /** @internal */
  public readonly _options: MutualTlsOptions;

  private constructor(
    /** Istio's mode: `DISABLE`, `SIMPLE`, `MUTUAL` or `ISTIO_MUTUAL`. */
    public readonly mode: string,
    options: MutualTlsOptions,
  ) {
    const { gatewaysOnly, ...fields } = options;
    this._options = options;
    this._istio = { mode, ...fields };
  }

  /** Whether callers use TLS with certificates other than those of the mesh. */
  public get originates(): boolean {
    return this.mode === 'SIMPLE' || this.mode === 'MUTUAL';
  }
}

const CONFIG_MAP = 'configmap://';
const FILES = ['caCertificates', 'caCrl', 'clientCertificate', 'privateKey'] as const;

/** The problem of TLS settings for a service in this namespace: what istiod would reject or ignore. */
export function clientTlsProblem(what: string, settings: ClientTlsSettings, namespace: string): Problem {
  const options = settings._options;
  const empty = Object.entries(options).find(
    ([, value]) => value === '' || (Array.isArray(value) && (value.length === 0 || value.includes(''))),
  );
  if (empty) return `${what}.${empty[0]} is empty; set it, or omit it`;
  return (options.sni === undefined ? undefined : hostProblem(`${what}.sni`, options.sni, { wildcard: false }))
    ?? (settings.originates ? originationProblem(what, settings, namespace) : undefined);
}

function originationProblem(what: string, { mode, _options: options }: ClientTlsSettings, namespace: string): Problem {
  const { sni, subjectAltNames, credentialName, insecureSkipVerify, clientCertificate, privateKey } = options;
  if (insecureSkipVerify) {
    const excluded = (['caCertificates', 'caCrl', 'subjectAltNames', ...(mode === 'SIMPLE' ? ['credentialName' as const] : [])] as const)
      .filter(field => options[field] !== undefined);
    if (excluded.length > 0) {
      return `${what}.insecureSkipVerify accepts every certificate, but ${excluded.join(', ')} is set too; omit one of them`;
    }
  } else if (sni !== undefined && !subjectAltNames) {
    return `${what}.sni is '${sni}' without subjectAltNames, so a certificate for any name would be accepted; set subjectAltNames: ['${sni}'], `
      + 'or omit sni to use the Host of each request';
  }
  if (credentialName !== undefined) return credentialProblem(what, mode, options, namespace);
  if (options.gatewaysOnly) return `${what}.gatewaysOnly is set without credentialName, but without a Secret sidecars use TLS too; omit it`;
  if (mode !== 'MUTUAL' || (clientCertificate !== undefined && privateKey !== undefined)) return undefined;
  const missing = [...(clientCertificate === undefined ? ['clientCertificate'] : []), ...(privateKey === undefined ? ['privateKey'] : [])];
  return `${what} is MUTUAL without ${missing.join(' and ')}; set clientCertificate and privateKey, or credentialName`;
}

function credentialProblem(what: string, mode: string, options: MutualTlsOptions, namespace: string): Problem {
  const credentialName = options.credentialName!;
  const files = FILES.filter(field => options[field] !== undefined);
  if (files.length > 0) return `${what}.credentialName is set together with ${files.join(', ')}, which Istio rejects; omit one of them`;
  if (credentialName.startsWith(CONFIG_MAP)) {
    const steps = credentialName.slice(CONFIG_MAP.length).split('/');
    if (mode === 'MUTUAL') {
      return `${what}.credentialName '${credentialName}' is a ConfigMap, which cannot contain a private key; use a Secret for MUTUAL`;
    }
    if (steps.length !== 2 || steps[0] !== namespace || steps[1] === '') {
      return `${what}.credentialName '${credentialName}' must be a ConfigMap in namespace '${namespace}'; use configmap://${namespace}/name`;
    }
    return options.gatewaysOnly ? `${what}.gatewaysOnly is set for a ConfigMap, which sidecars read too; omit it` : undefined;
  }
  return options.gatewaysOnly ? undefined
    : `${what}.credentialName '${credentialName}' is a Secret, which istiod sends only to gateways, so sidecars would call in plaintext; `
    + 'set gatewaysOnly: true if only gateways call, else use files or a ConfigMap of trusted CA certificates (configmap://namespace/name)';
}
