import { groupBy } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { byAge } from '../../manifest/kubernetes-object';
import type { Labels } from '../../manifest/labels';
import { selectorText, selects } from '../../manifest/labels';
import { items, labelsOf } from '../fields';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';
import type { Contest, Workload } from '../workloads';

function selectorOf(object: KubernetesObject): Labels {
  return labelsOf(object.spec?.selector?.matchLabels);
}

const telemetrySelectsNothing: TrafficRule = {
  id: 'telemetry-selects-no-pods',
  codes: ['IST0101'],
  severity: 'error',
  needs: ['Workload'],
  title: 'A Telemetry\'s selector is on no pod of its namespace',
  check(index, report) {
    for (const object of index.of('Telemetry')) {
      const selector = selectorOf(object);
      if (Object.keys(selector).length === 0 || index.workloads.hasAny(selector, index.namespaceOf(object))) continue;
      report(object, 'spec.selector.matchLabels', `no pod in '${index.namespaceOf(object)}' has the labels ${selectorText(selector)}, so that this Telemetry has no effect`,
        'write the labels of the pods\' template, or move the Telemetry to their namespace; a selector does not reach others, not even from the root namespace');
    }
  },
};

const PARTS = ['metrics', 'tracing', 'accessLogging'] as const;

/** What two Telemetries both state; only there can one stand in the other's way. */
function sharedParts(one: KubernetesObject, other: KubernetesObject): string[] {
  return PARTS.filter(part => [one, other].every(({ spec }) => items(spec?.[part]).length > 0));
}

function contests(index: TrafficIndex): Contest[] {
  return index.workloads.contested(index.of('Telemetry').filter(object => Object.keys(selectorOf(object)).length > 0), selectorOf);
}

function selectText(index: TrafficIndex, others: readonly KubernetesObject[], { object }: Workload): string {
  return `${others.map(other => index.nameOf(other)).join(', ')} select${others.length === 1 ? 's' : ''} the pods of ${object.kind} ${index.nameOf(object)} too`;
}

const overlappingTelemetries: TrafficRule = {
  id: 'overlapping-telemetries',
  codes: ['IST0159'],
  severity: 'error',
  needs: ['Workload'],
  title: 'Two Telemetries select the same pods',
  check(index, report) {
    for (const { object, workload, others } of contests(index)) {
      const rivals = others.filter(other => sharedParts(object, other).length > 0);
      if (rivals.length === 0) continue;
      const parts = PARTS.filter(part => rivals.some(rival => sharedParts(object, rival).includes(part)));
      report(object, 'spec.selector', `${selectText(index, rivals, workload)} and state${rivals.length === 1 ? 's' : ''} ${parts.join(', ')} as this one does; whose setting holds depends on their age`,
        'make the selectors exclude each other, or join the Telemetries');
    }
  },
};

const sharedPods: TrafficRule = {
  id: 'telemetries-share-pods',
  codes: ['IST0159'],
  severity: 'info',
  needs: ['Workload'],
  title: 'Two Telemetries select the same pods and state different things',
  check(index, report) {
    for (const { object, workload, others } of contests(index)) {
      if (others.some(other => sharedParts(object, other).length > 0)) continue;
      report(object, 'spec.selector', `${selectText(index, others, workload)}; all of them hold, as they state different parts, until two state the same one`,
        'nothing has to be done; one Telemetry for these pods would be safer');
    }
  },
};

const severalDefaults: TrafficRule = {
  id: 'several-default-telemetries',
  codes: ['IST0160'],
  severity: 'error',
  title: 'A namespace has two Telemetries without selector, of which one is ignored',
  check(index, report) {
    // One that targets a Gateway or a Service is no default of its namespace.
    const defaults = index.of('Telemetry').filter(({ spec }) => spec?.selector === undefined && spec?.targetRef === undefined && items(spec?.targetRefs).length === 0);
    for (const [namespace, telemetries] of groupBy(defaults, object => index.namespaceOf(object))) {
      if (telemetries.length < 2) continue;
      const [first] = [...telemetries].sort(byAge);
      for (const object of telemetries) {
        const others = telemetries.filter(other => other !== object).map(other => index.nameOf(other));
        report(object, 'spec', `${others.join(', ')} in '${namespace}' ha${others.length === 1 ? 's' : 've'} no selector either, and one of them is used: ${first === object ? 'this one if all are made together, and the others are ignored' : `${index.nameOf(first)} if all are made together, and this one is ignored`}`,
          'join them into one Telemetry');
      }
    }
  },
};

const loggingWithoutProvider: TrafficRule = {
  id: 'access-logging-without-provider',
  codes: ['IST0157'],
  severity: 'warning',
  title: 'Access logging names no provider, and the mesh has no default one',
  check(index, report) {
    if ((index.meshConfig.defaultProviders.accessLogging ?? []).length > 0) return;
    for (const object of index.of('Telemetry')) {
      items(object.spec?.accessLogging).forEach((logging, l) => {
        if (logging.disabled === true || items(logging.providers).length > 0) return;
        report(object, `spec.accessLogging[${l}]`, 'without a provider, here or in MeshConfig\'s defaultProviders, nothing is logged by this', 'add providers: [{ name: envoy }], which logs to the proxy\'s standard output');
      });
    }
  },
};

const tracingWithoutProvider: TrafficRule = {
  id: 'tracing-without-provider',
  codes: [],
  severity: 'warning',
  title: 'Tracing names no provider, and the mesh has no default one',
  check(index, report) {
    if ((index.meshConfig.defaultProviders.tracing ?? []).length > 0 || index.meshConfig.defaultConfig.tracing) return;
    const wide = index.of('Telemetry').filter(({ spec }) => items(spec?.tracing).some(({ providers }) => items(providers).length > 0)).map(object => index.namespaceOf(object));
    const named = new Set(wide);
    for (const object of index.of('Telemetry')) {
      // A wider Telemetry's provider is kept where a narrower one names none.
      if (named.has(index.meshConfig.rootNamespace) || named.has(index.namespaceOf(object))) continue;
      items(object.spec?.tracing).forEach((tracing, t) => {
        if (tracing.disableSpanReporting === true || items(tracing.providers).length > 0) return;
        report(object, `spec.tracing[${t}]`, 'without a provider, here or in MeshConfig\'s defaultProviders, no request is traced, whatever the percentage', 'add providers: [{ name: ... }] with a tracing provider of MeshConfig\'s extensionProviders');
      });
    }
  },
};

const unknownProvider: TrafficRule = {
  id: 'unknown-telemetry-provider',
  codes: [],
  severity: 'error',
  needs: ['MeshConfig'],
  title: 'A Telemetry names a provider that MeshConfig does not have',
  check(index, report) {
    const known = new Set(index.meshConfig.extensionProviders.map(({ name }) => String(name)));
    for (const object of index.of('Telemetry')) {
      for (const part of ['accessLogging', 'tracing', 'metrics']) {
        items(object.spec?.[part]).forEach((setting, i) => items(setting.providers).forEach(({ name }, p) => {
          if (known.has(String(name))) return;
          report(object, `spec.${part}[${i}].providers[${p}].name`, `MeshConfig has no extension provider '${name}', so that this is silently left out`, `use one that it has: ${[...known].join(', ')}`);
        }));
      }
    }
  },
};

const deprecatedProvider: TrafficRule = {
  id: 'deprecated-tracing-provider',
  codes: ['IST0002'],
  severity: 'warning',
  needs: ['MeshConfig'],
  title: 'Tracing uses a Lightstep provider',
  check(index, report) {
    const lightstep = new Set(index.meshConfig.extensionProviders.filter(provider => provider.lightstep).map(({ name }) => String(name)));
    for (const object of index.of('Telemetry')) {
      items(object.spec?.tracing).forEach((tracing, t) => items(tracing.providers).forEach(({ name }, p) => {
        if (lightstep.has(String(name))) report(object, `spec.tracing[${t}].providers[${p}].name`, `'${name}' is a Lightstep provider, which Istio is giving up`, 'use an OpenTelemetry provider');
      }));
    }
  },
};

const ineffectiveSelector: TrafficRule = {
  id: 'selector-on-gateway-api-pods',
  codes: ['IST0166'],
  severity: 'warning',
  needs: ['Workload'],
  title: 'A Telemetry selects pods of a Gateway API Gateway by labels',
  check(index, report) {
    const NAME = 'gateway.networking.k8s.io/gateway-name';
    const byNamespace = groupBy(index.workloads.all.filter(({ labels }) => labels[NAME] !== undefined), ({ namespace }) => namespace);
    for (const object of index.of('Telemetry')) {
      if (object.spec?.targetRef || !object.spec?.selector) continue;
      for (const { labels } of byNamespace.get(index.namespaceOf(object)) ?? []) {
        if (!selects(selectorOf(object), labels)) continue;
        report(object, 'spec.selector', `the selected pods are those of Gateway '${labels[NAME]}', which Istio does not find by a selector`, `state targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: ${labels[NAME]} }]`);
      }
    }
  },
};

/** Rules about Telemetries: whom they are for and to where they report. */
export const TELEMETRY_RULES: readonly TrafficRule[] = [
  telemetrySelectsNothing, overlappingTelemetries, sharedPods, severalDefaults, loggingWithoutProvider, tracingWithoutProvider, unknownProvider,
  deprecatedProvider, ineffectiveSelector,
];
