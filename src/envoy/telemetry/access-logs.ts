import type { Telemetries } from './telemetries';
import { providerCluster, providerNames, providerOf } from './telemetries';
import type { MeshServices } from '../mesh-services';
import { message, typed } from '../message';
import type { Note } from '../note';
import type { Proxy } from '../proxy';
import type { Json } from '../proxy-config';
import { list } from '../virtual-service';

/** What Telemetries come to for one provider. */
interface Logging {
  readonly isDisabled?: boolean;
  readonly filter?: Json;
}

/** The access logs of what a proxy sends: of connections and requests, and of a listener that finds no way for a connection. */
export interface AccessLogs {
  readonly ofConnections: readonly Json[];
  readonly ofListener: readonly Json[];
}

const NO_ROUTE = { responseFlagFilter: { flags: ['NR'] } };

export function accessLogs(proxy: Proxy, telemetries: Telemetries, mesh: MeshServices, notes: Note[]): AccessLogs {
  const stated = telemetries.of(proxy, mesh.meshConfig.rootNamespace).map(({ spec }) => list(spec?.accessLogging))
    .filter(logging => logging.length > 0);
  const byDefault = mesh.meshConfig.defaultProviders.accessLogging ?? [];
  const providers = stated.length === 0 ? new Map<string, Logging>(byDefault.map(name => [name, {}])) : merge(stated, byDefault);
  const logs = [...providers].flatMap(([name, logging]) => {
    const provider = providerOf(mesh, name);
    const log = provider && logOf(provider, mesh, notes);
    return log ? [{ name: String(provider.name), log, logging }] : [];
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (logs.length === 0) return ofMesh(mesh.meshConfig.accessLogFile);
  const enabled = logs.filter(({ logging }) => !logging.isDisabled);
  return {
    ofConnections: enabled.map(({ log, logging }) => message({ ...log, filter: celFilter(logging) })),
    ofListener: enabled.map(({ log, logging }) => ({
      ...log, filter: logging.filter ? { andFilter: { filters: [NO_ROUTE, celFilter(logging)] } } : NO_ROUTE,
    })),
  };
}

/** What the MeshConfig itself logs, where no Telemetry and no default provider says anything. */
function ofMesh(path: string): AccessLogs {
  if (path === '') return { ofConnections: [], ofListener: [] };
  const log = fileLog(path);
  return { ofConnections: [log], ofListener: [{ ...log, filter: NO_ROUTE }] };
}

/** Providers replace those of the wider Telemetry; a part without providers is about those of the one before. */
function merge(levels: readonly (readonly Json[])[], byDefault: readonly string[]): Map<string, Logging> {
  const filters = new Map<string, Logging>();
  let inScope = new Set(byDefault);
  for (const level of levels) {
    const named = level.filter(isForClients).flatMap(part => providerNames(part).map(name => ({ name, part })));
    for (const { name, part } of named) filters.set(name, { filter: part.filter });
    if (named.length > 0) inScope = new Set(named.map(({ name }) => name));
  }
  const merged = new Map<string, Logging>();
  let before = byDefault;
  for (const part of levels.flat()) {
    const names = providerNames(part);
    if (names.length > 0) before = names;
    for (const name of before) {
      if (inScope.has(name) && isForClients(part)) merged.set(name, part.disabled === true ? { isDisabled: true } : filters.get(name) ?? {});
    }
  }
  return merged;
}

function isForClients({ match }: Json): boolean {
  return ['CLIENT', 'CLIENT_AND_SERVER'].includes(match?.mode ?? 'CLIENT_AND_SERVER');
}

function celFilter({ filter }: Logging): Json {
  return filter && {
    extensionFilter: {
      name: 'envoy.access_loggers.extension_filters.cel',
      typedConfig: typed('envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter', { expression: filter.expression || undefined }),
    },
  };
}

function logOf(provider: Json, mesh: MeshServices, notes: Note[]): Json | undefined {
  const { envoyFileAccessLog, envoyHttpAls, envoyTcpAls, envoyOtelAls, name } = provider;
  if (envoyFileAccessLog) return fileLog(envoyFileAccessLog.path || '/dev/stdout');
  if (envoyHttpAls) return serviceLog('http_grpc', 'HttpGrpcAccessLogConfig', envoyHttpAls, 'http_envoy_accesslog', mesh);
  if (envoyTcpAls) return serviceLog('tcp_grpc', 'TcpGrpcAccessLogConfig', envoyTcpAls, 'tcp_envoy_accesslog', mesh);
  if (envoyOtelAls) notes.push({ message: `the provider '${name}' logs by OpenTelemetry, which is not translated` });
  return undefined;
}

function fileLog(path: string): Json {
  return { name: 'envoy.access_loggers.file', typedConfig: typed('envoy.extensions.access_loggers.file.v3.FileAccessLog', { path }) };
}

function serviceLog(logger: string, type: string, settings: Json, logName: string, mesh: MeshServices): Json | undefined {
  const to = providerCluster(mesh, settings);
  return to && {
    name: `envoy.access_loggers.${logger}`,
    typedConfig: typed(`envoy.extensions.access_loggers.grpc.v3.${type}`, {
      commonConfig: {
        logName: settings.logName || logName,
        grpcService: { envoyGrpc: { clusterName: to.cluster, authority: to.host } },
        transportApiVersion: 'V3',
        filterStateObjectsToLog: list(settings.filterStateObjectsToLog).length > 0 ? settings.filterStateObjectsToLog : ['upstream_peer', 'downstream_peer'],
      },
      additionalRequestHeadersToLog: settings.additionalRequestHeadersToLog,
      additionalResponseHeadersToLog: settings.additionalResponseHeadersToLog,
      additionalResponseTrailersToLog: settings.additionalResponseTrailersToLog,
    }),
  };
}
