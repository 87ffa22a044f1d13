import type { Labels } from '../../../manifest/labels';
import { readValue } from '../../../manifest/shape';
import type { HostPolicy } from '../../facts/host-policies';
import { policyLevels } from '../../facts/policy-levels';
import { isService } from '../../facts/registry';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

const SCALER = { spec: { scaleTargetRef: { name: 'string' } } } as const;
/** Envoy's default of `maxEjectionPercent`. */
const DEFAULT_PERCENT = 10;

/** `namespace/name` of what HorizontalPodAutoscalers, KEDA's ScaledObjects and their like scale. */
function scaledNames(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.manifests.flatMap(object => {
    const target = readValue(SCALER, object)?.spec?.scaleTargetRef;
    return target ? [`${index.namespaceOf(object)}/${target.name}`] : [];
  }));
}

/** How many pods are behind a host or a subset of it; undefined where the manifests leave it open. */
function endpointsOf({ host }: HostPolicy, labels: Labels, index: TrafficIndex): number | undefined {
  const [service, ...others] = index.registry.named(host);
  if (!service?.selector || others.length > 0 || !isService(service)) return undefined;
  const workloads = index.workloads.selectedBy({ ...service.selector, ...labels }, service.namespace);
  if (workloads.length === 0 || workloads.some(({ object }) => index.memo(scaledNames).has(index.nameOf(object)))) return undefined;
  return workloads.reduce<number | undefined>((sum, { replicas }) => (sum === undefined || replicas === undefined
    ? undefined
    : sum + replicas), 0);
}

export const rule = defineRule({
  id: 'ejection-impossible',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'Outlier detection can never eject an endpoint',
  effect: 'Envoy ejects endpoints while the share of ejected ones stays within maxEjectionPercent. One endpoint alone exceeds it.',
  check(object, report, index) {
    for (const { policy: { outlierDetection: detection }, path, stated, labels = {} } of policyLevels(object, index)) {
      if (!detection || Object.keys(detection).length === 0) continue;
      const { consecutive5xxErrors, consecutiveGatewayErrors = 0, splitExternalLocalOriginErrors, maxEjectionPercent } = detection;
      if (consecutive5xxErrors === 0 && !(consecutiveGatewayErrors > 0) && splitExternalLocalOriginErrors !== true) {
        report(`${path}.outlierDetection.consecutive5xxErrors`,
          '0 turns the count of errors off and nothing else is counted, so Envoy never ejects an endpoint',
          'set the number of consecutive errors that eject an endpoint, or consecutiveGatewayErrors, or remove outlierDetection');
        continue;
      }
      const percent = maxEjectionPercent || DEFAULT_PERCENT;
      const endpoints = endpointsOf(stated, labels, index);
      if (endpoints === undefined || endpoints === 0 || 100 / endpoints <= percent) continue;
      const one = endpoints === 1 ? 'the only endpoint' : `one of ${endpoints} endpoints`;
      const source = maxEjectionPercent ? 'maxEjectionPercent' : 'the default';
      report(`${path}.outlierDetection`,
        `${one} is ${Math.round(100 / endpoints)} percent, but Envoy may eject at most ${percent} percent (${source}), so it `
          + 'never ejects one',
        `set maxEjectionPercent to ${endpoints === 1 ? '100' : `at least ${Math.ceil(100 / endpoints)}`}`);
    }
  },
});
