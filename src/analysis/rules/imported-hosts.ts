import { Sidecars } from '../../envoy/sidecars';
import { groupBy } from '../../manifest/group-by';
import { isHostWithin } from '../../manifest/host-name';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Labels } from '../../manifest/labels';
import { manifestsOf, readManifests, sourceOf } from '../../manifest/manifest';
import { canonical, items, labelsOf, texts } from '../fields';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';
import type { Workload } from '../workloads';

/** Whether a Sidecar lets the pods of a namespace see a host of a namespace. */
function imports(sidecar: KubernetesObject, own: string, host: string, namespace: string): boolean {
  const listeners = items(sidecar.spec?.egress);
  const hosts = listeners.flatMap(listener => texts(listener.hosts));
  const covers = (entry: string) => {
    const [scope, name] = [entry.slice(0, entry.indexOf('/')), entry.slice(entry.indexOf('/') + 1)];
    const from = scope === '.' ? own : scope;
    return (from === '*' || from === namespace) && (name === '*' || isHostWithin(host, name));
  };
  const excluded = hosts.filter(entry => entry.startsWith('~')).map(entry => `${entry.slice(1).startsWith('/') ? '*' : ''}${entry.slice(1)}`);
  return listeners.length === 0 || (hosts.some(covers) && !excluded.some(covers));
}

function isLocked(index: TrafficIndex, sidecar: KubernetesObject | undefined): boolean {
  const policy = sidecar?.spec?.outboundTrafficPolicy;
  return (policy ? policy.mode ?? 'REGISTRY_ONLY' : index.meshConfig.outboundTrafficPolicy.mode) === 'REGISTRY_ONLY';
}

/** A call that is stated somewhere: by labels of callers in a VirtualService, or by the options. */
interface Call {
  readonly caller: Workload;
  readonly host: string;
  /** Where a VirtualService states it. */
  readonly at?: { readonly object: KubernetesObject; readonly path: string };
}

/** In how many namespaces callers by one set of labels may be, to count as those who call. */
const FEW = 5;

function callsOf(index: TrafficIndex): Call[] {
  const known = new Map<string, readonly Workload[]>();
  const callersBy = (labels: Labels, namespace: string | undefined) => {
    const key = canonical([labels, namespace]);
    const callers = known.get(key) ?? index.workloads.selectedBy(labels, namespace);
    // Labels that pods of many namespaces have say nothing about who calls.
    const counted = new Set(callers.map(caller => caller.namespace)).size > FEW ? [] : callers;
    known.set(key, counted);
    return counted;
  };
  const byLabels = index.of('VirtualService').filter(object => index.isForMesh(object)).flatMap(object => {
    const hosts = texts(object.spec?.hosts).map(host => index.fullHost(host, index.namespaceOf(object)));
    return ['http', 'tcp', 'tls'].flatMap(block => items(object.spec?.[block]).flatMap((rule, r) => items(rule.match).flatMap((match, m) => {
      const labels = labelsOf(match.sourceLabels);
      if (Object.keys(labels).length === 0) return [];
      return callersBy(labels, match.sourceNamespace || undefined).flatMap(caller => hosts.map(host => ({ caller, host, at: { object, path: `spec.${block}[${r}].match[${m}].sourceLabels` } })));
    })));
  });
  const byOptions = [...index.calls].flatMap(([from, hosts]) => index.registry.named(from).flatMap(({ selector, namespace }) => (
    selector ? index.workloads.selectedBy(selector, namespace).flatMap(caller => hosts.map(host => ({ caller, host }))) : [])));
  return [...byLabels, ...byOptions];
}

const callNotImported: TrafficRule = {
  id: 'call-not-imported',
  codes: [],
  severity: 'error',
  needs: ['Service', 'Workload'],
  title: 'Pods that are said to call a host have a Sidecar that keeps it from them',
  check(index, report) {
    const sidecars = new Sidecars(manifestsOf(readManifests(index.placed('Sidecar')).manifests, 'Sidecar'), index.meshConfig.rootNamespace);
    const stated = groupBy(callsOf(index), ({ caller, host, at }) => `${index.nameOf(caller.object)} ${caller.object.kind} ${host} ${at ? `${index.nameOf(at.object)} ${at.path}` : ''}`);
    for (const [{ caller, host, at }] of stated.values()) {
      const found = sidecars.of({ type: 'sidecar', namespace: caller.namespace, labels: caller.labels });
      const sidecar = found && sourceOf(found);
      const target = index.registry.find(host, [caller.namespace]);
      const locked = isLocked(index, sidecar);
      const pods = `the pods of ${caller.object.kind} ${index.nameOf(caller.object)}`;
      if (!target) {
        if (locked && index.registry.named(host).length === 0) {
          report(at?.object ?? sidecar ?? caller.object, at?.path ?? 'spec', `${pods} call '${host}', which no Service or ServiceEntry has, and unknown hosts are blocked for them (REGISTRY_ONLY): 502`, `add a ServiceEntry for '${host}'`);
        }
        continue;
      }
      if (!sidecar || imports(sidecar, caller.namespace, host, target.namespace)) continue;
      report(at?.object ?? sidecar, at?.path ?? 'spec.egress', `${pods} call '${host}', and Sidecar ${index.nameOf(sidecar)} does not import it: ${locked ? 'requests get 502' : 'requests go out as to an unknown host, and no rule holds for them'}`,
        `add '${target.namespace}/${host}' to the egress hosts of Sidecar ${index.nameOf(sidecar)}`);
    }
  },
};

const ruleNotImported: TrafficRule = {
  id: 'virtual-service-not-imported',
  codes: [],
  severity: 'warning',
  needs: ['Workload'],
  title: 'A VirtualService is for one namespace, whose Sidecar does not import its host',
  check(index, report) {
    const sidecars = new Sidecars(manifestsOf(readManifests(index.placed('Sidecar')).manifests, 'Sidecar'), index.meshConfig.rootNamespace);
    for (const object of index.of('VirtualService')) {
      const visible = index.visibilityOf(object);
      if (!index.isForMesh(object) || visible === 'all' || visible.size !== 1) continue;
      const [namespace] = visible;
      const sidecar = sidecars.of({ type: 'sidecar', namespace });
      if (!sidecar || index.workloads.in(namespace).length === 0) continue;
      texts(object.spec?.hosts).forEach((written, h) => {
        const host = index.fullHost(written, index.namespaceOf(object));
        if (imports(sidecar, namespace, host, index.namespaceOf(object))) return;
        report(object, `spec.hosts[${h}]`, `this VirtualService is for clients in '${namespace}' alone, and Sidecar ${index.nameOf(sidecar)} imports no '${host}' from '${index.namespaceOf(object)}': they do not obey it`,
          `add '${index.namespaceOf(object)}/${host}' to the egress hosts of Sidecar ${index.nameOf(sidecar)}`);
      });
    }
  },
};

/** Rules about hosts that Sidecars keep from those who call them. */
export const IMPORTED_HOST_RULES: readonly TrafficRule[] = [callNotImported, ruleNotImported];
