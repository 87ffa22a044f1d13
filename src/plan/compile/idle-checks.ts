import { conjunction } from '../../manifest/match-algebra';
import type { Addressed, Audience } from '../model/audience';
import { isFor } from '../model/audience';
import type { Entry } from '../model/compiled-service';
import type { ServiceModel } from '../model/service-model';
import type { CohortStatement, Decoration, RouteStatement, SplitStatement } from '../model/statements';
import { isMirror } from '../model/statements';
import type { Target } from '../model/target';
import { receiving, sameTarget, targetName } from '../model/target';

/** The entries of an audience of the service. */
export interface AudienceEntries {
  readonly audience: Audience;
  readonly entries: readonly Entry[];
}

/** The errors of statements that change no request of any audience. */
export function idleErrors(service: ServiceModel, all: readonly AudienceEntries[]): string[] {
  const { cohorts, splits, decorations, connectionPorts } = service;
  const canaries = connectionPorts.size > 0 ? [] : splits.filter(({ kind }) => kind === 'canary');
  const idle = canaries.filter(split => !entriesOf(split, all).some(entry => isSplitBy(split, entry)));
  return cohorts.flatMap(cohort => idleCohort(service, cohort, all)).concat(
    idle.map(({ path, route }) => unreached(path, route)),
    decorations.length === 0 ? [] : idleDecorations(service, all),
  );
}

function entriesOf(statement: Addressed, all: readonly AudienceEntries[]): readonly Entry[] {
  return all.filter(({ audience }) => isFor(statement, audience)).flatMap(({ entries }) => entries);
}

function isSplitBy(split: SplitStatement, { cohort, route, answer }: Entry): boolean {
  if (cohort !== undefined) return false;
  return split.route === undefined ? answer === undefined && route.targets === undefined : route === split.route;
}

/** Decorations that no entry has. */
function idleDecorations(service: ServiceModel, all: readonly AudienceEntries[]): string[] {
  const applied = new Set(all.flatMap(({ entries }) => entries.flatMap(entry => entry.decorations.map(keyOf))));
  return service.decorations.filter(decoration => decoration.isDefault !== true && !applied.has(keyOf(decoration)))
    .flatMap(decoration => idleDecoration(service, decoration, entriesOf(decoration, all)));
}

function keyOf({ path, slot }: Decoration): string {
  return `${path} ${slot}`;
}

function unreached(path: string, route?: RouteStatement, cohort?: CohortStatement): string {
  const names = [...(route ? [`the route '${route.id}'`] : []), ...(cohort ? [`the cohort '${cohort.id}'`] : [])];
  return names.length > 0
    ? `${path} applies to ${names.join(' and ')}, but no request reaches it; change ${route ? 'the route' : 'the cohort'}, or its audiences`
    : `${path} applies to no request, because the routes of the service answer or redirect all requests, or have their own targets; `
      + 'remove it, or change the routes';
}

/** A dark launch without requests, or to the version that serves its requests anyway. */
function idleCohort(service: ServiceModel, cohort: CohortStatement, all: readonly AudienceEntries[]): string[] {
  if (!all.some(({ entries }) => entries.some(entry => entry.cohort === cohort))) {
    return [`${cohort.path} matches no request that a version of the service serves; change its matches, or remove it`];
  }
  const { path, target } = cohort;
  if (isInCanary(service, target) || service.decorations.some(decoration => decoration.cohort === cohort)) return [];
  if (isMoving(cohort, all)) return [];
  return [`${path} sends its requests to '${targetName(target)}', which serves all other requests too; use a different version as target`];
}

/** Whether some requests of a dark launch would go to another version without it. */
function isMoving(cohort: CohortStatement, all: readonly AudienceEntries[]): boolean {
  return all.some(({ entries }) => entries.some(({ cohort: of, route }) => {
    if (of !== cohort) return false;
    const rest = entries.filter(entry => entry.cohort === undefined && entry.route === route);
    return rest.length === 0 || !rest.every(entry => servesAlone(entry, cohort.target));
  }));
}

/** A decoration that no entry has. */
function idleDecoration(service: ServiceModel, decoration: Decoration, entries: readonly Entry[]): string[] {
  const { path, route, cohort, condition, value } = decoration;
  const named = entries.filter(entry =>
    (route === undefined || entry.route === route) && (cohort === undefined || entry.cohort === cohort));
  const forwarding = named.filter(({ answer }) => answer === undefined);
  if (forwarding.length === 0) return [unreached(path, route, cohort)];
  if (isMirror(value)) {
    if (isInCanary(service, value.mirror) || !forwarding.every(entry => servesAlone(entry, value.mirror))) return [];
    return [`${path} copies requests to '${targetName(value.mirror)}', which serves all of them itself, so Envoy would copy none; `
      + 'use a different version or service as mirror'];
  }
  if (condition === undefined) return [];
  const isMet = forwarding.some(({ terms }) => (terms.length > 0 ? terms : [{}])
    .some(term => condition.terms.some(other => conjunction(term, other) !== 'nothing')));
  return isMet ? [] : [`${path} has matches that no request of its routes meets; change the matches, or the routes that it applies to`];
}

/** Whether a canary may send requests to a target as it proceeds. */
function isInCanary({ splits }: ServiceModel, target: Target): boolean {
  return splits.some(({ kind, shares }) => kind === 'canary' && shares.some(share => sameTarget(share.target, target)));
}

function servesAlone({ shares }: Entry, target: Target): boolean {
  const targets = receiving(shares);
  return targets.length === 1 && sameTarget(targets[0].target, target);
}
