import { groupBy } from '../../../manifest/group-by';
import type { Labels } from '../../../manifest/labels';
import { selects } from '../../../manifest/labels';
import type { ManifestOf } from '../../../manifest/manifest';
import { destinationsOf } from '../../facts/destinations';
import type { VirtualService } from '../../facts/virtual-services';
import { isForMesh } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The tries that a VirtualService allows for a request to a host. */
interface Hop {
  readonly object: VirtualService;
  readonly path: string;
  readonly tries: number;
  readonly host: string;
  /** The labels of its callers, where the route is for some callers only. */
  readonly callers?: Labels;
  readonly isGateway: boolean;
}

function hopsOf(object: VirtualService, index: TrafficIndex): readonly Hop[] {
  return (object.spec?.http ?? []).flatMap(({ retries: { attempts = 0 } = {}, match = [] }, r) => {
    if (!(attempts > 0)) return [];
    const hosts = new Set(destinationsOf(object, index).filter(({ block, route, mirror }) => block === 'http' && route === r && !mirror)
      .map(({ host }) => host));
    const callers = match.map(({ sourceLabels }) => sourceLabels).find(labels => labels);
    return [...hosts].map(host => (
      {
        object,
        path: `spec.http[${r}].retries.attempts`,
        tries: attempts + 1,
        host,
        isGateway: !isForMesh(object),
        ...(callers && { callers }),
      }));
  });
}

function allHops(index: TrafficIndex): readonly Hop[] {
  return index.of('VirtualService').flatMap(object => index.memoOf(object, hopsOf));
}

function meshHopsByHost(index: TrafficIndex): ReadonlyMap<string, readonly Hop[]> {
  return groupBy(index.memo(allHops).filter(({ isGateway }) => !isGateway), ({ host }) => host);
}

/** Hops by the first label of their callers; the calling service must have all of them. */
function hopsByCaller(index: TrafficIndex): ReadonlyMap<string, readonly Hop[]> {
  return groupBy(index.memo(allHops), ({ callers }) => callers && Object.entries(callers).map(([name, value]) => `${name}=${value}`)[0]);
}

function sidecarsByNamespace(index: TrafficIndex): ReadonlyMap<string, readonly ManifestOf<'Sidecar'>[]> {
  return groupBy(index.of('Sidecar'), object => index.namespaceOf(object));
}

/** The hosts that the pods of a host call: by the callers' labels in routes, by what a Sidecar of the pods imports, and by the options. */
function calledBy(host: string, index: TrafficIndex): Set<string> {
  const called = new Set(index.callsOf(host));
  const [service] = index.registry.named(host);
  if (!service?.selector) return called;
  const { selector, namespace } = service;
  for (const [name, value] of Object.entries(selector)) {
    for (const hop of index.memo(hopsByCaller).get(`${name}=${value}`) ?? []) if (selects(hop.callers!, selector)) called.add(hop.host);
  }
  for (const { spec: { workloadSelector, egress = [] } = {} } of index.memo(sidecarsByNamespace).get(namespace) ?? []) {
    const labels = workloadSelector?.labels ?? {};
    if (Object.keys(labels).length === 0 || !selects(labels, selector)) continue;
    for (const { hosts = [] } of egress) {
      for (const entry of hosts) if (!entry.endsWith('/*')) called.add(entry.slice(entry.indexOf('/') + 1));
    }
  }
  return called;
}

/** The number of requests for one request from which the rule reports. */
const MANY = 9;

/** Two hops, one behind the other. */
interface Chain {
  readonly hop: Hop;
  readonly behind: Hop;
}

/** The chains with many tries, once per route and calling host. */
function findChains(index: TrafficIndex): ReadonlyMap<VirtualService, readonly Chain[]> {
  const told = new Set<string>();
  const chains: Chain[] = [];
  for (const hop of index.memo(allHops)) {
    for (const next of calledBy(hop.host, index)) {
      for (const behind of index.memo(meshHopsByHost).get(next) ?? []) {
        const key = `${index.nameOf(behind.object)} ${behind.path} ${hop.host}`;
        if (behind === hop || hop.tries * behind.tries < MANY || next === hop.host || told.has(key)) continue;
        told.add(key);
        chains.push({ hop, behind });
      }
    }
  }
  return groupBy(chains, ({ behind }) => behind.object);
}

export const rule = defineRule({
  id: 'retries-multiply',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'The retries of one call multiply with those of the calls behind it',
  effect: 'Each proxy of the chain retries by itself: three tries at each of three proxies are 27 requests to the last service.',
  check(object, report, index) {
    for (const { hop, behind } of index.memo(findChains).get(object) ?? []) {
      report(behind.path, `a call of '${hop.host}' has ${hop.tries} tries (VirtualService ${index.nameOf(hop.object)}), and each of them `
        + `calls '${behind.host}' up to ${behind.tries} times: up to ${hop.tries * behind.tries} requests for one, while '${behind.host}' `
          + 'is overloaded',
      'retry at one place of the chain, preferably next to what fails, or set a retryBudget in the DestinationRule');
    }
  },
});
