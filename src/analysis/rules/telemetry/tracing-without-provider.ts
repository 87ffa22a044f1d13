import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The namespaces with a Telemetry that names a tracing provider. */
function namespacesWithProvider(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('Telemetry').flatMap(object => (
    object.spec?.tracing?.some(({ providers = [] }) => providers.length > 0) ? [index.namespaceOf(object)] : [])));
}

export const rule = defineRule({
  id: 'tracing-without-provider',
  codes: [],
  severity: 'warning',
  subjects: ['Telemetry'],
  title: 'Tracing names no provider, and the mesh has no default provider',
  effect: 'Envoy makes no spans: its configuration has no tracing.',
  check(object, report, index) {
    const { defaultProviders, defaultConfig, rootNamespace } = index.meshConfig;
    if ((defaultProviders.tracing ?? []).length > 0 || defaultConfig.tracing) return;
    const named = index.memo(namespacesWithProvider);
    // A narrower Telemetry without a provider keeps the wider one's.
    if (named.has(rootNamespace) || named.has(index.namespaceOf(object))) return;
    object.spec?.tracing?.forEach(({ disableSpanReporting, providers = [] }, t) => {
      if (disableSpanReporting === true || providers.length > 0) return;
      report(`spec.tracing[${t}]`, 'without a provider, here or in defaultProviders of MeshConfig, Envoy traces no request, whatever '
        + 'the percentage',
      'add providers: [{ name: ... }] with a tracing provider from extensionProviders of MeshConfig');
    });
  },
});
