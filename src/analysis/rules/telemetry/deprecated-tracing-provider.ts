import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'deprecated-tracing-provider',
  codes: ['IST0002'],
  severity: 'warning',
  subjects: ['Telemetry'],
  needs: ['MeshConfig'],
  title: 'Tracing uses a Lightstep provider',
  effect: 'Envoy sends no spans as soon as it no longer supports the provider.',
  example: {
    meshConfig: { extensionProviders: [{ name: 'jaeger', opentelemetry: {} }, { name: 'old', lightstep: {} }] },
    words: 'with a Lightstep provider named `old` in MeshConfig',
  },
  check(object, report, index) {
    const lightstep = index.meshConfig.extensionProviders.filter(provider => provider.lightstep).map(provider => String(provider.name));
    object.spec?.tracing?.forEach(({ providers = [] }, t) => providers.forEach(({ name }, p) => {
      if (!lightstep.includes(String(name))) return;
      report(`spec.tracing[${t}].providers[${p}].name`, `'${name}' is a Lightstep provider, which Istio is removing`,
        'use an OpenTelemetry provider');
    }));
  },
});
