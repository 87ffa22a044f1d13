import { celProblem } from './cel-syntax';
import { checkSelector, percentageProblem } from './values';
import type { Verdict } from './verdict';
import type { CustomTag, PolicyTargetReference, ProviderRef, TelemetrySpec } from '../../manifest/istio-specs.generated';

const TARGETS = ['core/Service', 'networking.istio.io/ServiceEntry', 'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass'];

function checkTarget(verdict: Verdict, { name = '', namespace = '', kind = '', group = '' }: PolicyTargetReference, path: string): void {
  if (name === '') verdict.error(path, ['has no name', 'set it']);
  if (namespace !== '') {
    verdict.error(path, [`has the namespace '${namespace}'`, 'remove it; the target must be in the namespace of the object']);
  }
  const written = `${group === '' ? 'core' : group}/${kind}`;
  if (!TARGETS.includes(written)) verdict.error(path, [`is for a ${written}`, `use one of ${TARGETS.join(', ')}`]);
}

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
  const { selector, targetRef, targetRefs = [], accessLogging = [] } = spec;
  if ([selector !== undefined, targetRef !== undefined, targetRefs.length > 0].filter(Boolean).length > 1) {
    verdict.error('spec', ['selects workloads in several ways', 'keep one of selector and targetRefs']);
  }
  checkSelector(verdict, selector, 'spec.selector', 'matchLabels');
  if (targetRef !== undefined) checkTarget(verdict, targetRef, 'spec.targetRef');
  targetRefs.forEach((target, i) => checkTarget(verdict, target, `spec.targetRefs[${i}]`));
  checkMetrics(verdict, spec);
  checkTracing(verdict, spec);
  accessLogging.forEach(({ filter, providers }, i) => {
    if (filter !== undefined) verdict.error(`spec.accessLogging[${i}].filter.expression`, celProblem(filter.expression ?? ''));
    checkProviders(verdict, providers, `spec.accessLogging[${i}]`);
  });
}
