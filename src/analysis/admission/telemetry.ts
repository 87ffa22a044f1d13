import { checkTargets } from './policy-target';
import { percentageProblem } from './values';
import type { Verdict } from './verdict';
import type { CustomTag, ProviderRef, TelemetrySpec } from '../../manifest/istio-specs.generated';
import { celProblem } from '../../traffic/cel-syntax';

function checkProviders(verdict: Verdict, providers: readonly ProviderRef[] = [], path: string): void {
  const nameless = providers.findIndex(({ name = '' }) => name === '');
  if (nameless >= 0) verdict.error(`${path}.providers[${nameless}]`, ['has no name', 'set the name that MeshConfig gives the provider']);
}

function checkTag(verdict: Verdict, tag: CustomTag, path: string): void {
  if (tag.literal !== undefined && (tag.literal.value ?? '') === '') verdict.error(`${path}.literal`, ['has no value', 'set it']);
  for (const source of ['header', 'environment'] as const) {
    const stated = tag[source];
    if (stated !== undefined && (stated.name ?? '') === '') verdict.error(`${path}.${source}`, ['has no name', 'set it']);
  }
}

function checkTracing(verdict: Verdict, { tracing: list = [] }: TelemetrySpec): void {
  if (list.length > 1) verdict.warn('spec.tracing', ['has several items, but only one has an effect', 'keep one']);
  list.forEach(({ providers = [], randomSamplingPercentage, customTags = {} }, i) => {
    const path = `spec.tracing[${i}]`;
    if (providers.length > 1) verdict.warn(`${path}.providers`, ['has several items, but only one has an effect', 'keep one']);
    checkProviders(verdict, providers, path);
    verdict.error(`${path}.randomSamplingPercentage`, percentageProblem(randomSamplingPercentage));
    for (const [name, tag] of Object.entries(customTags)) {
      const at = `${path}.customTags["${name}"]`;
      if (name === '') verdict.error(at, ['has no name', 'set it']);
      checkTag(verdict, tag, at);
    }
  });
}

function checkMetrics(verdict: Verdict, { metrics: list = [] }: TelemetrySpec): void {
  list.forEach(({ providers, overrides = [] }, i) => {
    checkProviders(verdict, providers, `spec.metrics[${i}]`);
    overrides.forEach(({ tagOverrides = {}, match }, j) => {
      const path = `spec.metrics[${i}].overrides[${j}]`;
      for (const [name, { operation = 'UPSERT', value = '' }] of Object.entries(tagOverrides)) {
        const at = `${path}.tagOverrides["${name}"]`;
        if (name === '') verdict.warn(at, ['has no name', 'name the tag']);
        if (operation === 'UPSERT' && value === '') verdict.error(at, ['sets a tag without a value', 'set the value']);
        if (operation === 'REMOVE' && value !== '') verdict.error(at, ['removes a tag and has a value', 'remove the value']);
      }
      if (match?.customMetric === '') verdict.error(`${path}.match.customMetric`, ['is empty', 'name the metric']);
    });
  });
}

/** Checks a Telemetry. */
export function checkTelemetry(verdict: Verdict, spec: TelemetrySpec): void {
  const { accessLogging = [] } = spec;
  checkTargets(verdict, spec);
  checkMetrics(verdict, spec);
  checkTracing(verdict, spec);
  accessLogging.forEach(({ filter, providers }, i) => {
    if (filter !== undefined) verdict.error(`spec.accessLogging[${i}].filter.expression`, celProblem(filter.expression ?? ''));
    checkProviders(verdict, providers, `spec.accessLogging[${i}]`);
  });
}
