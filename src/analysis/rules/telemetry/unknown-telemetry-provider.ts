import { TELEMETRY_PARTS } from '../../facts/telemetries';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'unknown-telemetry-provider',
  codes: [],
  severity: 'error',
  subjects: ['Telemetry'],
  needs: ['MeshConfig'],
  title: 'A Telemetry names a provider that MeshConfig does not have',
  effect: 'Envoy sends nothing to the provider.',
  example: {
    meshConfig: { extensionProviders: [{ name: 'jaeger', opentelemetry: {} }] },
    words: 'with a provider named `jaeger` in MeshConfig',
  },
  check(object, report, index) {
    const known = index.meshConfig.extensionProviders.map(provider => String(provider.name));
    for (const part of TELEMETRY_PARTS) {
      object.spec?.[part]?.forEach(({ providers = [] }, i) => providers.forEach(({ name }, p) => {
        if (known.includes(String(name))) return;
        report(`spec.${part}[${i}].providers[${p}].name`, `MeshConfig has no extension provider '${name}', so Istio leaves it `
          + 'out silently', `use a provider of MeshConfig: ${known.join(', ')}`);
      }));
    }
  },
});
