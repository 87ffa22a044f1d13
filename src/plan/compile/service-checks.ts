import type { EffectivePolicies } from './policies';
import type { HeaderChanges } from '../../traffic/header-operations';
import { setsAuthority } from '../../traffic/header-operations';
import type { Problem } from '../../traffic/problem';
import type { Audience } from '../model/audience';
import { isFor } from '../model/audience';
import type { Entry } from '../model/compiled-service';
import type { Exposure } from '../model/exposure';
import type { ServiceModel } from '../model/service-model';
import { ownTarget, requestStatements, unknownSubset } from '../model/service-model';
import type { Statement } from '../model/statements';
import { isMirror } from '../model/statements';
import type { Share, Target } from '../model/target';
import { destinationPort, targetName } from '../model/target';

/** What statements refer to: subsets of this service, routes, cohorts, exposed hosts, ports that HTTP can use. */
export function referenceErrors(service: ServiceModel, policies: EffectivePolicies): string[] {
  const errors: string[] = [];
  for (const route of service.routes) if (route.targets) checkShares(service, route.path, route.targets, errors);
  for (const cohort of service.cohorts) checkTarget(service, cohort.path, cohort.target, errors);
  for (const split of service.splits) checkShares(service, split.path, split.shares, errors);
  for (const { path, value } of service.decorations) if (isMirror(value)) checkTarget(service, path, value.mirror, errors);
  for (const { path, subset } of allExposures(service)) {
    if (subset !== undefined) checkTarget(service, path, ownTarget(service, subset), errors);
  }
  for (const { subset, paths } of policies.subsets) {
    if (!service.subsets.has(subset)) errors.push(...paths.map(path => `${path}: ${unknownSubset(service, subset)}`));
  }
  for (const statement of requestStatements(service)) {
    if (statement.audiences) errors.push(...audienceErrors(service, statement, statement.audiences));
  }
  if (service.httpPorts.length === 0) errors.push(...httpPortErrors(service));
  const { exportTo, namespace } = service.facts;
  if (service.exposures.length > 0 && exportTo?.every(entry => entry === '.' || entry === namespace)) {
    errors.push(`exportTo shows policies and subsets to namespace '${namespace}' alone, so that the gateway of ${service.exposures[0].host.host} would not find them; `
      + 'name the namespace of the gateway\'s pods too, such as istio-system');
  }
  return errors;
}

/** The public hosts that lead requests or connections here. */
function allExposures({ exposures, connectionExposures }: ServiceModel): readonly Exposure[] {
  return connectionExposures.length === 0 ? exposures : [...exposures, ...connectionExposures];
}

function checkShares(service: ServiceModel, path: string, shares: readonly Share[], errors: string[]): void {
  for (const { target, weight } of shares) if (weight > 0) checkTarget(service, path, target, errors);
}

function checkTarget(service: ServiceModel, path: string, target: Target, errors: string[]): void {
  if (target.host === service.facts.host) {
    const problem = subsetProblem(service, path, target);
    if (problem !== undefined) errors.push(problem);
    return;
  }
  const lost = service.httpPorts.filter(port => destinationPort(target, port) === undefined);
  if (lost.length > 0) {
    errors.push(`${path} sends requests of port ${lost.join(', ')} to ${target.host}, which has the ports ${target.ports.join(', ') || 'none'}; `
      + 'use a service that has the same port, or only one');
  }
}

function audienceErrors(service: ServiceModel, statement: Statement, audiences: readonly Audience[]): string[] {
  const errors: string[] = [];
  for (const audience of audiences) {
    if (audience === 'mesh' || service.exposures.some(e => e.host === audience)) continue;
    const onlyConnections = allExposures(service).find(e => e.host === audience);
    if (onlyConnections && needsHttp(service, statement)) {
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
export function subsetProblem(service: ServiceModel, path: string, target: Target): Problem {
  if (target.host !== service.facts.host || target.subset === undefined) return undefined;
  const subset = service.subsets.get(target.subset);
  if (!subset) return `${path}: ${unknownSubset(service, target.subset)}`;
  return subset.retired ? `${path} still sends requests to ${targetName(target)}, which is retired; remove that, or do not retire it yet` : undefined;
}

/** Whether a statement is about requests, so that it means nothing where Envoy sees connections alone. */
function needsHttp(service: ServiceModel, statement: Statement): boolean {
  const split = service.splits.find(s => s === statement);
  return split === undefined || split.route !== undefined || split.sticky !== undefined;
}

/** What only HTTP ports can have, on a service without any. */
function httpPortErrors(service: ServiceModel): string[] {
  const paths = requestStatements(service).filter(s => service.connectionPorts.size === 0 || needsHttp(service, s)).map(s => s.path);
  if (paths.length === 0) return [];
  const protocols = service.facts.ports.map(p => `${p.number} ${p.protocol}`).join(', ');
  const guessed = service.facts.ports.some(p => p.protocol === 'AUTO');
  return [`the service has no HTTP port (${protocols}), so that ${[...new Set(paths)].sort().join(', ')} cannot apply; `
    + (guessed ? 'declare the protocol of the port by a name such as http-web or tcp-db, since Istio guesses it otherwise'
      : `name the port http-…, or remove ${paths.length > 1 ? 'them' : 'it'}; the split applies to TCP and TLS ports too, and TcpRoute and TlsRoute are for these`)];
}

/** Statements that name a route or a cohort of which no request comes to them: they would be lost without a word. */
export function idleErrors(service: ServiceModel, entriesOf: (exposure: Exposure | undefined) => readonly Entry[]): string[] {
  if (!service.splits.some(s => s.route) && !service.decorations.some(d => d.route || d.cohort)) return [];
  const naming = [
    ...service.splits.filter(s => s.route).map(s => ({ ...s, cohort: undefined })),
    ...service.decorations.filter(d => d.route || d.cohort),
  ];
  const touches = (statement: typeof naming[number]) => [undefined, ...service.exposures].some(exposure =>
    isFor(statement, exposure?.host ?? 'mesh') && entriesOf(exposure).some(entry =>
      (statement.route === undefined || entry.route === statement.route) && (statement.cohort === undefined || entry.cohort === statement.cohort)));
  return naming.filter(statement => !touches(statement)).map(({ path, route, cohort }) => {
    const names = [...(route ? [`the route '${route.id}'`] : []), ...(cohort ? [`the cohort '${cohort.id}'`] : [])];
    return `${path} is about ${names.join(' and ')}, of which no request comes to it; change ${route ? 'the route' : 'the cohort'}, or its audiences`;
  });
}

/** A dark launch is none where the rest of the requests reach its version too. */
export function darknessErrors(service: ServiceModel, entries: readonly Entry[]): string[] {
  if (service.cohorts.length === 0) return [];
  const toAll = (share: Share) => share.weight > 0 && share.target.host === service.facts.host && share.target.subset === undefined;
  if (!entries.some(entry => !entry.cohort && entry.shares.some(toAll))) return [];
  return service.cohorts
    .filter(c => entries.some(entry => entry.cohort === c) && c.target.host === service.facts.host && c.target.subset !== undefined)
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
