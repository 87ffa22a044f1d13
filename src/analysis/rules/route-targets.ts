import { groupBy } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Destination } from '../destinations';
import type { Fields } from '../fields';
import { items } from '../fields';
import { statedSubsets } from '../stated-policies';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

type Rule = { readonly object: KubernetesObject; readonly destinations: readonly Destination[]; readonly path: string };

/** Made once for the rules of this file. */
const RULES = new WeakMap<TrafficIndex, readonly Rule[]>();

/** The rules of all VirtualServices that send anywhere, with their destinations; mirrors stand last. */
function rules(index: TrafficIndex): readonly Rule[] {
  const known = RULES.get(index) ?? find(index);
  RULES.set(index, known);
  return known;
}

function find(index: TrafficIndex): Rule[] {
  return index.of('VirtualService').flatMap(object => {
    const byRule = groupBy(index.destinationsOf(object), ({ block, rule }) => `spec.${block}[${rule}]`);
    return [...byRule].map(([path, destinations]) => ({ object, destinations, path }));
  });
}

function targetText({ host, subset, port }: Destination): string {
  return `'${host}'${subset === undefined ? '' : ` subset '${subset}'`}${port === undefined ? '' : ` port ${port}`}`;
}

const loneWeight: TrafficRule = {
  id: 'lone-weight',
  codes: ['KIA1104'],
  severity: 'warning',
  title: 'A lone destination has a weight below 100, or of 0',
  check(index, report) {
    for (const { object, destinations, path } of rules(index)) {
      const [lone, other] = destinations.filter(({ mirror }) => !mirror);
      if (!lone || other || lone.weight === undefined || lone.weight >= 100 || lone.weight < 0) continue;
      report(object, `${path}.route[0].weight`, `${targetText(lone)} is the only destination and gets every request, whatever its weight of ${lone.weight} says`,
        'add the destination that is meant to get the rest, or remove the weight');
    }
  },
};

const duplicateDestination: TrafficRule = {
  id: 'duplicate-destination',
  codes: ['KIA1105'],
  severity: 'warning',
  title: 'One destination stands twice in a route',
  check(index, report) {
    for (const { object, destinations } of rules(index)) {
      if (destinations.length < 2) continue;
      const alike = groupBy(destinations.filter(({ mirror }) => !mirror), targetText);
      for (const [text, [, ...again]] of alike) {
        for (const { path } of again) report(object, path, `${text} stands twice in this route`, 'join the two into one, with the sum of their weights, or name the subset that was meant');
      }
    }
  },
};

const mirrorToRouted: TrafficRule = {
  id: 'mirror-to-routed-subset',
  codes: [],
  severity: 'warning',
  title: 'A mirror goes to where the same route sends requests anyway',
  check(index, report) {
    for (const { object, destinations } of rules(index)) {
      // Mirrors stand last.
      if (!destinations[destinations.length - 1].mirror) continue;
      const routed = destinations.filter(({ mirror, weight }) => !mirror && weight !== 0);
      for (const mirror of destinations.filter(destination => destination.mirror)) {
        if (!routed.some(destination => holds(destination, mirror)) || isNowhere(index, mirror)) continue;
        report(object, mirror.path, `${targetText(mirror)} gets requests of this route already, so that the mirror makes it answer them twice`,
          mirror.subset === undefined ? `mirror to a subset of '${mirror.host}' that the route does not name` : `mirror to another subset, or name the subset that the route is for, other than '${mirror.subset}'`);
      }
    }
  },
};

/** Whether a subset is none that any of the DestinationRules defines, so that nothing is mirrored. */
function isNowhere(index: TrafficIndex, { host, subset }: Destination): boolean {
  return subset !== undefined && index.of('DestinationRule').length > 0 && !statedSubsets(index).has(`${host} ${subset}`);
}

/** Whether requests to one destination may reach the pods of another. */
function holds(one: Destination, other: Destination): boolean {
  return one.host === other.host && (one.subset === undefined || one.subset === other.subset)
    && (one.port === undefined || other.port === undefined || one.port === other.port);
}

const stickySplit: TrafficRule = {
  id: 'sticky-split',
  codes: [],
  severity: 'warning',
  title: 'A weighted split breaks the stickiness of consistent hashing',
  check(index, report) {
    const hashed = new Map(index.of('DestinationRule').flatMap(rule => (
      isHashed(rule.spec?.trafficPolicy) || items(rule.spec?.subsets).some(subset => isHashed(subset.trafficPolicy))
        ? [[index.fullHost(String(rule.spec.host), index.namespaceOf(rule)), rule] as const] : [])));
    if (hashed.size === 0) return;
    for (const { object, destinations, path } of rules(index)) {
      const split = destinations.filter(({ mirror, weight }) => !mirror && (weight ?? 0) > 0);
      const rule = split.map(({ host }) => hashed.get(host)).find(found => found !== undefined);
      if (split.length < 2 || !rule) continue;
      report(object, `${path}.route`, `DestinationRule ${index.nameOf(rule)} asks for consistent hashing, and this route draws the destination anew for each request before anything is hashed: clients move between ${split.map(({ subset, host }) => subset ?? host).join(' and ')}`,
        'send the clients that have to stay to one destination by a match, such as on a cookie that says which version they got, or give up the hash');
    }
  },
};

function isHashed(policy: Fields): boolean {
  return [policy, ...items(policy?.portLevelSettings)].some(stated => stated?.loadBalancer?.consistentHash !== undefined);
}

/** Rules about weights, mirrors and repeated destinations. */
export const ROUTE_TARGET_RULES: readonly TrafficRule[] = [loneWeight, duplicateDestination, mirrorToRouted, stickySplit];
