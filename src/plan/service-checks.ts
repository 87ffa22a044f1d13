import type { Exposure } from './host-plan';
import type { Entry } from './product';
import type { ServicePlan } from './service-plan';
import type { Audience, Share, Statement, Target } from './statements';
import { concerns, describeTarget, destinationPort, isMirror } from './statements';
import type { HeaderChanges } from '../traffic/header-operations';
import { setsAuthority } from '../traffic/header-operations';
import type { Problem } from '../traffic/problem';

/** What to say of a subset that nobody added. */
export function unknownSubset(plan: ServicePlan, name: string): string {
  const known = [...plan.subsets.keys()].sort().map(n => `'${n}'`).join(', ');
  return `the service '${plan.facts.host}' has no subset '${name}'; ${known === '' ? 'add it with addSubset()' : `use one of ${known}, or add it with addSubset()`}`;
}

/** What statements refer to: subsets of this service, routes, cohorts, exposed hosts, ports that HTTP can use. */
export function referenceErrors(plan: ServicePlan): string[] {
  const errors: string[] = [];
  for (const route of plan.routes) if (route.targets) checkShares(plan, route.path, route.targets, errors);
  for (const cohort of plan.cohorts) checkTarget(plan, cohort.path, cohort.target, errors);
  for (const split of plan.splits) checkShares(plan, split.path, split.shares, errors);
  for (const { path, value } of plan.decorations) if (isMirror(value)) checkTarget(plan, path, value.mirror, errors);
  for (const exposure of plan.allExposures) if (exposure.subset !== undefined) checkTarget(plan, exposure.path, plan.target(exposure.subset), errors);
  for (const { subset, paths } of plan.policies.subsets) if (!plan.subsets.has(subset)) errors.push(...paths.map(path => `${path}: ${unknownSubset(plan, subset)}`));
  for (const statement of plan.namesAudiences ? plan.all : []) {
    if (statement.audiences) errors.push(...audienceErrors(plan, statement, statement.audiences));
  }
  if (plan.httpPorts.length === 0) errors.push(...httpPortErrors(plan));
  const { exportTo, namespace } = plan.facts;
  if (plan.exposures.length > 0 && exportTo?.every(entry => entry === '.' || entry === namespace)) {
    errors.push(`exportTo shows policies and subsets to namespace '${namespace}' alone, so that the gateway of ${plan.exposures[0].host.host} would not find them; `
      + 'name the namespace of the gateway\'s pods too, such as istio-system');
  }
  return errors;
}

function checkShares(plan: ServicePlan, path: string, shares: readonly Share[], errors: string[]): void {
  for (const { target, weight } of shares) if (weight > 0) checkTarget(plan, path, target, errors);
}

function checkTarget(plan: ServicePlan, path: string, target: Target, errors: string[]): void {
  if (target.host === plan.facts.host) {
    const problem = subsetProblem(plan, path, target);
    if (problem !== undefined) errors.push(problem);
    return;
  }
  const lost = plan.httpPorts.filter(port => destinationPort(target, port) === undefined);
  if (lost.length > 0) {
    errors.push(`${path} sends requests of port ${lost.join(', ')} to ${target.host}, which has the ports ${target.ports.join(', ') || 'none'}; `
      + 'use a service that has the same port, or only one');
  }
}

function audienceErrors(plan: ServicePlan, statement: Statement, audiences: readonly Audience[]): string[] {
  const errors: string[] = [];
  for (const audience of audiences) {
    if (audience === 'mesh' || plan.exposures.some(e => e.host === audience)) continue;
    const onlyConnections = plan.allExposures.find(e => e.host === audience);
    if (onlyConnections && needsHttp(plan, statement)) {
      errors.push(`${statement.path} names the audience of ${audience.path}, which leads to port ${onlyConnections.port}, where Envoy sees no request; `
        + 'leave that audience out, or use a TcpRoute or TlsRoute');
    } else if (!onlyConnections) {
      errors.push(`${statement.path} names the audience of ${audience.path}, through which the service is not exposed; `
        + 'call exposeVia() for it, or leave that audience out');
    }
  }
  return errors;
}

/** What is wrong with a subset of this service as a target, if anything. */
export function subsetProblem(plan: ServicePlan, path: string, target: Target): Problem {
  if (target.host !== plan.facts.host || target.subset === undefined) return undefined;
  const subset = plan.subsets.get(target.subset);
  if (!subset) return `${path}: ${unknownSubset(plan, target.subset)}`;
  return subset.retired ? `${path} still sends requests to ${describeTarget(target)}, which is retired; remove that, or do not retire it yet` : undefined;
}

/** Whether a statement is about requests, so that it means nothing where Envoy sees connections alone. */
function needsHttp(plan: ServicePlan, statement: Statement): boolean {
  const split = plan.splits.find(s => s === statement);
  return split === undefined || split.route !== undefined || split.sticky !== undefined;
}

/** What only HTTP ports can have, on a service without any. */
function httpPortErrors(plan: ServicePlan): string[] {
  const paths = plan.all.filter(s => !plan.connections || needsHttp(plan, s)).map(s => s.path);
  if (paths.length === 0) return [];
  const protocols = plan.facts.ports.map(p => `${p.number} ${p.protocol}`).join(', ');
  const guessed = plan.facts.ports.some(p => p.protocol === 'AUTO');
  return [`the service has no HTTP port (${protocols}), so that ${[...new Set(paths)].sort().join(', ')} cannot apply; `
    + (guessed ? 'declare the protocol of the port by a name such as http-web or tcp-db, since Istio guesses it otherwise'
      : `name the port http-…, or remove ${paths.length > 1 ? 'them' : 'it'}; the split applies to TCP and TLS ports too, and TcpRoute and TlsRoute are for these`)];
}

/** Statements that name a route or a cohort of which no request comes to them: they would be lost without a word. */
export function idleErrors(plan: ServicePlan, entriesOf: (exposure: Exposure | undefined) => readonly Entry[]): string[] {
  if (!plan.splits.some(s => s.route) && !plan.decorations.some(d => d.route || d.cohort)) return [];
  const naming = [...plan.splits.filter(s => s.route).map(s => ({ ...s, cohort: undefined })), ...plan.decorations.filter(d => d.route || d.cohort)];
  const touches = (statement: typeof naming[number]) => [undefined, ...plan.exposures].some(exposure =>
    concerns(statement, exposure?.host ?? 'mesh') && entriesOf(exposure).some(entry =>
      (statement.route === undefined || entry.route === statement.route) && (statement.cohort === undefined || entry.cohort === statement.cohort)));
  return naming.filter(statement => !touches(statement)).map(({ path, route, cohort }) => {
    const names = [...(route ? [`the route '${route.id}'`] : []), ...(cohort ? [`the cohort '${cohort.id}'`] : [])];
    return `${path} is about ${names.join(' and ')}, of which no request comes to it; change ${route ? 'the route' : 'the cohort'}, or its audiences`;
  });
}

/** A dark launch is none where the rest of the requests reach its version too. */
export function darknessErrors(plan: ServicePlan, entries: readonly Entry[]): string[] {
  if (plan.cohorts.length === 0) return [];
  const toAll = (share: Share) => share.weight > 0 && share.target.host === plan.facts.host && share.target.subset === undefined;
  if (!entries.some(entry => !entry.cohort && entry.shares.some(toAll))) return [];
  return plan.cohorts
    .filter(c => entries.some(entry => entry.cohort === c) && c.target.host === plan.facts.host && c.target.subset !== undefined)
    .map(c => `${c.path} sends its cohort to '${c.target.subset}', but other requests go to the whole service, which includes it, so that it is not dark; `
      + 'call routeDefaultTo() with the subset of everybody else, or state a CanaryRelease');
}

/** What Istio would reject of an entry whose parts come from several constructs. */
export function entryErrors(entries: readonly Entry[]): string[] {
  if (!entries.some(entry => entry.rewrite.authority !== undefined)) return [];
  const setting = (entry: Entry) => entry.decorations.find(({ slot, value }) => slot === 'headers' && setsAuthority((value as { headers: HeaderChanges }).headers));
  return entries.filter(entry => entry.rewrite.authority !== undefined && setting(entry)).map(entry =>
    `route ${entry.route.path} rewrites the authority, and ${setting(entry)!.path} sets it by a header, of which Istio takes one; leave one out`);
}

/** Envoy tries routes one by one, and every proxy keeps them all. */
const MOST_ENTRIES = 500;

/** What is wrong with the number of entries of one VirtualService, if anything. */
export function sizeErrors(what: string, count: number): string[] {
  return count <= MOST_ENTRIES ? []
    : [`${what} has ${count} routes, more than ${MOST_ENTRIES}; state fewer routes, dark launches or policies with matches, or limit them to audiences`];
}
