import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Labels } from '../../manifest/labels';
import type { Fields } from '../fields';
import { isEmptyObject, isObject, items, labelsOf, texts } from '../fields';
import type { StatedPolicy } from '../stated-policies';
import { statedPolicies } from '../stated-policies';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

interface Level {
  readonly stated: StatedPolicy;
  readonly object: KubernetesObject;
  readonly policy: Fields;
  readonly path: string;
  /** The labels of the subset, where it is one's policy. */
  readonly labels?: Labels;
  /** The policy of the whole host, where this one is a subset's. */
  readonly above?: Fields;
}

/** Made once for the rules of this file. */
const LEVELS = new WeakMap<TrafficIndex, readonly Level[]>();

function levels(index: TrafficIndex): readonly Level[] {
  const known = LEVELS.get(index) ?? [...levelsOf(index)];
  LEVELS.set(index, known);
  return known;
}

/** Every policy of every DestinationRule: of the host, its subsets, and the ports of both. */
function* levelsOf(index: TrafficIndex): Generator<Level> {
  for (const stated of statedPolicies(index)) {
    const { object, policy, subsets } = stated;
    const whole: Level[] = [
      { stated, object, policy, path: 'spec.trafficPolicy' },
      ...subsets.flatMap((subset, s) => (subset.trafficPolicy ? [{
        stated, object, policy: subset.trafficPolicy, path: `spec.subsets[${s}].trafficPolicy`, labels: labelsOf(subset.labels), above: policy,
      }] : [])),
    ];
    for (const level of whole) {
      if (!level.policy) continue;
      yield level;
      for (const [e, entry] of items(level.policy.portLevelSettings).entries()) {
        yield { ...level, policy: entry, path: `${level.path}.portLevelSettings[${e}]`, above: undefined };
      }
    }
  }
}

/** Numbers of which Istio takes 0 for "not stated", and what holds then. */
const ZEROS = ([
  ['connectionPool.tcp.maxConnections', 'no limit'],
  ['connectionPool.http.http1MaxPendingRequests', 'no limit'],
  ['connectionPool.http.http2MaxRequests', 'no limit'],
  ['connectionPool.http.maxRetries', 'no limit'],
  ['connectionPool.http.maxConcurrentStreams', 'no limit'],
  ['outlierDetection.maxEjectionPercent', '10 percent'],
] as const).map(([field, otherwise]) => ({ field, otherwise, names: field.split('.') }));

const zeroReadAsUnset: TrafficRule = {
  id: 'zero-read-as-unset',
  codes: [],
  severity: 'warning',
  title: 'A zero is read as not stated',
  check(index, report) {
    for (const { object, policy, path } of levels(index)) {
      for (const { field, otherwise, names } of ZEROS) {
        let value: Fields = policy;
        for (const name of names) value = value?.[name];
        if (value === 0) report(object, `${path}.${field}`, `0 is read as if it was not stated: ${otherwise} holds`, 'state at least 1, or leave it out');
      }
    }
  },
};

const emptyOutlierDetection: TrafficRule = {
  id: 'empty-outlier-detection',
  codes: [],
  severity: 'warning',
  title: 'An empty `outlierDetection` switches ejection on',
  check(index, report) {
    for (const { object, policy, path } of levels(index)) {
      if (!isEmptyObject(policy.outlierDetection)) continue;
      report(object, `${path}.outlierDetection`, '`outlierDetection: {}` ejects endpoints after five errors in a row, with Envoy\'s defaults', 'remove it if nothing is to be ejected, or state what you want, such as consecutive5xxErrors');
    }
  },
};

/** How many pods stand behind a host or a subset of it; undefined where the manifests leave it open. */
function endpointsOf(index: TrafficIndex, scaled: ReadonlySet<string>, host: string, labels: Labels): number | undefined {
  const services = index.registry.named(host);
  if (services.length !== 1 || !services[0].selector || services[0].object.kind !== 'Service') return undefined;
  const workloads = index.workloads.selectedBy({ ...services[0].selector, ...labels }, services[0].namespace);
  if (workloads.length === 0 || workloads.some(({ object }) => scaled.has(index.nameOf(object)))) return undefined;
  return workloads.reduce<number | undefined>((sum, { replicas }) => (sum === undefined || replicas === undefined ? undefined : sum + replicas), 0);
}

const ejectionImpossible: TrafficRule = {
  id: 'ejection-impossible',
  codes: [],
  severity: 'warning',
  title: 'Outlier detection can never eject an endpoint',
  check(index, report) {
    // HorizontalPodAutoscalers, KEDA's ScaledObjects and their like.
    const scalers = index.objects.filter(({ spec }) => isObject(spec?.scaleTargetRef));
    const scaled = new Set(scalers.map(scaler => `${index.namespaceOf(scaler)}/${scaler.spec.scaleTargetRef.name}`));
    for (const { object, policy, path, stated, labels } of levels(index)) {
      const detection = policy.outlierDetection;
      if (!detection || isEmptyObject(detection)) continue;
      const countsOthers = Number(detection.consecutiveGatewayErrors ?? 0) > 0 || detection.splitExternalLocalOriginErrors === true;
      if (detection.consecutive5xxErrors === 0 && !countsOthers) {
        report(object, `${path}.outlierDetection.consecutive5xxErrors`, '0 switches the count of errors off and nothing else is counted, so that no endpoint is ever ejected', 'state how many errors in a row eject an endpoint, or consecutiveGatewayErrors, or remove outlierDetection');
        continue;
      }
      const percent = Number(detection.maxEjectionPercent ?? 0) || 10;
      const endpoints = endpointsOf(index, scaled, stated.host, labels ?? {});
      if (endpoints === undefined || endpoints === 0 || 100 / endpoints <= percent) continue;
      report(object, `${path}.outlierDetection`, `of ${endpoints} endpoint${endpoints === 1 ? '' : 's'} one is ${Math.round(100 / endpoints)} percent, and at most ${percent} percent may be ejected (${detection.maxEjectionPercent ? 'maxEjectionPercent' : 'the default'}): none ever is`,
        endpoints === 1 ? 'state maxEjectionPercent: 100' : `state maxEjectionPercent: at least ${Math.ceil(100 / endpoints)}`);
    }
  },
};

const failoverWithoutDetection: TrafficRule = {
  id: 'failover-without-outlier-detection',
  codes: [],
  severity: 'warning',
  title: 'Failover between localities without outlier detection never happens',
  check(index, report) {
    for (const { object, policy, path, above } of levels(index)) {
      const setting = policy.loadBalancer?.localityLbSetting;
      if (!setting || setting.enabled === false || policy.outlierDetection || above?.outlierDetection) continue;
      const field = ['failover', 'failoverPriority'].find(name => items(setting[name]).length > 0);
      if (field === undefined) continue;
      report(object, `${path}.loadBalancer.localityLbSetting.${field}`, 'traffic moves to another locality only when endpoints are ejected, and nothing ejects any here', 'add outlierDetection beside loadBalancer, such as consecutive5xxErrors: 5');
    }
  },
};

/** The localities that the manifests tell of: of nodes, of workloads outside of the cluster, and of a ServiceEntry's endpoints. */
function localitiesOf(index: TrafficIndex): ReadonlySet<string> {
  const nodes = index.of('Node').map(({ metadata: { labels = {} } }) => (
    [labels['topology.kubernetes.io/region'], labels['topology.kubernetes.io/zone']].filter(part => part !== undefined).join('/')));
  const found = new Set([...nodes, ...texts(index.of('WorkloadEntry').map(({ spec }) => spec?.locality))]);
  for (const { labels } of index.workloads.all) {
    const stated: unknown = labels['istio-locality'];
    if (typeof stated === 'string') found.add(stated);
  }
  found.delete('');
  return found;
}

const detectionTurnsFailoverOn: TrafficRule = {
  id: 'outlier-detection-turns-failover-on',
  codes: [],
  severity: 'info',
  title: 'Outlier detection makes clients prefer their own locality',
  check(index, report) {
    const localities = localitiesOf(index);
    if (localities.size < 2 || index.meshConfig.localityLbSetting.enabled === false) return;
    for (const { object, policy, path, above } of levels(index)) {
      if (!policy.outlierDetection || policy.loadBalancer?.localityLbSetting || above?.loadBalancer?.localityLbSetting) continue;
      report(object, `${path}.outlierDetection`, `there are several localities (${[...localities].slice(0, 3).join(', ')}), and with outlier detection clients send everything to their own one as long as it is healthy`,
        'state loadBalancer.localityLbSetting: { enabled: false } to spread requests over all, or failover and distribute as you want them');
    }
  },
};

/** Rules about limits, ejection and localities. */
export const BALANCING_RULES: readonly TrafficRule[] = [
  zeroReadAsUnset, emptyOutlierDetection, ejectionImpossible, failoverWithoutDetection, detectionTurnsFailoverOn,
];
