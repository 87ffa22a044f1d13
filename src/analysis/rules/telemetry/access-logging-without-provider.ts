import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'access-logging-without-provider',
  codes: ['IST0157'],
  severity: 'warning',
  subjects: ['Telemetry'],
  title: 'Access logging names no provider, and the mesh has no default provider',
  effect: 'Envoy writes no access log.',
  check(object, report, index) {
    if ((index.meshConfig.defaultProviders.accessLogging ?? []).length > 0) return;
    object.spec?.accessLogging?.forEach(({ disabled, providers = [] }, l) => {
      if (disabled === true || providers.length > 0) return;
      report(`spec.accessLogging[${l}]`, 'without a provider, here or in defaultProviders of MeshConfig, this logs nothing',
        'add providers: [{ name: envoy }], which logs to the proxy\'s standard output');
    });
  },
});
