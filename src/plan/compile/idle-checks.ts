import { groupBy } from '../../manifest/group-by';
import { conjunction } from '../../manifest/match-algebra';
import type { Audience } from '../model/audience';
import { isFor } from '../model/audience';
import type { Entry } from '../model/compiled-service';
import type { ServiceModel } from '../model/service-model';
import type { CohortStatement, Decoration, RouteStatement } from '../model/statements';
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
  const entriesOf = (statement: { readonly audiences?: readonly Audience[] }) =>
    all.filter(({ audience }) => isFor(statement, audience)).flatMap(({ entries }) => entries);
  const applied = new Set(all.flatMap(({ entries }) => entries.flatMap(entry => entry.decorations.map(keyOf))));
  const launched = launchesOf(all);
  return [
    ...cohorts.flatMap(cohort => idleCohort(service, cohort, launched.get(cohort))),
    ...(connectionPorts.size > 0 ? [] : splits.filter(({ kind }) => kind === 'canary')).flatMap(split => {
      const applies = ({ cohort, route, answer }: Entry) => cohort === undefined
        && (split.route === undefined ? answer === undefined && route.targets === undefined : route === split.route);
      return entriesOf(split).some(applies) ? [] : [unreached(split.path, split.route)];
    }),
    ...decorations.filter(decoration => decoration.isDefault !== true && !applied.has(keyOf(decoration)))
      .flatMap(decoration => idleDecoration(service, decoration, entriesOf(decoration))),
  ];
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

/** For each dark launch with requests, whether some of them would go to another version without it. */
function launchesOf(all: readonly AudienceEntries[]): ReadonlyMap<CohortStatement, boolean> {
  const launches = new Map<CohortStatement, boolean>();
  for (const { entries } of all) {
    const others = groupBy(entries.filter(({ cohort }) => cohort === undefined), ({ route }) => route);
    for (const { cohort, route } of entries) {
      if (cohort === undefined || launches.get(cohort)) continue;
      const rest = others.get(route);
      launches.set(cohort, !rest?.every(entry => servesAlone(entry, cohort.target)));
    }
  }
  return launches;
}

/** A dark launch without requests, or to the version that serves its requests anyway. */
function idleCohort(service: ServiceModel, cohort: CohortStatement, moves: boolean | undefined): string[] {
  if (moves === undefined) return [`${cohort.path} matches no request that a version of the service serves; change its matches, or remove it`];
  if (moves || isInCanary(service, cohort.target) || service.decorations.some(decoration => decoration.cohort === cohort)) return [];
  return [`${cohort.path} sends its requests to '${targetName(cohort.target)}', which serves all other requests too; `
    + 'use a different version as target'];
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
