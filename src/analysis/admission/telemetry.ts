import { celProblem } from './cel-syntax';
import { checkSelector } from './values';
import type { Verdict } from './verdict';
import type { Fields } from '../fields';
import { entries, items } from '../fields';

const TARGETS = ['core/Service', 'networking.istio.io/ServiceEntry', 'gateway.networking.k8s.io/Gateway', 'gateway.networking.k8s.io/GatewayClass'];

function checkTarget(verdict: Verdict, target: Fields, path: string): void {
  const { name = '', namespace = '', kind = '', group = '' } = target;
  if (name === '') verdict.error(path, ['names nothing', 'state the name']);
  if (namespace !== '') verdict.error(path, [`names the namespace '${namespace}'`, 'leave it out; the target has to be in the namespace of the object']);
  const written = `${group === '' ? 'core' : group}/${kind}`;
  if (!TARGETS.includes(written)) verdict.error(path, [`is for a ${written}`, `use one of ${TARGETS.join(', ')}`]);
}

function checkProviders(verdict: Verdict, providers: Fields, path: string): void {
  const nameless = items(providers).findIndex(({ name = '' }) => name === '');
  if (nameless >= 0) verdict.error(`${path}.providers[${nameless}]`, ['names no provider', 'state the name that MeshConfig gives it']);
}

function checkTracing(verdict: Verdict, spec: Fields): void {
  const list = items(spec.tracing);
  if (list.length > 1) verdict.warn('spec.tracing', ['has several items, of which one works', 'state one']);
  list.forEach((tracing, i) => {
    const path = `spec.tracing[${i}]`;
    if (items(tracing.providers).length > 1) verdict.warn(`${path}.providers`, ['has several items, of which one works', 'state one']);
    checkProviders(verdict, tracing.providers, path);
    const percent = tracing.randomSamplingPercentage ?? 0;
    if (percent < 0 || percent > 100) verdict.error(`${path}.randomSamplingPercentage`, [`is ${percent}`, 'use a percentage from 0 to 100']);
    for (const [name, tag] of entries(tracing.customTags)) {
      const at = `${path}.customTags["${name}"]`;
      if (name === '') verdict.error(at, ['has no name', 'state it']);
      if (tag.literal !== undefined && (tag.literal.value ?? '') === '') verdict.error(`${at}.literal`, ['has no value', 'state it']);
      for (const source of ['header', 'environment']) {
        if (tag[source] !== undefined && (tag[source].name ?? '') === '') verdict.error(`${at}.${source}`, ['has no name', 'state it']);
      }
    }
  });
}

function checkMetrics(verdict: Verdict, spec: Fields): void {
  items(spec.metrics).forEach((metrics, i) => {
    checkProviders(verdict, metrics.providers, `spec.metrics[${i}]`);
    items(metrics.overrides).forEach((override, j) => {
      const path = `spec.metrics[${i}].overrides[${j}]`;
      for (const [name, { operation = 'UPSERT', value = '' }] of entries(override.tagOverrides)) {
        const at = `${path}.tagOverrides["${name}"]`;
        if (name === '') verdict.warn(at, ['has no name', 'name the tag']);
        if (operation === 'UPSERT' && value === '') verdict.error(at, ['sets a tag without a value', 'state the value']);
        if (operation === 'REMOVE' && value !== '') verdict.error(at, ['removes a tag and states a value', 'leave the value out']);
      }
      if (override.match?.customMetric === '') verdict.error(`${path}.match.customMetric`, ['is empty', 'name the metric']);
    });
  });
}

/** What admission has against a Telemetry. */
export function checkTelemetry(verdict: Verdict, spec: Fields): void {
  const chosen = [spec.selector, spec.targetRef, items(spec.targetRefs).length > 0 || undefined].filter(value => value !== undefined);
  if (chosen.length > 1) verdict.error('spec', ['chooses workloads in several ways', 'state one of selector and targetRefs']);
  checkSelector(verdict, spec.selector, 'spec.selector', 'matchLabels');
  if (spec.targetRef !== undefined) checkTarget(verdict, spec.targetRef, 'spec.targetRef');
  items(spec.targetRefs).forEach((target, i) => checkTarget(verdict, target, `spec.targetRefs[${i}]`));
  checkMetrics(verdict, spec);
  checkTracing(verdict, spec);
  items(spec.accessLogging).forEach((logging, i) => {
    if (logging.filter !== undefined) verdict.error(`spec.accessLogging[${i}].filter.expression`, celProblem(logging.filter.expression ?? ''));
    checkProviders(verdict, logging.providers, `spec.accessLogging[${i}]`);
  });
}
