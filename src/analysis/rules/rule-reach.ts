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

/** What a rule's terms lie inside of, one by one. */
interface Covered {
  readonly own: readonly PlacedTerm[];
  readonly over: readonly (PlacedTerm | undefined)[];
}

/** The rules of which some term lies inside an earlier one. */
function coveredRules(index: TrafficIndex, object: KubernetesObject): Covered[] {
  const placed = placedTerms(object);
  if (placed.length < 2) return [];
  // A port that everybody meets says nothing.
  const port = placed.some(({ term }) => term.port !== undefined) ? onlyPort(index, object) : undefined;
  const terms = port === undefined ? placed : placed.map(one => (one.term.port === port ? { ...one, term: { ...one.term, port: undefined } } : one));
  const earlier = new EarlierTerms<PlacedTerm>();
  const covered: Covered[] = [];
  for (let start = 0, end = 0; start < terms.length; start = end) {
    while (end < terms.length && terms[end].place === terms[start].place) end++;
    const own = terms.slice(start, end);
    const over = own.map(one => earlier.over(one, other => isForFewer(one, other)));
    if (over.some(before => before !== undefined)) covered.push({ own, over });
    // A delegate may take less than the rule that leads to it.
    if (!own[0].rule.delegate) own.forEach(one => earlier.add(one));
  }
  return covered;
}

function checkCover(index: TrafficIndex, object: KubernetesObject, report: Report): void {
  const covered = coveredRules(index, object);
  if (covered.length === 0) return;
  // What other rules say is not said again.
  const said = new Set<string>();
  for (const check of [checkReach, checkRepetition]) check(object, 'http', (_, path) => said.add(path));
  const tell = (path: string, { rule, place }: PlacedTerm) => {
    const before = nameOf(rule, place);
    report(object, path, `rule ${before} before it takes every request that this one could, so that it never gets any`, `move it before rule ${before}, or remove it`);
  };
  for (const { own, over } of covered) {
    const path = `spec.http[${own[0].place}]`;
    if (said.has(path)) continue;
    if (over.every(before => before !== undefined)) {
      if (!own.every(one => said.has(one.path))) tell(path, over[0]!);
    } else {
      own.forEach((one, m) => {
        if (over[m] && !said.has(one.path)) tell(one.path, over[m]);
      });
    }
  }
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
