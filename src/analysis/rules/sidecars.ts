import { groupBy } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { byAge } from '../../manifest/kubernetes-object';
import type { Labels } from '../../manifest/labels';
import { selectorText } from '../../manifest/labels';
import type { Fields } from '../fields';
import { isEmptyObject, items, labelsOf, texts } from '../fields';
import { hostAndWildcards } from '../host-lookup';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

function selectorOf(object: KubernetesObject): Labels {
  return labelsOf(object.spec?.workloadSelector?.labels);
}

function isForAll(object: KubernetesObject): boolean {
  return Object.keys(selectorOf(object)).length === 0;
}

const sidecarSelectsNothing: TrafficRule = {
  id: 'sidecar-selects-no-pods',
  codes: ['IST0101', 'KIA0004'],
  severity: 'error',
  needs: ['Workload'],
  title: 'A Sidecar\'s selector is on no pod of its namespace',
  check(index, report) {
    for (const object of index.of('Sidecar')) {
      if (isForAll(object) || index.workloads.hasAny(selectorOf(object), index.namespaceOf(object))) continue;
      report(object, 'spec.workloadSelector.labels', `no pod in '${index.namespaceOf(object)}' has the labels ${selectorText(selectorOf(object))}, so that this Sidecar has no effect`, 'write the labels of the pods\' template, or move the Sidecar to their namespace');
    }
  },
};

const overlappingSidecars: TrafficRule = {
  id: 'overlapping-sidecars',
  codes: ['IST0110', 'KIA0003'],
  severity: 'error',
  needs: ['Workload'],
  title: 'Two Sidecars select the same pods',
  check(index, report) {
    const chosen = index.of('Sidecar').filter(object => !isForAll(object));
    for (const { object, workload, others } of index.workloads.contested(chosen, selectorOf)) {
      const [first] = [object, ...others].sort(byAge);
      const ofWorkload = `${workload.object.kind} ${index.nameOf(workload.object)}`;
      report(object, 'spec.workloadSelector', `${others.map(other => index.nameOf(other)).join(', ')} select${others.length === 1 ? 's' : ''} the pods of ${ofWorkload} too, and a proxy obeys one Sidecar alone: ${first === object ? 'this one' : index.nameOf(first)} if all are made together`,
        'make the selectors exclude each other, or join the Sidecars; they never merge');
    }
  },
};

const severalDefaults: TrafficRule = {
  id: 'several-default-sidecars',
  codes: ['IST0111', 'KIA0002'],
  severity: 'error',
  title: 'A namespace has two Sidecars without selector',
  check(index, report) {
    const byNamespace = groupBy(index.of('Sidecar').filter(isForAll), object => index.namespaceOf(object));
    for (const [namespace, sidecars] of byNamespace) {
      if (sidecars.length < 2 || ambientNamespaces(index).has(namespace)) continue;
      const [first] = [...sidecars].sort(byAge);
      for (const object of sidecars) {
        const others = sidecars.filter(other => other !== object).map(other => index.nameOf(other));
        report(object, 'spec', `${others.join(', ')} in '${namespace}' ha${others.length === 1 ? 's' : 've'} no selector either, and proxies obey one of them alone: ${first === object ? 'this one' : index.nameOf(first)} if all are made together`,
          'join them into one; Sidecars never merge');
      }
    }
  },
};

/** Namespaces whose pods have no sidecar, as ztunnel carries their traffic. */
function ambientNamespaces(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('Namespace').filter(({ metadata: { labels = {} } }) => (
    labels['istio-injection'] !== 'enabled' && !labels['istio.io/rev'] && labels['istio.io/dataplane-mode'] === 'ambient')).map(({ metadata }) => metadata.name));
}

const sidecarInAmbient: TrafficRule = {
  id: 'sidecar-in-ambient-namespace',
  codes: ['IST0167'],
  severity: 'warning',
  title: 'A Sidecar is in a namespace whose pods have none',
  check(index, report) {
    const ambient = ambientNamespaces(index);
    for (const object of index.of('Sidecar')) {
      if (!isForAll(object) || !ambient.has(index.namespaceOf(object))) continue;
      report(object, 'metadata.namespace', `pods in '${index.namespaceOf(object)}' run in ambient mode, without sidecars, so that this Sidecar has no effect`, 'remove it, or inject sidecars there');
    }
  },
};

const unknownEgressHost: TrafficRule = {
  id: 'unknown-egress-host',
  codes: ['KIA1004'],
  severity: 'warning',
  needs: ['Service'],
  title: 'A Sidecar imports a host that nobody has',
  check(index, report) {
    const held = index.registry.hosts.flatMap(registered => hostAndWildcards(registered.host).map(host => ({ host, registered })));
    const named = groupBy(held, ({ host }) => host);
    for (const object of index.of('Sidecar')) {
      items(object.spec?.egress).forEach((listener, e) => texts(listener.hosts).forEach((entry, h) => {
        const [scope, host] = [entry.slice(0, entry.indexOf('/')), entry.slice(entry.indexOf('/') + 1)];
        if (!entry.includes('/') || host === '*' || index.isApiServer(host) || scope === '~' || scope.startsWith('~')) return;
        const namespace = scope === '.' ? index.namespaceOf(object) : scope;
        const found = [...(named.get(host) ?? []).map(({ registered }) => registered), ...index.registry.find(host, 'all') ? [index.registry.find(host, 'all')!] : []];
        if (found.some(registered => namespace === '*' || registered.namespace === namespace)) return;
        const elsewhere = found[0];
        report(object, `spec.egress[${e}].hosts[${h}]`, elsewhere ? `'${host}' is in namespace '${elsewhere.namespace}', not in '${namespace}', so that this entry imports nothing` : `no Service or ServiceEntry has the host '${host}', so that this entry imports nothing`,
          elsewhere ? `write '${elsewhere.namespace}/${host}'` : 'write the full host name of a Service or ServiceEntry');
      }));
    }
  },
};

const rootSidecarWithSelector: TrafficRule = {
  id: 'root-sidecar-with-selector',
  codes: ['KIA1006'],
  severity: 'warning',
  title: 'A Sidecar of the mesh\'s root namespace has a selector',
  check(index, report) {
    const { rootNamespace } = index.meshConfig;
    for (const object of index.of('Sidecar')) {
      if (index.namespaceOf(object) !== rootNamespace || isForAll(object)) continue;
      report(object, 'spec.workloadSelector', `with a selector this Sidecar is for pods in '${rootNamespace}' alone and no default of the mesh`, 'remove the selector to set a default for all namespaces, or move the Sidecar to the pods\' namespace');
    }
  },
};

const emptyOutboundPolicy: TrafficRule = {
  id: 'empty-outbound-traffic-policy',
  codes: ['KIA1007'],
  severity: 'warning',
  title: 'An empty `outboundTrafficPolicy` blocks all unknown hosts',
  check(index, report) {
    for (const object of index.of('Sidecar')) {
      const policy: Fields = object.spec?.outboundTrafficPolicy;
      if (!policy || policy.mode !== undefined || (!isEmptyObject(policy) && !policy.egressProxy)) continue;
      report(object, 'spec.outboundTrafficPolicy', 'without mode this is REGISTRY_ONLY: requests to hosts that no Service or ServiceEntry has get 502', 'state mode: REGISTRY_ONLY or mode: ALLOW_ANY, or remove outboundTrafficPolicy to get what the mesh has');
    }
  },
};

const deprecatedEgressProxy: TrafficRule = {
  id: 'deprecated-egress-proxy',
  codes: ['IST0002'],
  severity: 'warning',
  title: 'A Sidecar states the ignored `outboundTrafficPolicy.egressProxy`',
  check(index, report) {
    for (const object of index.of('Sidecar')) {
      if (object.spec?.outboundTrafficPolicy?.egressProxy) report(object, 'spec.outboundTrafficPolicy.egressProxy', 'Istio ignores this field', 'send unknown traffic to an egress gateway with a ServiceEntry and a VirtualService instead');
    }
  },
};

function locks(object: KubernetesObject | undefined): boolean {
  const policy = object?.spec?.outboundTrafficPolicy;
  return policy?.mode === 'REGISTRY_ONLY' || (policy !== undefined && policy !== null && policy.mode === undefined);
}

const sidecarDropsLockdown: TrafficRule = {
  id: 'sidecar-drops-registry-only',
  codes: [],
  severity: 'warning',
  title: 'A narrower Sidecar opens what a wider one has locked',
  check(index, report) {
    const { rootNamespace, outboundTrafficPolicy: { mode } } = index.meshConfig;
    if (mode === 'REGISTRY_ONLY') return;
    const defaults = new Map(index.of('Sidecar').filter(isForAll).sort(byAge).reverse().map(object => [index.namespaceOf(object), object]));
    for (const object of index.of('Sidecar')) {
      const namespace = index.namespaceOf(object);
      if (object.spec?.outboundTrafficPolicy !== undefined) continue;
      const wider = (isForAll(object) ? undefined : defaults.get(namespace)) ?? defaults.get(rootNamespace);
      if (!wider || wider === object || !locks(wider)) continue;
      report(object, 'spec', `Sidecar ${index.nameOf(wider)} states REGISTRY_ONLY, and this one takes its place as a whole: its pods may call any host again`,
        'state outboundTrafficPolicy: { mode: REGISTRY_ONLY } here too; nothing is inherited from one Sidecar to another');
    }
  },
};

/** Rules about Sidecars: whom they are for, what they import and what they lock. */
export const SIDECAR_RULES: readonly TrafficRule[] = [
  sidecarSelectsNothing, overlappingSidecars, severalDefaults, sidecarInAmbient, unknownEgressHost, rootSidecarWithSelector, emptyOutboundPolicy,
  deprecatedEgressProxy, sidecarDropsLockdown,
];
