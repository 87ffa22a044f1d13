import type { IstioVersion } from '../../envoy/istio-versions';
import { istioVersion, PINNED } from '../../envoy/istio-versions';
import { parseDuration } from '../../manifest/duration';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Fields } from '../fields';
import { isEmptyObject, items } from '../fields';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

type HttpRule = { readonly object: KubernetesObject; readonly rule: Fields; readonly path: string };

/** Found once for the rules of this file. */
const HTTP_RULES = new WeakMap<TrafficIndex, readonly HttpRule[]>();

function httpRules(index: TrafficIndex): readonly HttpRule[] {
  const known = HTTP_RULES.get(index)
    ?? index.of('VirtualService').flatMap(object => items(object.spec?.http).map((rule, r) => ({ object, rule, path: `spec.http[${r}]` })));
  HTTP_RULES.set(index, known);
  return known;
}

const faultWithoutPercentage: TrafficRule = {
  id: 'fault-without-percentage',
  codes: [],
  severity: 'warning',
  title: 'A fault without percentage is never injected',
  check(index, report) {
    for (const { object, rule, path } of httpRules(index)) {
      for (const kind of ['delay', 'abort']) {
        const fault = rule.fault?.[kind];
        if (!fault || fault.percent !== undefined || fault.percentage?.value !== undefined) continue;
        report(object, `${path}.fault.${kind}`, `the ${kind} has no percentage, which Envoy reads as 0 percent: it is never injected`, 'state percentage: { value: 100 }, or the share that is meant, or remove the fault');
      }
    }
  },
};

const delayOutsideTimeout: TrafficRule = {
  id: 'delay-outside-timeout',
  codes: [],
  severity: 'info',
  title: 'An injected delay does not count against the timeout of its rule',
  check(index, report) {
    for (const { object, rule, path } of httpRules(index)) {
      const [timeout, delay] = [parseDuration(rule.timeout), parseDuration(rule.fault?.delay?.fixedDelay)];
      if (timeout === undefined || delay === undefined || !(timeout > 0) || delay < timeout) continue;
      report(object, `${path}.fault.delay.fixedDelay`, `the delay of ${rule.fault.delay.fixedDelay} comes before the timeout of ${rule.timeout} starts, and so never ends a request by it: clients wait, and get their answer`,
        'to try the timeout out, inject the delay one call further, in the VirtualService of a service that this one calls, or make the service itself slow');
    }
  },
};

const faultHidesRetries: TrafficRule = {
  id: 'fault-hides-retries',
  codes: [],
  severity: 'warning',
  title: 'An injected abort is never retried',
  check(index, report) {
    for (const { object, rule, path } of httpRules(index)) {
      if (!rule.fault?.abort || !(Number(rule.retries?.attempts ?? 0) > 0)) continue;
      report(object, `${path}.retries`, 'this rule aborts requests by itself, before they are sent, and such an abort is never retried: the retries are not put to the test',
        'make the called service fail, or inject the fault in front of it, in the VirtualService of a service that this one calls');
    }
  },
};

const emptyRetries: TrafficRule = {
  id: 'empty-retries',
  codes: [],
  severity: 'warning',
  title: 'An empty `retries` switches Istio\'s own retries off',
  check(index, report) {
    for (const { object, rule, path } of httpRules(index)) {
      if (!isEmptyObject(rule.retries)) continue;
      report(object, `${path}.retries`, '`retries: {}` means no retry at all, where a rule without `retries` has two by default', 'remove it to get the default, or state attempts: 0 if none is what you want');
    }
  },
};

const timeoutBelowRetries: TrafficRule = {
  id: 'timeout-below-retries',
  codes: [],
  severity: 'warning',
  title: 'The timeout ends a request before its retries can',
  check(index, report) {
    for (const { object, rule, path } of httpRules(index)) {
      const [timeout, perTry] = [parseDuration(rule.timeout), parseDuration(rule.retries?.perTryTimeout)];
      const attempts = Number(rule.retries?.attempts ?? 0);
      if (timeout === undefined || perTry === undefined || !(timeout > 0) || !(attempts > 0) || perTry * (attempts + 1) <= timeout) continue;
      const tries = Math.max(Math.ceil(timeout / perTry), 1);
      report(object, `${path}.timeout`, `${attempts} ${attempts === 1 ? 'retry' : 'retries'} of ${rule.retries.perTryTimeout}${attempts === 1 ? '' : ' each'}, after the first try, need ${(attempts + 1) * perTry / 1e9}s, and the timeout of the whole is ${rule.timeout}: at most ${tries} ${tries === 1 ? 'try is' : 'tries are'} made if each takes its time`,
        `state a timeout of at least ${(attempts + 1) * perTry / 1e9}s, or fewer attempts, or a shorter perTryTimeout`);
    }
  },
};

const ignoredOnRedirect: TrafficRule = {
  id: 'ignored-on-redirect',
  codes: [],
  severity: 'warning',
  title: 'A rule that answers by itself has settings for requests that are sent on',
  check(index, report) {
    for (const { object, rule, path } of httpRules(index)) {
      if (!rule.redirect && !rule.directResponse) continue;
      for (const field of ['timeout', 'retries', 'mirror', 'mirrors']) {
        if (rule[field] === undefined) continue;
        report(object, `${path}.${field}`, `a ${rule.redirect ? 'redirect' : 'direct response'} is answered by the proxy itself, so that \`${field}\` has no effect`, `remove \`${field}\`, or route to a destination`);
      }
    }
  },
};

const deprecatedDelayPercent: TrafficRule = {
  id: 'deprecated-delay-percent',
  codes: ['IST0002'],
  severity: 'warning',
  title: 'A delay states its share in the deprecated `percent`',
  check(index, report) {
    for (const { object, rule, path } of httpRules(index)) {
      if (!(Number(rule.fault?.delay?.percent) > 0)) continue;
      report(object, `${path}.fault.delay.percent`, '`percent` is deprecated, and takes whole numbers only', `state percentage: { value: ${rule.fault.delay.percent} }`);
    }
  },
};

const mirrorHostByVersion: TrafficRule = {
  id: 'mirrored-host-by-version',
  codes: [],
  severity: 'info',
  title: 'The Host of mirrored requests depends on the version of Istio',
  check(index, report) {
    if (!changes(index, 'keepsShadowHost')) return;
    for (const { object, rule, path } of httpRules(index)) {
      const mirrored = rule.mirror ? 'mirror' : items(rule.mirrors).length > 0 ? 'mirrors' : undefined;
      if (mirrored === undefined) continue;
      report(object, `${path}.${mirrored}`, `Istio ${index.upgradesFrom} appends '-shadow' to the Host of mirrored requests, and Istio 1.28 and later leave it as it is`,
        'let the mirror tell its traffic by something else, or run istiod with DISABLE_SHADOW_HOST_SUFFIX=false');
    }
  },
};

const retriesByVersion: TrafficRule = {
  id: 'default-retries-by-version',
  codes: [],
  severity: 'info',
  title: 'What is retried by default depends on the version of Istio',
  check(index, report) {
    if (!changes(index, 'retries') || index.meshConfig.defaultHttpRetryPolicy) return;
    const told = new Set<KubernetesObject>();
    for (const { object, rule, path } of httpRules(index)) {
      if (rule.retries !== undefined || items(rule.route).length === 0 || told.has(object)) continue;
      told.add(object);
      report(object, path, `without retries stated, Istio ${index.upgradesFrom} repeats a call that was answered 503, and Istio 1.24 and later do not`, 'state retries with retryOn, such as connect-failure,refused-stream,503, where that is wanted');
    }
  },
};

/** Whether Istio does something in another way than the version that is to be left. */
function changes(index: TrafficIndex, field: keyof IstioVersion): boolean {
  const from = index.upgradesFrom === undefined ? undefined : istioVersion(index.upgradesFrom);
  return from !== undefined && JSON.stringify(from[field]) !== JSON.stringify(istioVersion(PINNED)?.[field]);
}

/** Rules about faults, retries, timeouts and what else a rule does to requests. */
export const ROUTE_TREATMENT_RULES: readonly TrafficRule[] = [
  faultWithoutPercentage, delayOutsideTimeout, faultHidesRetries, emptyRetries, timeoutBelowRetries, ignoredOnRedirect, deprecatedDelayPercent,
  mirrorHostByVersion, retriesByVersion,
];
