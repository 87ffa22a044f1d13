import type { EffectivePolicies } from './policies';
import { parseDuration } from '../../manifest/duration';
import { setsAuthority } from '../../traffic/authority-header';
import type { HeaderChanges } from '../../traffic/header-operations';
import type { Problem } from '../../traffic/problem';
import type { Audience } from '../model/audience';
import type { Entry } from '../model/compiled-service';
import type { Exposure } from '../model/exposure';
import type { ServiceModel } from '../model/service-model';
import { ownTarget, requestStatements, unknownSubset } from '../model/service-model';
import type { Statement } from '../model/statements';
import { isMirror } from '../model/statements';
import type { Share, Target } from '../model/target';
import { destinationPort, receiving, targetName } from '../model/target';

/** Checks the references of statements: subsets of this service, routes, cohorts, exposed hosts, HTTP ports. */
export function referenceErrors(service: ServiceModel, policies: EffectivePolicies): string[] {
  const errors: string[] = [];
  service.routes.forEach(({ path, targets }) => targets && checkShares(service, path, targets, errors));
  service.cohorts.forEach(({ path, target }) => checkTarget(service, path, target, errors));
  service.splits.forEach(({ path, shares }) => checkShares(service, path, shares, errors));
  service.decorations.forEach(({ path, value }) => isMirror(value) && checkTarget(service, path, value.mirror, errors));
  allExposures(service).forEach(({ path, subset }) =>
    subset !== undefined && checkTarget(service, path, ownTarget(service, subset), errors));
  policies.subsets.forEach(({ subset, paths }) =>
    !service.subsets.has(subset) && errors.push(...paths.map(path => `${path}: ${unknownSubset(service, subset)}`)));
  requestStatements(service).forEach(statement =>
    statement.audiences && errors.push(...audienceErrors(service, statement, statement.audiences)));
  if (service.httpPorts.length === 0) errors.push(...httpPortErrors(service));
  if (service.exposures.length > 0) errors.push(...exportErrors(service));
  return errors;
}

/** Objects that the gateway of a public host does not see. */
function exportErrors({ exposures, facts: { exportTo, namespace } }: ServiceModel): string[] {
  if (!exportTo?.every(entry => entry === '.' || entry === namespace)) return [];
  return [`exportTo limits policies and subsets to namespace '${namespace}', so the gateway of ${exposures[0].host.host} would not see them; `
    + 'add the namespace of the gateway\'s pods, such as istio-system'];
}

/** The public hosts of the service. */
function allExposures({ exposures, connectionExposures }: ServiceModel): readonly Exposure[] {
  return connectionExposures.length === 0 ? exposures : [...exposures, ...connectionExposures];
}

function checkShares(service: ServiceModel, path: string, shares: readonly Share[], errors: string[]): void {
  receiving(shares).forEach(({ target }) => checkTarget(service, path, target, errors));
}

function checkTarget(service: ServiceModel, path: string, target: Target, errors: string[]): void {
  if (target.host === service.facts.host) {
    const problem = subsetProblem(service, path, target);
    if (problem !== undefined) errors.push(problem);
    return;
  }
  const lost = service.httpPorts.filter(port => destinationPort(target, port) === undefined);
  if (lost.length > 0) {
    errors.push(`${path} sends requests of port ${lost.join(', ')} to ${target.host}, `
      + `whose ports are ${target.ports.join(', ') || 'none'}; `
      + 'use a service with the same port, or with only one');
  }
}

function audienceErrors(service: ServiceModel, statement: Statement, audiences: readonly Audience[]): string[] {
  const errors: string[] = [];
  for (const audience of audiences) {
    if (audience === 'mesh' || service.exposures.some(e => e.host === audience)) continue;
    const onlyConnections = allExposures(service).find(e => e.host === audience);
    if (onlyConnections && needsHttp(service, statement)) {
      errors.push(`${statement.path} has the audience of ${audience.path}, which exposes port ${onlyConnections.port}, `
        + 'where Envoy sees no requests; '
        + 'omit that audience, or use a TcpRoute or TlsRoute');
    } else if (!onlyConnections) {
      errors.push(`${statement.path} has the audience of ${audience.path}, which does not expose the service; `
        + 'call exposeVia() for it, or omit that audience');
    }
  }
  return errors;
}

/** The error of a subset of this service as a target. */
export function subsetProblem(service: ServiceModel, path: string, target: Target): Problem {
  if (target.host !== service.facts.host || target.subset === undefined) return undefined;
  const subset = service.subsets.get(target.subset);
  if (!subset) return `${path}: ${unknownSubset(service, target.subset)}`;
  return subset.retired ? `${path} still sends requests to ${targetName(target)}, which is retired; `
    + 'remove that route, or retire the subset later' : undefined;
}

/** Whether a statement applies to requests, so it has no effect where Envoy sees only connections. */
function needsHttp(service: ServiceModel, statement: Statement): boolean {
  const split = service.splits.find(s => s === statement);
  return split === undefined || split.route !== undefined || split.sticky !== undefined;
}

/** Statements that need HTTP ports, on a service without any. */
function httpPortErrors(service: ServiceModel): string[] {
  const paths = requestStatements(service).filter(s => service.connectionPorts.size === 0 || needsHttp(service, s)).map(s => s.path);
  if (paths.length === 0) return [];
  const protocols = service.facts.ports.map(p => `${p.number} ${p.protocol}`).join(', ');
  const guessed = service.facts.ports.some(p => p.protocol === 'AUTO');
  return [`the service has no HTTP port (${protocols}), so ${[...new Set(paths)].sort().join(', ')} cannot apply; `
    + (guessed ? 'declare the protocol in the name of the port, such as http-web or tcp-db, because Istio otherwise detects it'
      : `name the port http-…, or remove ${paths.length > 1 ? 'them' : 'it'}; `
        + 'on TCP and TLS ports, use the split, TcpRoute and TlsRoute')];
}

/** Combinations of several constructs in an entry that Istio would reject. */
export function entryErrors(entries: readonly Entry[]): string[] {
  if (!entries.some(entry => entry.rewrite.authority !== undefined)) return [];
  const setting = (entry: Entry) => entry.decorations.find(({ slot, value }) =>
    slot === 'headers' && setsAuthority((value as { headers: HeaderChanges }).headers));
  return entries.filter(entry => entry.rewrite.authority !== undefined && setting(entry)).map(entry =>
    `route ${entry.route.path} rewrites the authority, and ${setting(entry)!.path} sets it as a header, but Istio accepts only one; `
      + 'omit one of them');
}

/** Retries in Istio's form. */
interface Attempts {
  readonly perTryTimeout?: string;
  readonly attempts?: number;
}

/** The errors of attempts that may last longer than the timeout of all attempts, where different constructs set the two. */
export function attemptErrors(entries: readonly Entry[]): string[] {
  return entries.flatMap(({ decorations }) => {
    const timeout = decorations.find(({ slot }) => slot === 'timeout');
    const retries = timeout && decorations.find(({ slot }) => slot === 'retries');
    if (!timeout || !retries) return [];
    const { timeout: limit } = timeout.value as { readonly timeout: string };
    const { perTryTimeout, attempts } = (retries.value as { readonly retries: Attempts }).retries;
    if (attempts === 0 || !(parseDuration(perTryTimeout)! > parseDuration(limit)!)) return [];
    return [`${retries.path}: retries.perTryTimeout is ${perTryTimeout}, longer than the timeout of ${timeout.path}, ${limit}, `
      + 'which ends all attempts; set retries and timeout of these requests together'];
  });
}

/** Envoy tries routes one by one, and every proxy holds all of them. */
const MOST_ENTRIES = 500;

/** The error of a VirtualService with too many entries. */
export function sizeErrors(what: string, count: number): string[] {
  return count <= MOST_ENTRIES ? []
    : [`${what} has ${count} routes, more than ${MOST_ENTRIES}; `
      + 'use fewer routes, dark launches or policies with matches, or limit them to audiences'];
}
