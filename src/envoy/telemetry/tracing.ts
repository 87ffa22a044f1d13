import type { ProviderCluster, Telemetries } from './telemetries';
import { providerCluster, providerNames, providerOf } from './telemetries';
import { asProtoDuration } from '../../manifest/duration';
import type { MeshServices } from '../mesh-services';
import { message, typed } from '../message';
import type { Note } from '../note';
import type { Proxy } from '../proxy';
import type { Json } from '../proxy-config';
import { list } from '../virtual-service';

/** How a proxy traces what it sends; undefined where it does not. */
export function tracing(proxy: Proxy, telemetries: Telemetries, mesh: MeshServices, notes: Note[]): Json | undefined {
  const stated = telemetries.of(proxy, mesh.meshConfig.rootNamespace).flatMap(({ spec }) => list(spec?.tracing));
  const byDefault = mesh.meshConfig.defaultProviders.tracing?.[0];
  const { tracing: defaults } = mesh.meshConfig.defaultConfig;
  if (stated.length === 0 && byDefault === undefined) {
    if (!mesh.meshConfig.enableTracing) return undefined;
    return sampled(proxy, {}, defaults, { hasIstioTags: defaults?.enableIstioTags ?? true });
  }
  const merged = merge(stated.filter(({ match }) => match?.mode !== 'SERVER'));
  const provider = providerOf(mesh, merged.provider ?? byDefault ?? '');
  if (!provider || merged.disableSpanReporting) return undefined;
  const configured = providerConfig(provider, proxy, mesh);
  if (!configured) {
    notes.push({ message: `the tracing provider '${provider.name}' is not known, or its service is not in the registry: nothing is traced` });
    return undefined;
  }
  return sampled(proxy, { ...configured, noContextPropagation: merged.disableContextPropagation || undefined }, defaults, {
    percentage: merged.randomSamplingPercentage, tags: merged.customTags, hasIstioTags: merged.enableIstioTags ?? true,
  });
}

/** Each field from the narrowest Telemetry that states it. */
function merge(parts: readonly Json[]): Json {
  const merged: Json = {};
  for (const part of parts) {
    for (const field of ['disableSpanReporting', 'customTags', 'randomSamplingPercentage', 'enableIstioTags', 'disableContextPropagation']) {
      if (part[field] !== undefined && part[field] !== null) merged[field] = part[field];
    }
    merged.provider = providerNames(part)[0] ?? merged.provider;
  }
  return merged;
}

interface Sampling {
  readonly percentage?: number;
  readonly tags?: Json;
  readonly hasIstioTags: boolean;
}

function sampled(proxy: Proxy, fields: Json, defaults: Json, { percentage, tags, hasIstioTags }: Sampling): Json {
  const ofProxy = defaults?.sampling ? (defaults.sampling > 100 ? 1 : defaults.sampling) : 1;
  const custom = tags && Object.keys(tags).length > 0 ? tags : defaults?.customTags ?? {};
  return message({
    ...fields,
    clientSampling: { value: 100 },
    randomSampling: message({ value: (percentage ?? ofProxy) || undefined }),
    overallSampling: { value: 100 },
    maxPathTagLength: fields.maxPathTagLength ?? (defaults?.maxPathTagLength || undefined),
    customTags: [...hasIstioTags ? istioTags(proxy) : [], ...Object.entries(custom).map(([tag, what]) => customTag(tag, what))]
      .sort((a, b) => (a.tag < b.tag ? -1 : Number(a.tag > b.tag))),
  });
}

function istioTags({ labels = {}, namespace }: Proxy): Json[] {
  const literals = {
    canonical_revision: labels['service.istio.io/canonical-revision'] || 'latest',
    canonical_service: labels['service.istio.io/canonical-name'] || 'unknown',
    mesh_id: 'unknown',
    namespace: namespace || 'default',
    cluster_id: 'Kubernetes',
  };
  const dryRuns = ['allow', 'deny'].flatMap(action => [['name', 'effective_policy_id'], ['result', 'engine_result']].map(([what, key]) => ({
    tag: `istio.authorization.dry_run.${action}_policy.${what}`,
    metadata: { kind: { request: {} }, metadataKey: { key: 'envoy.filters.http.rbac', path: [{ key: `istio_dry_run_${action}_shadow_${key}` }] } },
  })));
  return [...Object.entries(literals).map(([name, value]) => ({ tag: `istio.${name}`, literal: { value } })), ...dryRuns];
}

function customTag(tag: string, { environment, header, literal, formatter }: Json): Json {
  const from = ({ name, defaultValue }: Json) => message({ name, defaultValue: defaultValue || undefined });
  return message({
    tag,
    environment: environment && from(environment),
    requestHeader: header && from(header),
    literal: literal && message({ value: literal.value || undefined }),
    value: formatter?.value,
  });
}

function providerConfig({ zipkin, datadog, skywalking, opentelemetry }: Json, proxy: Proxy, mesh: MeshServices): Json | undefined {
  const settings = zipkin ?? datadog ?? skywalking ?? opentelemetry;
  const to = settings && providerCluster(mesh, settings);
  if (!to) return undefined;
  const grpcService = { envoyGrpc: { clusterName: to.cluster, authority: to.host } };
  const [name, config] = zipkin ? ['zipkin', zipkinConfig(zipkin, to)]
    : datadog ? ['datadog', typed('envoy.config.trace.v3.DatadogConfig', { collectorCluster: to.cluster, collectorHostname: to.host })]
      : skywalking ? ['skywalking', typed('envoy.config.trace.v3.SkyWalkingConfig', { grpcService })]
        : ['opentelemetry', typed('envoy.config.trace.v3.OpenTelemetryConfig', { grpcService })];
  return {
    provider: { name: `envoy.tracers.${name}`, typedConfig: config },
    spawnUpstreamSpan: proxy.type === 'gateway' || skywalking ? true : undefined,
    maxPathTagLength: settings.maxTagLength || undefined,
  };
}

function zipkinConfig({ path, timeout, enable64bitTraceId, traceContextOption, headers }: Json, { host, cluster }: ProviderCluster): Json {
  return typed('envoy.config.trace.v3.ZipkinConfig', {
    collectorEndpointVersion: 'HTTP_JSON',
    traceId128bit: enable64bitTraceId ? undefined : true,
    sharedSpanContext: false,
    traceContextOption: traceContextOption === 'USE_B3_WITH_W3C_PROPAGATION' ? traceContextOption : undefined,
    collectorService: message({
      httpUri: { uri: `http://${host}${path || '/api/v2/spans'}`, cluster, timeout: asProtoDuration(timeout) ?? '5s' },
      requestHeadersToAdd: list(headers).map(({ name, value }) => ({ header: { key: name, value }, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' })),
    }),
  });
}
