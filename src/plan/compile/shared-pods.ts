import { selects } from '../../manifest/labels';
import type { Entry } from '../model/compiled-service';
import type { ServiceModel } from '../model/service-model';
import { isMirror } from '../model/statements';
import type { Target } from '../model/target';
import { receiving, targetName } from '../model/target';

/** The errors of mirrors whose copies reach pods that also get the requests, although no split says so. */
export function mirrorErrors(service: ServiceModel, entries: readonly Entry[]): string[] {
  return entries.flatMap(entry => entry.decorations.flatMap(({ path, value }) => {
    if (!isMirror(value)) return [];
    const { mirror } = value;
    const routed = receiving(entry.shares).map(({ target }) => target).find(target => sharePods(service, target, mirror));
    return routed === undefined ? [] : `${path} copies requests to ${overlap(service, mirror, routed, `route '${entry.name}' goes`, 'real requests')}`;
  }));
}

/** The errors of dark launches whose version other requests also reach. */
export function darknessErrors(service: ServiceModel, entries: readonly Entry[]): string[] {
  if (service.cohorts.length === 0) return [];
  const others = entries.filter(({ cohort }) => !cohort).flatMap(({ shares }) => receiving(shares).map(({ target }) => target));
  const present = new Set(entries.map(({ cohort }) => cohort));
  return service.cohorts.flatMap(cohort => {
    const { path, target } = cohort;
    if (!present.has(cohort) || target.subset === undefined) return [];
    const routed = others.find(other => other.host === service.facts.host && sharePods(service, other, target));
    return routed === undefined ? [] : `${path} sends its cohort to ${overlap(service, target, routed, 'all other requests go', 'all other requests')}`;
  });
}

/**
 * Whether some pods certainly belong to two targets that are not the same: a whole service and a subset of it, or two subsets of which
 * one has all labels of the other.
 */
function sharePods({ facts, subsets }: ServiceModel, one: Target, other: Target): boolean {
  if (one.host !== other.host || one.subset === other.subset) return false;
  if (one.subset === undefined || other.subset === undefined) return true;
  const [a, b] = one.host === facts.host ? [subsets.get(one.subset)?.labels, subsets.get(other.subset)?.labels] : [];
  return a !== undefined && b !== undefined && (selects(a, b) || selects(b, a));
}

/** What a target has in common with the one to which `they` go, and the repair. */
function overlap({ facts }: ServiceModel, target: Target, routed: Target, they: string, requests: string): string {
  const isOwn = target.host === facts.host;
  const nameOf = (each: Target) => (isOwn && each.subset !== undefined ? each.subset : targetName(each));
  const whole = isOwn ? 'the whole service' : `the whole service '${targetName({ ...target, subset: undefined })}'`;
  if (routed.subset === undefined) {
    return `'${nameOf(target)}', but ${they} to ${whole}, which includes it; ${isOwn
      ? `call routeDefaultTo() with the subset for ${requests}, or add a CanaryRelease`
      : 'send them to another subset of it'}`;
  }
  if (target.subset === undefined) {
    return `${whole}, which includes '${nameOf(routed)}', but ${they} to '${nameOf(routed)}'; use a subset that gets no requests`;
  }
  return `'${nameOf(target)}', but ${they} to '${nameOf(routed)}', whose labels select the same pods; `
    + 'give each subset another value of one label';
}
