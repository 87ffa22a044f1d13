import { hostProblem } from './name';
import type { Problem } from './problem';

/**
 * What server is expected.
 */
export interface ServerNameOptions {
  /**
   * The server name (SNI) that is asked for. Beside it `subjectAltNames` has to be stated, since istiod no longer checks the certificate's name by
   * itself where it is.
   * @default - the Host of each request
   */
  readonly sni?: string;
  /**
   * Names, one of which has to be in the server's certificate.
   * @default - the Host of each request
   */
  readonly subjectAltNames?: string[];
}

/**
 * TLS without a certificate of the caller's own.
 */
export interface SimpleTlsOptions extends ServerNameOptions {
  /**
   * The file of certificates that are trusted, in the calling proxy's container.
   * @default - those that the operating system of the proxy trusts
   */
  readonly caCertificates?: string;
  /**
   * The file of revoked certificates, in the calling proxy's container. Not beside `credentialName`.
   * @default - none
   */
  readonly caCrl?: string;
  /**
   * The Secret with the certificates, in the proxy's namespace, or `configmap://namespace/name` for a ConfigMap of trusted ones in
   * the namespace of the service. In place of files. A Secret needs `gatewaysOnly`.
   * @default - none
   */
  readonly credentialName?: string;
  /**
   * Says that only gateways call in TLS: istiod gives Secrets to gateways alone, and sidecars then call in *clear text*. Required beside a Secret.
   * @default false
   */
  readonly gatewaysOnly?: boolean;
  /**
   * Take every certificate, of whomever.
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/**
 * TLS with a certificate of the caller's own: two files, or a Secret.
 */
export interface MutualTlsOptions extends SimpleTlsOptions {
  /**
   * The file of the caller's certificate, in the calling proxy's container.
   * @default - in the Secret `credentialName`
   */
  readonly clientCertificate?: string;
  /**
   * The file of the certificate's key, in the calling proxy's container.
   * @default - in the Secret `credentialName`
   */
  readonly privateKey?: string;
}

/**
 * The TLS that callers speak to a service. Without `sni`, the server name and the name that its certificate is checked for follow the Host of each
 * request.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings
 */
export class ClientTlsSettings {
  /** No TLS, automatic mutual TLS of the mesh included. */
  public static disable(): ClientTlsSettings {
    return new ClientTlsSettings('DISABLE', {});
  }

  /** TLS without a certificate of the caller's own. */
  public static simple(options: SimpleTlsOptions = {}): ClientTlsSettings {
    return new ClientTlsSettings('SIMPLE', options);
  }

  /** TLS with a certificate of the caller's own. */
  public static mutual(options: MutualTlsOptions): ClientTlsSettings {
    return new ClientTlsSettings('MUTUAL', options);
  }

  /** The mesh's own mutual TLS, by the certificates that Istio gives to workloads. The peer's certificate is checked for its service accounts. */
  public static istioMutual(options: ServerNameOptions = {}): ClientTlsSettings {
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

  /** Whether callers encrypt to a server outside of the mesh's own identities. */
  public get originates(): boolean {
    return this.mode === 'SIMPLE' || this.mode === 'MUTUAL';
  }
}

const CONFIG_MAP = 'configmap://';
const FILES = ['caCertificates', 'caCrl', 'clientCertificate', 'privateKey'] as const;

/** What istiod would reject or ignore of TLS settings for a service of this namespace, if anything. */
export function clientTlsProblem(what: string, settings: ClientTlsSettings, namespace: string): Problem {
  const options = settings._options;
  const empty = Object.entries(options).find(([, value]) => value === '' || (Array.isArray(value) && (value.length === 0 || value.includes(''))));
  if (empty) return `${what}.${empty[0]} is empty; state it, or leave it out`;
  return (options.sni === undefined ? undefined : hostProblem(`${what}.sni`, options.sni, { wildcard: false }))
    ?? (settings.originates ? originationProblem(what, settings, namespace) : undefined);
}

function originationProblem(what: string, { mode, _options: options }: ClientTlsSettings, namespace: string): Problem {
  const { sni, subjectAltNames, credentialName, insecureSkipVerify, clientCertificate, privateKey } = options;
  if (insecureSkipVerify) {
    const excluded = (['caCertificates', 'caCrl', 'subjectAltNames', ...(mode === 'SIMPLE' ? ['credentialName' as const] : [])] as const)
      .filter(field => options[field] !== undefined);
    if (excluded.length > 0) return `${what}.insecureSkipVerify takes every certificate, beside ${excluded.join(', ')}; leave one of both out`;
  } else if (sni !== undefined && !subjectAltNames) {
    return `${what}.sni is '${sni}' without subjectAltNames, so that a certificate of any name would be taken; state subjectAltNames: ['${sni}'], `
      + 'or leave sni out for the Host of each request';
  }
  if (credentialName !== undefined) return credentialProblem(what, mode, options, namespace);
  if (options.gatewaysOnly) return `${what}.gatewaysOnly is stated without credentialName, so that sidecars call in TLS as well; leave it out`;
  if (mode !== 'MUTUAL' || (clientCertificate !== undefined && privateKey !== undefined)) return undefined;
  const missing = [...(clientCertificate === undefined ? ['clientCertificate'] : []), ...(privateKey === undefined ? ['privateKey'] : [])];
  return `${what} is MUTUAL without ${missing.join(' and ')}; state clientCertificate and privateKey, or a credentialName`;
}

function credentialProblem(what: string, mode: string, options: MutualTlsOptions, namespace: string): Problem {
  const credentialName = options.credentialName!;
  const files = FILES.filter(field => options[field] !== undefined);
  if (files.length > 0) return `${what}.credentialName is stated beside ${files.join(', ')}, which Istio rejects; use the one or the other`;
  if (credentialName.startsWith(CONFIG_MAP)) {
    const steps = credentialName.slice(CONFIG_MAP.length).split('/');
    if (mode === 'MUTUAL') return `${what}.credentialName '${credentialName}' is a ConfigMap, which holds no key; use a Secret for MUTUAL`;
    if (steps.length !== 2 || steps[0] !== namespace || steps[1] === '') {
      return `${what}.credentialName '${credentialName}' has to be a ConfigMap of namespace '${namespace}'; use configmap://${namespace}/name`;
    }
    return options.gatewaysOnly ? `${what}.gatewaysOnly is stated beside a ConfigMap, which sidecars read as well; leave it out` : undefined;
  }
  return options.gatewaysOnly ? undefined
    : `${what}.credentialName '${credentialName}' is a Secret, which istiod gives to gateways alone, so that sidecars would call in clear text; `
    + 'state gatewaysOnly: true if only a gateway calls, else use files or a ConfigMap of trusted certificates (configmap://namespace/name)';
}
