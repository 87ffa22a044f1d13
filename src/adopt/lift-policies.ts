import type { Code, Fields, ProgramStatement } from './code';
import { call, fields, literal, reference } from './code';
import { durationCode } from './lift-values';
import { cannot, readOnly } from './not-said';
import type {
  ClientTLSSettings, ConnectionPoolSettings, ConsistentHashLB, DestinationRuleSpec, LoadBalancerSettings, OutlierDetection,
  PortTrafficPolicy, RetryBudget, TrafficPolicy,
} from '../manifest/istio-specs.generated';
import { CONNECTION_POOL_PLACES } from '../traffic/connection-pool';

/** The level of a policy: the service, one of its subsets, or a port. */
interface Level {
  readonly subset?: { readonly name: string; readonly variable: string };
  readonly port?: number;
}

type NamedId = (what: string) => string;

/** The statements of a DestinationRule, except its subsets. */
export function policyStatements(
  service: string, spec: DestinationRuleSpec, subsets: ReadonlyMap<string, string>, idOf: NamedId,
): ProgramStatement[] {
  readOnly('spec', spec, ['host', 'subsets', 'trafficPolicy', 'exportTo']);
  const own = spec.trafficPolicy ? levelStatements(service, spec.trafficPolicy, {}, idOf) : [];
  const ofSubsets = (spec.subsets ?? []).flatMap(({ name = '', trafficPolicy }) => (
    trafficPolicy ? levelStatements(service, trafficPolicy, { subset: { name, variable: subsets.get(name)! } }, idOf) : []));
  return [...own, ...ofSubsets];
}

function levelStatements(service: string, policy: TrafficPolicy | PortTrafficPolicy, level: Level, idOf: NamedId): ProgramStatement[] {
  const known = [
    'connectionPool', 'outlierDetection', 'loadBalancer', 'tls', ...(level.port === undefined ? ['retryBudget', 'portLevelSettings'] : ['port']),
  ];
  readOnly('trafficPolicy', policy, known);
  const at = {
    service: reference(service),
    subset: level.subset && reference(level.subset.variable),
    port: level.port,
  };
  const prefix = `${level.subset?.name ?? ''}${level.port === undefined ? '' : ` port-${level.port}`}`;
  const create = (creates: string, what: string, props: { readonly [field: string]: Code | undefined }): ProgramStatement => (
    { creates, id: idOf(`${prefix} ${what}`), props: fields({ ...at, ...props }) });
  const { connectionPool, outlierDetection, loadBalancer, tls } = policy;
  const { retryBudget, portLevelSettings = [] } = policy as TrafficPolicy;
  const breaks = connectionPool ?? outlierDetection ?? retryBudget;
  return [
    ...(breaks === undefined ? [] : [create('CircuitBreakerPolicy', 'breaker', {
      connectionPool: connectionPool && connectionPoolCode(connectionPool),
      outlierDetection: outlierDetection && outlierDetectionCode(outlierDetection),
      retryBudget: retryBudget && retryBudgetCode(retryBudget),
    })]),
    ...(loadBalancer ? [create('LoadBalancerPolicy', 'load-balancer', loadBalancerProps(loadBalancer))] : []),
    ...(tls ? [create('ClientTls', 'tls', { tls: tlsCode(tls) })] : []),
    ...portLevelSettings.flatMap(settings => (
      levelStatements(service, settings, { ...level, port: settings.port?.number ?? cannot('portLevelSettings has no port number') }, idOf))),
  ];
}

const DURATIONS = new Set(['connectTimeout', 'maxConnectionDuration', 'tcpIdleTimeout', 'idleTimeout', 'interval', 'time', 'timeout']);

function connectionPoolCode(pool: ConnectionPoolSettings): Code {
  const found: { [field: string]: Code } = {};
  const places = Object.entries(CONNECTION_POOL_PLACES);
  for (const part of ['tcp', 'http'] as const) {
    for (const [name, value] of Object.entries(pool[part] ?? {})) {
      if (value === undefined) continue;
      const place = `connectionPool.${part}.${name}`;
      const [field] = places.find(([, each]) => each === place) ?? cannot(`no construct is written for ${place}`);
      found[field] = poolValue(field, value);
    }
  }
  return fields(found);
}

function poolValue(field: string, value: unknown): Code {
  if (field === 'h2UpgradePolicy') return { member: ['H2UpgradePolicy', value as string] };
  if (DURATIONS.has(field)) return durationCode(`connectionPool ${field}`, value as string);
  if (typeof value !== 'object' || value === null) return literal(value);
  return fields(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poolValue(name, each)])));
}

/** Istio's default of the share that may be ejected, in percent. */
const DEFAULT_EJECTION = 10;

function outlierDetectionCode(outlier: OutlierDetection): Code {
  const { maxEjectionPercent, interval, baseEjectionTime, ...others } = outlier;
  readOnly('outlierDetection', others, [
    'consecutive5xxErrors', 'consecutiveGatewayErrors', 'consecutiveLocalOriginFailures', 'splitExternalLocalOriginErrors', 'minHealthPercent',
  ]);
  return fields({
    ...(literal(others) as Fields).fields,
    interval: interval === undefined ? undefined : durationCode('outlierDetection.interval', interval),
    baseEjectionTime: baseEjectionTime === undefined ? undefined : durationCode('outlierDetection.baseEjectionTime', baseEjectionTime),
    maxEjectionPercent: maxEjectionPercent ?? DEFAULT_EJECTION,
  });
}

function retryBudgetCode({ percent, budgetInterval, minRetryConcurrency }: RetryBudget): Code {
  return fields({
    percent,
    budgetInterval: budgetInterval === undefined ? undefined : durationCode('retryBudget.budgetInterval', budgetInterval),
    minRetryConcurrency,
  });
}

function loadBalancerProps(settings: LoadBalancerSettings): { readonly [field: string]: Code | undefined } {
  readOnly('loadBalancer', settings, ['simple', 'consistentHash', 'localityLbSetting', 'zoneAwareLbSetting', 'warmup']);
  const { simple, consistentHash, localityLbSetting, zoneAwareLbSetting, warmup } = settings;
  if (simple === 'UNSPECIFIED' || simple === 'LEAST_CONN') return cannot(`loadBalancer.simple ${simple} is obsolete; LEAST_REQUEST replaces it`);
  return {
    algorithm: simple === undefined ? undefined : { member: ['LoadBalancerAlgorithm', simple] },
    consistentHash: consistentHash && consistentHashCode(consistentHash),
    locality: localityLbSetting && literal(localityLbSetting),
    zoneAware: zoneAwareLbSetting && literal(zoneAwareLbSetting),
    warmup: warmup && fields({
      duration: durationCode('warmup.duration', warmup.duration ?? ''), minimumPercent: warmup.minimumPercent, aggression: warmup.aggression,
    }),
  };
}

function consistentHashCode(hash: ConsistentHashLB): Code {
  const { httpCookie, httpHeaderName, httpQueryParameterName, useSourceIp, maglev, ringHash, ...others } = hash;
  readOnly('consistentHash', others, []);
  const table = maglev ? call('HashTable', 'maglev', literal(maglev))
    : ringHash ? call('HashTable', 'ringHash', ...(Object.keys(ringHash).length > 0 ? [literal(ringHash)] : [])) : undefined;
  const options = table ? [fields({ table })] : [];
  if (httpHeaderName !== undefined) return call('ConsistentHash', 'header', httpHeaderName, ...options);
  if (httpQueryParameterName !== undefined) return call('ConsistentHash', 'queryParameter', httpQueryParameterName, ...options);
  if (useSourceIp === true) return call('ConsistentHash', 'sourceIp', ...options);
  if (!httpCookie) return cannot('consistentHash has no key');
  const { name = '', path, ttl, attributes } = httpCookie;
  return call('ConsistentHash', 'cookie', name, fields({
    ttl: ttl === undefined ? undefined : durationCode('consistentHash.httpCookie.ttl', ttl),
    path,
    attributes: attributes && literal(Object.fromEntries(attributes.map(each => [each.name ?? '', each.value ?? '']))),
    table,
  }));
}

const TLS_METHODS = { SIMPLE: 'simple', MUTUAL: 'mutual', ISTIO_MUTUAL: 'istioMutual' } as const;

function tlsCode({ mode = 'DISABLE', ...options }: ClientTLSSettings): Code {
  const isStated = Object.values(options).some(value => value !== undefined);
  if (mode === 'DISABLE') return isStated ? cannot('tls.mode DISABLE has other settings, which have no effect') : call('ClientTlsSettings', 'disable');
  return call('ClientTlsSettings', TLS_METHODS[mode], ...(isStated ? [literal(options)] : []));
}
