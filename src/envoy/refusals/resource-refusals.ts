import type { Breach } from './breach';
import { breachText } from './breach';
import { clusterBreaches } from './cluster-breaches';
import { constraintBreaches } from './constraint-check';
import { listenerBreaches } from './listener-breaches';
import { routeBreaches } from './route-breaches';
import { pathText } from '../../manifest/provenance';
import type { ProxyConfig } from '../proxy-config';
import type { Cluster } from '../xds/cluster';
import type { Listener } from '../xds/listener';
import type { RouteConfiguration, VirtualHost } from '../xds/route';

const VIRTUAL_HOST = 'envoy.config.route.v3.VirtualHost';

/** A resource that Envoy refuses as a whole, and for what. */
export interface ResourceRefusal {
  readonly resource: 'route configuration' | 'cluster' | 'listener';
  readonly name: string;
  /** The first value that Envoy refuses: its place and what is wrong with it. */
  readonly cause: string;
}

/** Why Envoy refuses a route configuration; undefined if it takes it. */
export function routeConfigurationRefusal({ name, virtualHosts = [] }: RouteConfiguration): ResourceRefusal | undefined {
  for (const virtualHost of virtualHosts) {
    const cause = virtualHostCause(virtualHost);
    if (cause !== undefined) return { resource: 'route configuration', name, cause };
  }
  return undefined;
}

/** Why Envoy refuses a cluster; undefined if it takes it. */
export function clusterRefusal(cluster: Cluster): ResourceRefusal | undefined {
  const [breach] = clusterBreaches(cluster);
  return breach && { resource: 'cluster', name: cluster.name, cause: placed(breach) };
}

/** Why Envoy refuses a listener; undefined if it takes it. Its route configurations are judged by themselves. */
export function listenerRefusal(listener: Listener): ResourceRefusal | undefined {
  const [breach] = listenerBreaches(listener);
  return breach && { resource: 'listener', name: listener.name, cause: placed(breach) };
}

/** All resources of a proxy that Envoy refuses. */
export function resourceRefusals({ routes, clusters, listeners }: Pick<ProxyConfig, 'routes' | 'clusters' | 'listeners'>): ResourceRefusal[] {
  return [...listeners.map(listenerRefusal), ...routes.map(routeConfigurationRefusal), ...clusters.map(clusterRefusal)]
    .filter(refusal => refusal !== undefined);
}

/** A refusal in words. */
export function describeRefusal({ resource, name, cause }: ResourceRefusal): string {
  return `Envoy would refuse ${resource} ${name}: ${cause}; the previous one stays, or there is none`;
}

function virtualHostCause({ routes = [], ...host }: VirtualHost): string | undefined {
  const [own] = constraintBreaches(host, VIRTUAL_HOST);
  if (own) return `virtual host ${host.name}: ${placed(own)}`;
  for (const [i, route] of routes.entries()) {
    const [breach] = routeBreaches(route);
    if (breach) {
      return `route ${i + 1}${route.name === undefined ? '' : ` '${route.name}'`} of virtual host ${host.name}: ${placed(breach)}`;
    }
  }
  return undefined;
}

function placed(breach: Breach): string {
  return `${pathText(breach.path)} ${breachText(breach)}`.trim();
}
