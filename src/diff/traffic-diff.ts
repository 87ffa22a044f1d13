import type { CallerClass } from './caller-classes';
import { callerClasses } from './caller-classes';
import type { Caller } from './callers';
import { callersOf, callersOutside, describeCaller } from './callers';
import type { Change, TrafficChange } from './change';
import { RISKS } from './change';
import { compareInbound, InboundSides } from './compare-inbound';
import { compareProxies } from './compare-proxies';
import { compareRefusals } from './compare-refusals';
import { isSame } from './is-same';
import { compareEndpoints } from './lost-endpoints';
import { ProxyTraffic } from './proxy-traffic';
import { compareBackends, serviceBackends } from './service-backends';
import { compareSubsetLabels, subsetLabels } from './subset-labels';
import type { MeshConfigFields } from '../envoy/mesh-config';
import type { Proxy } from '../envoy/proxy';
import { serviceAddresses } from '../envoy/service-addresses';
import type { Translator } from '../envoy/translator';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { stableJson } from '../manifest/stable-json';

/** One side of a comparison: manifests and their translator. */
export interface Side {
  readonly objects: readonly KubernetesObject[];
  readonly meshConfig?: MeshConfigFields;
  readonly translator: Translator;
  readonly edge?: { readonly isWithoutSidecar: (proxy: Proxy) => boolean };
}

/** Called after each class of callers. */
export type Progress = (done: number, all: number) => void;

/** All callers whose traffic may differ between two sets of manifests. `isComplete`: the manifests have every pod of the mesh. */
export function callersOfBoth(old: Side, now: Side, defaultNamespace?: string, isComplete = false): CallerClass[] {
  const all = [old, now].flatMap(({ objects }) => {
    const known = callersOf(objects, defaultNamespace);
    return isComplete ? known : [...known, ...callersOutside(objects, known, defaultNamespace)];
  });
  const callers = [...new Map(all.map(caller => [describeCaller(caller), caller])).values()];
  return callerClasses(callers, [...old.objects, ...now.objects], [old.meshConfig, now.meshConfig]);
}

/** What changes for the traffic of the callers, highest risk first. A change that affects many callers is one entry that lists them all. */
export function diffTraffic(old: Side, now: Side, classes: readonly CallerClass[], progress: Progress = () => {}): TrafficChange[] {
  const [oldLabels, newLabels] = [old, now].map(({ objects }) => subsetLabels(objects));
  const [oldBackends, newBackends] = [old, now].map(({ objects }) => serviceBackends(objects));
  const [oldAddresses, newAddresses] = [old, now].map(({ translator }) => serviceAddresses(translator.services));
  const [oldSides, newSides] = [old, now].map(({ translator, edge }) => new InboundSides(translator, edge?.isWithoutSidecar.bind(edge)));
  const hasSameInbound = isSame(inboundInputs(old), inboundInputs(now));
  const changes = new Map<string, { readonly change: Change; readonly seenBy: number[] }>();
  classes.forEach(({ representative }, i) => {
    const [oldConfig, newConfig] = [old, now].map(({ translator }) => translator.translate(representative));
    const [before, after] = [new ProxyTraffic(oldConfig, oldAddresses), new ProxyTraffic(newConfig, newAddresses)];
    const pods = [
      ...compareSubsetLabels(oldLabels, newLabels, before, after),
      ...compareBackends(oldBackends, newBackends, before, after),
      ...compareEndpoints(before, after),
    ];
    const outbound = [...compareRefusals(oldConfig, newConfig), ...compareProxies(before, after), ...pods];
    const inbound = hasSameInbound ? [] : compareInbound(oldSides, newSides, before, after, outbound);
    for (const change of [...outbound, ...inbound]) {
      const key = stableJson(change);
      const known = changes.get(key);
      if (known) known.seenBy.push(i);
      else changes.set(key, { change, seenBy: [i] });
    }
    progress(i + 1, classes.length);
  });
  const lists = new Map<string, readonly Caller[]>();
  const callersOfClasses = (indexes: readonly number[]) => {
    const key = indexes.join();
    const list = lists.get(key) ?? indexes.flatMap(index => classes[index].members);
    lists.set(key, list);
    return list;
  };
  return [...changes.values()].map(({ change, seenBy }) => ({ ...change, callers: callersOfClasses(seenBy) })).sort(byRisk);
}

const FOR_CALLERS = new Set(['VirtualService', 'Gateway']);

/** What the sidecars of called pods may be made from. */
function inboundInputs({ objects, meshConfig }: Side): unknown {
  return [objects.filter(({ kind }) => !FOR_CALLERS.has(kind)), meshConfig];
}

function byRisk(a: Change, b: Change): number {
  return RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk) || compareTexts(a.host, b.host) || (a.port ?? 0) - (b.port ?? 0);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
