import { customTag } from './custom-tag';
import type { ProviderCluster, Telemetries } from './telemetries';
import { providerCluster, providerNames, providerOf } from './telemetries';
import type { CustomTag as StatedTag, Tracing as StatedTracing } from '../../manifest/istio-specs.generated';
import type { AttachedService } from '../access/policy-attachment';
import type { ExtensionProvider, MeshProxyConfig } from '../mesh-config';
import type { MeshServices } from '../mesh-services';
import { message, typed } from '../message';
import type { Note } from '../note';
import type { Proxy } from '../proxy';
import type { GrpcService } from '../xds/core';
import { durationOf } from '../xds/proto-values';
import type {
  CustomTag, DatadogConfig, OpenTelemetryConfig, SkyWalkingConfig, Tracing, TracingProvider, ZipkinConfig,
} from '../xds/tracing';

/** The tracing of a proxy's outbound requests, or of a waypoint's requests for a service; undefined if it has none. */
export function tracing(
  proxy: Proxy, telemetries: Telemetries, mesh: MeshServices, notes: Note[], service?: AttachedService,
): Tracing | undefined {
  const stated = telemetries.of(proxy, mesh.meshConfig.rootNamespace, service).flatMap(({ spec }) => spec?.tracing ?? []);
  const byDefault = mesh.meshConfig.defaultProviders.tracing?.[0];
  const { tracing: defaults } = mesh.meshConfig.defaultConfig;
  if (stated.length === 0 && byDefault === undefined) {
    if (!mesh.meshConfig.enableTracing) return undefined;
    return sampled(proxy, {}, defaults, { hasIstioTags: defaults?.enableIstioTags ?? true });
  }
  const otherSide = proxy.type === 'waypoint' ? 'CLIENT' : 'SERVER';
  const merged = merge(stated.filter(({ match }) => match?.mode !== otherSide));
  const provider = providerOf(mesh, merged.provider ?? byDefault ?? '');
  if (!provider || merged.disableSpanReporting) return undefined;
  const configured = providerConfig(provider, proxy, mesh);
  if (!configured) {
    const why = 'has an unknown type, or its service is not in the registry';
    notes.push({ message: `the tracing provider '${provider.name}' ${why}; requests are not traced` });
    return undefined;
  }
  return sampled(proxy, { ...configured, noContextPropagation: merged.disableContextPropagation || undefined }, defaults, {
    percentage: merged.randomSamplingPercentage, tags: merged.customTags, hasIstioTags: merged.enableIstioTags ?? true,
  });
}

/** Takes each field from the narrowest Telemetry that sets it. */
function merge(parts: readonly StatedTracing[]): StatedTracing & { readonly provider?: string } {
  let provider: string | undefined;
  for (const part of parts) provider = providerNames(part)[0] ?? provider;
  return { ...Object.assign({}, ...parts) as StatedTracing, provider };
}

interface Sampling {
  readonly percentage?: number;
  readonly tags?: { readonly [name: string]: StatedTag };
  readonly hasIstioTags: boolean;
}

function sampled(
  proxy: Proxy, fields: Tracing, defaults: MeshProxyConfig['tracing'], { percentage, tags, hasIstioTags }: Sampling,
): Tracing {
  const ofProxy = defaults?.sampling ? (defaults.sampling > 100 ? 1 : defaults.sampling) : 1;
  const custom = tags && Object.keys(tags).length > 0 ? tags : defaults?.customTags ?? {};
  return message<Tracing>({
    ...fields,
    clientSampling: { value: 100 },
    randomSampling: message({ value: (percentage ?? ofProxy) || undefined }),
    overallSampling: { value: 100 },
    maxPathTagLength: fields.maxPathTagLength ?? (defaults?.maxPathTagLength || undefined),
    customTags: [...hasIstioTags ? istioTags(proxy) : [], ...proxy.type === 'waypoint' ? PEER_TAGS : [], ...Object.entries(custom).map(([tag, what]) => customTag(tag, what))]
      .sort((a, b) => (a.tag < b.tag ? -1 : Number(a.tag > b.tag))),
  });
}

function istioTags({ labels = {}, namespace }: Proxy): CustomTag[] {
  const literals = {
    canonical_revision: labels['service.istio.io/canonical-revision'] || 'latest',
    canonical_service: labels['service.istio.io/canonical-name'] || 'unknown',
    mesh_id: 'unknown',
    namespace: namespace || 'default',
    cluster_id: 'Kubernetes',
  };
  const dryRuns = ['allow', 'deny'].flatMap(action => [['name', 'effective_policy_id'], ['result', 'engine_result']].map(([what, key]) => ({
    tag: `istio.authorization.dry_run.${action}_policy.${what}`,
    metadata: {
      kind: { request: {} },
      metadataKey: { key: 'envoy.filters.http.rbac', path: [{ key: `istio_dry_run_${action}_shadow_${key}` }] },
    },
  })));
  return [...Object.entries(literals).map(([name, value]) => ({ tag: `istio.${name}`, literal: { value } })), ...dryRuns];
}

/** The fields of what a waypoint knows of callers and pods, by tag. */
const PEER_FIELDS = {
  workload: 'workload',
  namespace: 'namespace',
  cluster_id: 'cluster',
  canonical_service: 'service',
  canonical_revision: 'revision',
  app: 'app',
  app_version: 'version',
  workload_type: 'type',
  instance_name: 'name',
} as const;

const PEER_TAGS: readonly CustomTag[] = [['destination', 'upstream'], ['source', 'downstream']].flatMap(([peer, side]) => (
  Object.entries(PEER_FIELDS).map(([tag, field]) => ({ tag: `istio.${peer}_${tag}`, value: `%FILTER_STATE(${side}_peer_obj:FIELD:${field})%` }))));

/** The tracer of a provider; undefined for an unknown type. */
function tracerOf({ zipkin, datadog, skywalking, opentelemetry }: ExtensionProvider): Tracer | undefined {
  if (zipkin) return { ...zipkin, name: 'zipkin', config: to => zipkinConfig(zipkin, to) };
  if (datadog) return { ...datadog, name: 'datadog', config: datadogConfig };
  if (skywalking) return { ...skywalking, name: 'skywalking', config: skyWalkingConfig };
  return opentelemetry && { ...opentelemetry, name: 'opentelemetry', config: openTelemetryConfig };
}

interface Tracer {
  readonly name: string;
  readonly service?: string;
  readonly port?: number;
  readonly maxTagLength?: number;
  readonly config: (to: ProviderCluster) => TracingProvider;
}

function providerConfig(provider: ExtensionProvider, proxy: Proxy, mesh: MeshServices): Tracing | undefined {
  const tracer = tracerOf(provider);
  const to = tracer && providerCluster(mesh, tracer);
  if (!to) return undefined;
  return {
    provider: { name: `envoy.tracers.${tracer.name}`, typedConfig: tracer.config(to) },
    spawnUpstreamSpan: proxy.type === 'gateway' || tracer.name === 'skywalking' ? true : undefined,
    maxPathTagLength: tracer.maxTagLength || undefined,
  };
}

function grpcServiceOf({ cluster, host }: ProviderCluster): GrpcService {
  return { envoyGrpc: { clusterName: cluster, authority: host } };
}

function datadogConfig({ cluster, host }: ProviderCluster): DatadogConfig {
  return typed<DatadogConfig>('envoy.config.trace.v3.DatadogConfig', { collectorCluster: cluster, collectorHostname: host });
}

function skyWalkingConfig(to: ProviderCluster): SkyWalkingConfig {
  return typed<SkyWalkingConfig>('envoy.config.trace.v3.SkyWalkingConfig', { grpcService: grpcServiceOf(to) });
}

function openTelemetryConfig(to: ProviderCluster): OpenTelemetryConfig {
  return typed<OpenTelemetryConfig>('envoy.config.trace.v3.OpenTelemetryConfig', { grpcService: grpcServiceOf(to) });
}

function zipkinConfig(
  { path, timeout, enable64bitTraceId, traceContextOption, headers = [] }: NonNullable<ExtensionProvider['zipkin']>,
  { host, cluster }: ProviderCluster,
): ZipkinConfig {
  return typed<ZipkinConfig>('envoy.config.trace.v3.ZipkinConfig', {
    collectorEndpointVersion: 'HTTP_JSON',
    traceId128bit: enable64bitTraceId ? undefined : true,
    sharedSpanContext: false,
    traceContextOption: traceContextOption === 'USE_B3_WITH_W3C_PROPAGATION' ? traceContextOption : undefined,
    collectorService: message({
      httpUri: { uri: `http://${host}${path || '/api/v2/spans'}`, cluster, timeout: durationOf(timeout) ?? '5s' },
      requestHeadersToAdd: headers.map(({ name = '', value }) => (
        { header: { key: name, value }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' as const })),
    }),
  });
}
