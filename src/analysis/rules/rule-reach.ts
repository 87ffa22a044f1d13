import { groupBy } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { items, texts } from '../fields';
import type { PlacedTerm } from '../placed-terms';
import { EarlierTerms, placedTerms } from '../placed-terms';
import type { TrafficIndex } from '../traffic-index';
import type { Report, TrafficRule } from '../traffic-rule';
import { checkReach, checkRepetition, nameOf } from './route-order';

/** The only port at which anyone meets a VirtualService's rules, if there is just one. */
function onlyPort(index: TrafficIndex, object: KubernetesObject): number | undefined {
  const ports = new Set<number | undefined>();
  for (const { gateway } of index.gatewaysOf(object)) {
    if (!gateway) return undefined;
    for (const { port } of items(gateway.spec?.servers)) ports.add(Number(port?.number));
  }
  for (const written of index.isForMesh(object) ? texts(object.spec?.hosts) : []) {
    const hosts = index.registry.named(index.fullHost(written, index.namespaceOf(object)));
    if (hosts.length === 0) return undefined;
    for (const { number } of hosts.flatMap(host => host.ports)) ports.add(number);
  }
  return ports.size === 1 ? [...ports][0] : undefined;
}

/** Whether a match is for no other proxies than another one, by the Gateways that it names. */
function isForFewer(inner: PlacedTerm, outer: PlacedTerm): boolean {
  const names = texts(outer.match.gateways);
  if (names.length === 0) return true;
  const [own, stated] = [texts(inner.match.gateways), texts(inner.object.spec?.gateways)];
  return (own.length > 0 ? own : stated.length > 0 ? stated : ['mesh']).every(name => names.includes(name));
}

function checkCover(index: TrafficIndex, object: KubernetesObject, report: Report): void {
  const rules = items(object.spec?.http);
  if (rules.length < 2) return;
  // What other rules say is not said again.
  const said = new Set<string>();
  for (const check of [checkReach, checkRepetition]) check(object, 'http', (_, path) => said.add(path));
  const port = onlyPort(index, object);
  const placed = placedTerms(object).map(one => (
    one.term.port !== undefined && one.term.port === port ? { ...one, term: { ...one.term, port: undefined } } : one));
  const byPlace = groupBy(placed, ({ place }) => String(place));
  const earlier = new EarlierTerms<PlacedTerm>();
  rules.forEach((rule, r) => {
    const own = byPlace.get(String(r)) ?? [];
    const over = own.map(one => earlier.over(one, other => isForFewer(one, other)));
    const text = (before: PlacedTerm) => `rule ${nameOf(before.rule, before.place)} before it takes every request that this one could, so that it never gets any`;
    const repair = (before: PlacedTerm) => `move it before rule ${nameOf(before.rule, before.place)}, or remove it`;
    const isSaid = said.has(`spec.http[${r}]`);
    if (over.every(before => before !== undefined)) {
      if (!isSaid && !own.every(({ path }) => said.has(path))) report(object, `spec.http[${r}]`, text(over[0]!), repair(over[0]!));
    } else {
      own.forEach(({ path }, m) => {
        const before = over[m];
        if (before && !isSaid && !said.has(path)) report(object, path, text(before), repair(before));
      });
    }
    // A delegate may take less than the rule that leads to it.
    if (!rule.delegate) own.forEach(one => earlier.add(one));
  });
}

const ruleInsideEarlierRule: TrafficRule = {
  id: 'rule-inside-earlier-rule',
  codes: [],
  severity: 'warning',
  title: 'A rule, or one of its matches, lies inside what a rule before it takes',
  check(index, report) {
    for (const object of index.of('VirtualService')) checkCover(index, object, report);
  },
};

/** Rules about what the rules of a VirtualService leave to those behind them. */
export const RULE_REACH_RULES: readonly TrafficRule[] = [ruleInsideEarlierRule];
