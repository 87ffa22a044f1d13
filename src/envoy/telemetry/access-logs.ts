import type { Telemetries } from './telemetries';
import { providerCluster, providerNames, providerOf } from './telemetries';
import type { AccessLogging } from '../../manifest/istio-specs.generated';
import type { AttachedService } from '../access/policy-attachment';
import type { ExtensionProvider } from '../mesh-config';
import type { MeshServices } from '../mesh-services';
import { message, typed } from '../message';
import type { Note } from '../note';
import type { Proxy } from '../proxy';
import type {
  AccessLog, AccessLogFilter, CommonGrpcAccessLogConfig, ExpressionFilter, FileAccessLog, HttpGrpcAccessLogConfig, TcpGrpcAccessLogConfig,
} from '../xds/access-log';

/** The merged access logging of one provider. */
interface Logging {
  readonly isDisabled?: boolean;
  readonly filter?: AccessLogging['filter'];
}

/** The access logs of one side of a proxy: of connections and requests, and of connections that no filter chain matches. */
export interface AccessLogs {
  readonly ofConnections: readonly AccessLog[];
  readonly ofListener: readonly AccessLog[];
  /** At a waypoint: of tunnels that it refuses, and of those that it cannot open. */
  readonly ofTunnelsIn: readonly AccessLog[];
  readonly ofTunnelsOut: readonly AccessLog[];
}

/** The sides of a proxy, as Telemetry names them: the calls of its pod, and the calls to it. */
export type LoggedSide = 'CLIENT' | 'SERVER';

const NO_ROUTE: AccessLogFilter = { responseFlagFilter: { flags: ['NR'] } };
const NOT_CONNECTED: AccessLogFilter = { responseFlagFilter: { flags: ['UF'] } };
const REFUSED: AccessLogFilter = { statusCodeFilter: { comparison: { op: 'GE', value: { defaultValue: 400, runtimeKey: 'istio.io/unset' } } } };

export function accessLogs(
  proxy: Proxy, side: LoggedSide, telemetries: Telemetries, mesh: MeshServices, notes: Note[], service?: AttachedService,
): AccessLogs {
  const stated = telemetries.of(proxy, mesh.meshConfig.rootNamespace, service).map(({ spec }) => spec?.accessLogging ?? [])
    .filter(logging => logging.length > 0);
  const byDefault = mesh.meshConfig.defaultProviders.accessLogging ?? [];
  const providers = stated.length === 0 ? new Map<string, Logging>(byDefault.map(name => [name, {}])) : merge(stated, byDefault, side);
  const logs = [...providers].flatMap(([name, logging]) => {
    const provider = providerOf(mesh, name);
    const log = provider && logOf(provider, mesh, notes);
    return log ? [{ name: provider.name ?? '', log, logging }] : [];
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (logs.length === 0) return ofMesh(mesh.meshConfig.accessLogFile);
  const enabled = logs.filter(({ logging }) => !logging.isDisabled);
  const limitedTo = (filter: AccessLogFilter) => enabled.map(({ log, logging }) => ({
    ...log, filter: logging.filter ? { andFilter: { filters: [filter, celFilter(logging.filter)] } } : filter,
  }));
  return {
    ofConnections: enabled.map(({ log, logging }) => message<AccessLog>({ ...log, filter: logging.filter && celFilter(logging.filter) })),
    ofListener: limitedTo(NO_ROUTE),
    ofTunnelsIn: limitedTo(REFUSED),
    ofTunnelsOut: limitedTo(NOT_CONNECTED),
  };
}

/** The access logs of MeshConfig, which apply without a Telemetry and a default provider. */
function ofMesh(path: string): AccessLogs {
  if (path === '') return { ofConnections: [], ofListener: [], ofTunnelsIn: [], ofTunnelsOut: [] };
  const log = fileLog(path);
  const limitedTo = (filter: AccessLogFilter) => [{ ...log, filter }];
  return { ofConnections: [log], ofListener: limitedTo(NO_ROUTE), ofTunnelsIn: limitedTo(REFUSED), ofTunnelsOut: limitedTo(NOT_CONNECTED) };
}

/** Providers replace those of the wider Telemetry. An item without providers applies to those of the item before it. */
function merge(
  levels: readonly (readonly AccessLogging[])[], byDefault: readonly string[], side: LoggedSide,
): Map<string, Logging> {
  const filters = new Map<string, Logging>();
  let inScope = new Set(byDefault);
  for (const level of levels) {
    const named = level.filter(part => isFor(side, part)).flatMap(part => providerNames(part).map(name => ({ name, part })));
    for (const { name, part } of named) filters.set(name, { filter: part.filter });
    if (named.length > 0) inScope = new Set(named.map(({ name }) => name));
  }
  const merged = new Map<string, Logging>();
  let before = byDefault;
  for (const part of levels.flat()) {
    const names = providerNames(part);
    if (names.length > 0) before = names;
    for (const name of before) {
      if (!inScope.has(name) || !isFor(side, part)) continue;
      merged.set(name, part.disabled === true ? { isDisabled: true } : filters.get(name) ?? {});
    }
  }
  return merged;
}

function isFor(side: LoggedSide, { match: { mode = 'CLIENT_AND_SERVER' } = {} }: AccessLogging): boolean {
  return mode === 'CLIENT_AND_SERVER' || mode === side;
}

function celFilter({ expression }: NonNullable<AccessLogging['filter']>): AccessLogFilter {
  const typedConfig = typed<ExpressionFilter>('envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter', {
    expression: expression || undefined,
  });
  return { extensionFilter: { name: 'envoy.access_loggers.extension_filters.cel', typedConfig } };
}

function logOf(provider: ExtensionProvider, mesh: MeshServices, notes: Note[]): AccessLog | undefined {
  const { envoyFileAccessLog, envoyHttpAls, envoyTcpAls, envoyOtelAls, name } = provider;
  if (envoyFileAccessLog) return fileLog(envoyFileAccessLog.path || '/dev/stdout');
  if (envoyHttpAls) return httpServiceLog(envoyHttpAls, mesh);
  if (envoyTcpAls) return tcpServiceLog(envoyTcpAls, mesh);
  if (envoyOtelAls) notes.push({ message: `the provider '${name}' logs to OpenTelemetry, which is not translated` });
  return undefined;
}

function fileLog(path: string): AccessLog {
  const typedConfig = typed<FileAccessLog>('envoy.extensions.access_loggers.file.v3.FileAccessLog', { path });
  return { name: 'envoy.access_loggers.file', typedConfig };
}

type LogService = NonNullable<ExtensionProvider['envoyHttpAls']>;

function httpServiceLog(settings: LogService, mesh: MeshServices): AccessLog | undefined {
  const commonConfig = commonLogConfig(settings, 'http_envoy_accesslog', mesh);
  return commonConfig && {
    name: 'envoy.access_loggers.http_grpc',
    typedConfig: typed<HttpGrpcAccessLogConfig>('envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig', {
      commonConfig,
      additionalRequestHeadersToLog: settings.additionalRequestHeadersToLog,
      additionalResponseHeadersToLog: settings.additionalResponseHeadersToLog,
      additionalResponseTrailersToLog: settings.additionalResponseTrailersToLog,
    }),
  };
}

function tcpServiceLog(settings: LogService, mesh: MeshServices): AccessLog | undefined {
  const commonConfig = commonLogConfig(settings, 'tcp_envoy_accesslog', mesh);
  return commonConfig && {
    name: 'envoy.tcp_grpc_access_log',
    typedConfig: typed<TcpGrpcAccessLogConfig>('envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig', { commonConfig }),
  };
}

/** The configuration that gRPC logs share; undefined if the registry lacks the service. */
function commonLogConfig(
  { logName, filterStateObjectsToLog = [], ...service }: LogService, byDefault: string, mesh: MeshServices,
): CommonGrpcAccessLogConfig | undefined {
  const to = providerCluster(mesh, service);
  return to && {
    logName: logName || byDefault,
    grpcService: { envoyGrpc: { clusterName: to.cluster, authority: to.host } },
    transportApiVersion: 'V3',
    filterStateObjectsToLog: filterStateObjectsToLog.length > 0 ? filterStateObjectsToLog : ['upstream_peer', 'downstream_peer'],
  };
}
