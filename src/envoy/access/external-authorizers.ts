import type { ExtensionProvider } from '../mesh-config';
import type { MeshServices } from '../mesh-services';
import { message, typed } from '../message';
import type { ProviderCluster } from '../telemetry/telemetries';
import { providerCluster } from '../telemetry/telemetries';
import type { ExtAuthzBufferSettings, ExtAuthzHttpService, HttpExtAuthz, NetworkExtAuthz } from '../xds/ext-authz';
import type { ListStringMatcher, StringMatcher } from '../xds/matcher';
import { durationOf } from '../xds/proto-values';
import { ENVOY_STATUS } from '../xds/status-code';

type HttpProvider = NonNullable<ExtensionProvider['envoyExtAuthzHttp']>;
type GrpcProvider = NonNullable<ExtensionProvider['envoyExtAuthzGrpc']>;

/** The filters that ask an external authorizer. One that speaks HTTP takes no connections. */
export interface ExternalAuthorizer {
  readonly http: HttpExtAuthz;
  readonly tcp?: NetworkExtAuthz;
}

/** How long Envoy waits for an authorizer that states no timeout. */
const TIMEOUT = '600s';

/** The external authorizers of a mesh, by name. Those that istiod refuses are left out. */
export function externalAuthorizers(mesh: MeshServices): ReadonlyMap<string, ExternalAuthorizer> {
  const found = new Map<string, ExternalAuthorizer | undefined>();
  for (const { name = '', envoyExtAuthzHttp: http, envoyExtAuthzGrpc: grpc } of mesh.meshConfig.extensionProviders) {
    if (!http && !grpc) continue;
    const stated = http ?? grpc!;
    const to = isPort(stated.port) ? providerCluster(mesh, stated) : undefined;
    const isAccepted = to !== undefined && !found.has(name) && isProviderName(name) && isStatus(stated.statusOnError);
    found.set(name, !isAccepted ? undefined : http ? httpAuthorizer(http, to) : grpcAuthorizer(grpc!, to));
  }
  return new Map([...found].flatMap(([name, authorizer]) => (authorizer ? [[name, authorizer]] : [])));
}

function isPort(port = 0): boolean {
  return port >= 1 && port <= 65535;
}

function isProviderName(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
}

function isStatus(status = ''): boolean {
  return status === '' || (/^[+-]?\d+$/.test(status) && Object.hasOwn(ENVOY_STATUS, String(Number(status))));
}

function statusOf(status = ''): HttpExtAuthz['statusOnError'] {
  return status === '' ? undefined : message({ code: Number(status) === 0 ? undefined : ENVOY_STATUS[String(Number(status))] });
}

/** Undefined for a provider with a path or a header that istiod refuses. */
function httpAuthorizer(stated: HttpProvider, { host, cluster }: ProviderCluster): ExternalAuthorizer | undefined {
  const {
    pathPrefix = '', includeRequestHeadersInCheck: headers = [], includeHeadersInCheck: older = [],
    includeAdditionalHeadersInCheck: added = {},
    headersToUpstreamOnAllow: upstream = [], headersToDownstreamOnDeny: denied = [], headersToDownstreamOnAllow: allowed = [],
  } = stated;
  const isPath = pathPrefix === '' || (pathPrefix.startsWith('/') && !/%(?![0-9a-fA-F]{2})|[\0-\x1f\x7f]/.test(pathPrefix));
  if (!isPath || [headers, older, denied, allowed, upstream].some(names => names.includes('*'))) return undefined;
  const headersToAdd = Object.keys(added).sort().map(key => message({ key, value: added[key] || undefined }));
  const httpService = message<ExtAuthzHttpService>({
    serverUri: { uri: `http://${host}`, cluster, timeout: durationOf(stated.timeout) ?? TIMEOUT },
    pathPrefix: pathPrefix || undefined,
    authorizationRequest: headersToAdd.length === 0 ? undefined : { headersToAdd },
    authorizationResponse: upstream.length + denied.length + allowed.length === 0 ? undefined : message({
      allowedUpstreamHeaders: headerNames(upstream),
      allowedClientHeaders: headerNames(denied),
      allowedClientHeadersOnSuccess: headerNames(allowed),
    }),
  });
  const http = typed<HttpExtAuthz>('envoy.extensions.filters.http.ext_authz.v3.ExtAuthz', {
    httpService, ...common(stated), allowedHeaders: headerNames(headers.length > 0 ? headers : older),
  });
  return { http };
}

function grpcAuthorizer(stated: GrpcProvider, { host, cluster }: ProviderCluster): ExternalAuthorizer {
  const grpcService = { envoyGrpc: { clusterName: cluster, authority: host }, timeout: durationOf(stated.timeout) ?? TIMEOUT } as const;
  const { failureModeAllow, transportApiVersion } = common(stated);
  return {
    http: typed<HttpExtAuthz>('envoy.extensions.filters.http.ext_authz.v3.ExtAuthz', { grpcService, ...common(stated) }),
    tcp: typed<NetworkExtAuthz>('envoy.extensions.filters.network.ext_authz.v3.ExtAuthz', {
      statPrefix: 'tcp.', grpcService, failureModeAllow, transportApiVersion,
    }),
  };
}

function common({ statusOnError, failOpen, includeRequestBodyInCheck: body }: HttpProvider | GrpcProvider) {
  return {
    statusOnError: statusOf(statusOnError),
    failureModeAllow: failOpen || undefined,
    transportApiVersion: 'V3',
    withRequestBody: body && message<ExtAuthzBufferSettings>({
      maxRequestBytes: body.maxRequestBytes || undefined,
      allowPartialMessage: body.allowPartialMessage || undefined,
      packAsBytes: body.packAsBytes || undefined,
    }),
  } as const;
}

function headerNames(names: readonly string[]): ListStringMatcher | undefined {
  return names.length === 0 ? undefined : { patterns: names.map(name => ({ ...headerName(name), ignoreCase: true })) };
}

function headerName(name: string): StringMatcher {
  if (name.startsWith('*')) return { suffix: name.slice(1) };
  return name.endsWith('*') ? { prefix: name.slice(0, -1) } : { exact: name };
}
