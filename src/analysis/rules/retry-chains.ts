import { groupBy } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { selects } from '../../manifest/labels';
import { items, labelsOf, texts } from '../fields';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** Tries that a request for a host may come to at its next hop, as one VirtualService states them. */
interface Hop {
  readonly object: KubernetesObject;
  readonly path: string;
  readonly tries: number;
  readonly host: string;
  /** The labels that callers state, where the rule is for some callers only. */
  readonly callers?: { readonly [name: string]: string };
  readonly isGateway: boolean;
}

function hopsOf(index: TrafficIndex): Hop[] {
  return index.of('VirtualService').flatMap(object => items(object.spec?.http).flatMap((rule, r) => {
    const attempts = Number(rule.retries?.attempts ?? 0);
    if (!(attempts > 0)) return [];
    const hosts = new Set(index.destinationsOf(object).filter(({ block, rule: at, mirror }) => block === 'http' && at === r && !mirror).map(({ host }) => host));
    const callers = items(rule.match).map(({ sourceLabels }) => sourceLabels).find(labels => labels);
    return [...hosts].map(host => ({
      object, path: `spec.http[${r}].retries.attempts`, tries: attempts + 1, host, isGateway: !index.isForMesh(object), ...(callers && { callers: labelsOf(callers) }),
    }));
  }));
}

/** The services that a service is said to call: by labels of callers, by what a Sidecar of its pods imports, and as the options tell. */
function calledBy(index: TrafficIndex, byCaller: ReadonlyMap<string, readonly Hop[]>, host: string): Set<string> {
  const called = new Set(index.calls.get(host) ?? []);
  const [service] = index.registry.named(host);
  if (!service?.selector) return called;
  for (const [name, value] of Object.entries(service.selector)) {
    for (const hop of byCaller.get(`${name}=${value}`) ?? []) if (selects(hop.callers!, service.selector)) called.add(hop.host);
  }
  for (const sidecar of index.sidecarsIn(service.namespace)) {
    const labels = labelsOf(sidecar.spec?.workloadSelector?.labels);
    if (Object.keys(labels).length === 0 || !selects(labels, service.selector)) continue;
    for (const listener of items(sidecar.spec?.egress)) {
      for (const entry of texts(listener.hosts)) if (!entry.endsWith('/*')) called.add(entry.slice(entry.indexOf('/') + 1));
    }
  }
  return called;
}

/** From how many requests for one on retries are worth a word. */
const MANY = 9;

const retriesMultiply: TrafficRule = {
  id: 'retries-multiply',
  codes: [],
  severity: 'warning',
  needs: ['Service'],
  title: 'Retries of one call multiply with those of the calls behind it',
  check(index, report) {
    const hops = hopsOf(index);
    const byHost = groupBy(hops.filter(({ isGateway }) => !isGateway), ({ host }) => host);
    // By one of the labels of their callers, all of which the calling service has to have.
    const byCaller = groupBy(hops, ({ callers }) => callers && Object.entries(callers).map(([name, value]) => `${name}=${value}`)[0]);
    const told = new Set<string>();
    for (const hop of hops) {
      for (const next of calledBy(index, byCaller, hop.host)) {
        for (const behind of byHost.get(next) ?? []) {
          const tries = hop.tries * behind.tries;
          const key = `${index.nameOf(behind.object)} ${behind.path} ${hop.host}`;
          if (behind === hop || tries < MANY || next === hop.host || told.has(key)) continue;
          told.add(key);
          report(behind.object, behind.path, `a call of '${hop.host}' is tried ${hop.tries} times (VirtualService ${index.nameOf(hop.object)}), and each of them calls '${next}' up to ${behind.tries} times: up to ${tries} requests for one, when '${next}' is overloaded already`,
            'retry at one place of the chain, best next to what fails, or state a retryBudget in the DestinationRule');
        }
      }
    }
  },
};

/** Rules about retries over several calls. */
export const RETRY_CHAIN_RULES: readonly TrafficRule[] = [retriesMultiply];
