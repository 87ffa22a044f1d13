import type { Change } from './change';
import { isSame } from './is-same';
import type { ProxyConfig } from '../envoy/proxy-config';
import type { ResourceRefusal } from '../envoy/refusals/resource-refusals';
import { clusterRefusal, listenerRefusal, routeConfigurationRefusal } from '../envoy/refusals/resource-refusals';
import type { RouteConfiguration } from '../envoy/xds/route';

type Resources = Pick<ProxyConfig, 'listeners' | 'routes' | 'clusters'>;
type Refusal = ResourceRefusal | undefined;

/**
 * The resources of a proxy that Envoy refuses on one side alone. In place of a refused one, a proxy keeps the previous one, or has none:
 * all that the resource states has no effect.
 */
export function compareRefusals(old: Resources, now: Resources): Change[] {
  return [
    ...changes(old.listeners, now.listeners, each(listenerRefusal)),
    ...changes(old.routes, now.routes, routeRefusals),
    ...changes(old.clusters, now.clusters, each(clusterRefusal)),
  ];
}

/** Compares resources of one type by their names. `refusals` judges two that differ. */
function changes<R extends { readonly name: string }>(
  old: readonly R[], now: readonly R[], refusals: (was: R | undefined, is: R) => readonly [Refusal, Refusal],
): Change[] {
  const before = new Map(old.map(resource => [resource.name, resource]));
  return now.flatMap((is): Change[] => {
    const was = before.get(is.name);
    if (was && isSame(was, is)) return [];
    const [a, b] = refusals(was, is);
    if (b && !a) return [changed('refused', b, [was ? 'accepted' : 'none', refused(b)])];
    return a && !b ? [changed('accepted', a, [refused(a), 'accepted'])] : [];
  });
}

function changed(kind: 'refused' | 'accepted', { resource, name }: ResourceRefusal, [before, after]: readonly [string, string]): Change {
  return { kind, risk: 'high', host: `${resource} ${name}`, before, after };
}

function refused({ cause }: ResourceRefusal): string {
  return `refused: ${cause}; a proxy keeps the previous one, or has none`;
}

function each<R>(refusalOf: (resource: R) => Refusal): (was: R | undefined, is: R) => readonly [Refusal, Refusal] {
  return (was, is) => [was && refusalOf(was), refusalOf(is)];
}

/** Judges the virtual hosts that differ first: a sidecar has all of a port in one route configuration. */
function routeRefusals(was: RouteConfiguration | undefined, is: RouteConfiguration): readonly [Refusal, Refusal] {
  if (was) {
    const [some, others] = [was, is].map(({ virtualHosts = [] }) => new Map(virtualHosts.map(host => [host.name, host])));
    const differing = (all: typeof some, rest: typeof some) => [...all.values()].filter(host => !isSame(host, rest.get(host.name)));
    const [old, now] = [differing(some, others), differing(others, some)];
    const isRefused = [old, now].some(virtualHosts => routeConfigurationRefusal({ ...is, virtualHosts }) !== undefined);
    if (!isRefused) return [undefined, undefined];
  }
  return [was && routeConfigurationRefusal(was), routeConfigurationRefusal(is)];
}
