import type { IConstruct } from 'constructs';
import type { PublicHost } from './public-host';
import type { IPublicHost } from './public-host-reference';
import { hostPlanOf } from './public-host-reference';
import { ownTargetOf } from './statement';
import type { ITrafficTarget } from './traffic-target';
import type { ServicePlan } from '../plan/collect/service-plan';
import type { Listener } from '../traffic/listener';
import { fail } from '../traffic/problem';

/**
 * How a public host leads to a service.
 */
export interface ExposeOptions {
  /**
   * The path segment that leads to the service: `/api` stands for `/api` and everything below `/api/`. HTTP ports only.
   * @default - every path; of a delegated host every path that is delegated
   */
  readonly pathPrefix?: string;
  /**
   * What the service sees in place of `pathPrefix`. Routes of the service state paths as the service sees them. HTTP ports only.
   * @default - the path stays as it is
   */
  readonly rewrite?: string;
  /**
   * The subset that serves this host where no canary or dark launch says otherwise.
   * @default - the service's default
   */
  readonly subset?: ITrafficTarget;
  /**
   * The port of the service. An HTTP port is served on all HTTP and HTTPS listeners of the gateway, a TLS or HTTPS port on a `Listener.tls()`,
   * a TCP port on a `Listener.tcp()`.
   * @default - its only HTTP port; without HTTP ports its only port
   */
  readonly port?: number;
  /**
   * The listener of the gateway that leads to a TCP, TLS or HTTPS port.
   * @default - the only listener of that kind
   */
  readonly listener?: Listener;
}

/** Leads a public host to a port of a service. */
export function expose(at: IConstruct, plan: ServicePlan, publicHost: IPublicHost, options: ExposeOptions): void {
  for (const [what, path] of [['pathPrefix', options.pathPrefix], ['rewrite', options.rewrite]]) {
    if (path !== undefined && !/^\/[^?#]*$/.test(path)) fail(at, `${what} '${path}' is not a path; start it with '/', and omit the query`);
  }
  const { pathPrefix, rewrite } = options;
  const subset = options.subset && ownTargetOf(at, plan, `the subset '${options.subset.subsetName}'`, options.subset).subset;
  if (options.subset && subset === undefined) fail(at, `subset is the whole service '${plan.facts.host}'; pass one of its subsets, or leave it out`);
  const port = portOf(at, plan, publicHost, options.port);
  const protocol = plan.model.connectionPorts.get(port);
  const host = hostPlanOf(at, publicHost);
  const exposure = { path: at.node.path, host: host.audience, subset };
  if (protocol === undefined) {
    if (options.listener) fail(at, `listener is stated for the HTTP port ${port}, which every HTTP listener of the gateway serves; leave it out`);
    if ((publicHost as Partial<PublicHost>)._listeners?.every(listener => !listener.isHttp)) {
      fail(at, `port ${port} is an HTTP port, and the gateway of ${publicHost.hostName} has no HTTP listener; add Listener.http() or Listener.https() to it`);
    }
    host.expose({ ...exposure, pathPrefix, rewrite, port: options.port }, plan);
    return;
  }
  for (const [what, path] of Object.entries({ pathPrefix, rewrite })) {
    if (path !== undefined) fail(at, `${what} '${path}' is stated for port ${port}, where Envoy sees no request (${protocol.toUpperCase()}); leave it out, or expose an HTTP port`);
  }
  if (!isOwner(publicHost)) {
    return fail(at, `port ${port} is a ${protocol.toUpperCase()} port, and Istio delegates HTTP routes alone; expose an HTTP port, or use the PublicHost of ${publicHost.hostName}`);
  }
  const listener = listenerOf(at, publicHost, protocol, port, options.listener);
  if (protocol === 'tcp') publicHost._claimListener(listener, at);
  host.expose({ ...exposure, port, listener: listener.port }, plan);
}

/** Whether the host is that of a gateway, and not a part of one that another team routes. */
function isOwner(host: IPublicHost): host is PublicHost {
  return (host as Partial<PublicHost>)._listeners !== undefined;
}

function portOf(at: IConstruct, plan: ServicePlan, { hostName }: IPublicHost, stated: number | undefined): number {
  const { httpPorts } = plan.model;
  const others = [...plan.model.connectionPorts.keys()];
  if (stated !== undefined) {
    if (httpPorts.includes(stated) || others.includes(stated)) return stated;
    const known = [...httpPorts, ...others].join(', ') || 'none';
    const guessed = plan.facts.ports.some(port => port.number === stated);
    return fail(at, guessed ? `port ${stated} declares no protocol, so that Istio guesses it and no route can be relied on; name the port http-…, tcp-… or tls-…`
      : `port ${stated} is not a port of the service that a public host can lead to; use one of ${known}`);
  }
  const ports = httpPorts.length > 0 ? httpPorts : others;
  if (ports.length === 1) return ports[0];
  const what = httpPorts.length > 0 ? `${httpPorts.length} HTTP ports (${httpPorts.join(', ')})` : `no HTTP port and ${others.length} others (${others.join(', ') || 'none'})`;
  return fail(at, `the service has ${what}; state the \`port\` that ${hostName} leads to`);
}

/** The listener that leads to a port of TCP or TLS: the stated one, or the only one there is. */
function listenerOf(at: IConstruct, publicHost: PublicHost, protocol: 'tcp' | 'tls', port: number, stated: Listener | undefined): Listener {
  const what = `Listener.${protocol}()`;
  const fitting = publicHost._listeners.filter(listener => listener.protocol === protocol.toUpperCase());
  if (stated) {
    const same = publicHost._listeners.find(listener => listener.port === stated.port && listener.protocol === stated.protocol);
    if (!same) fail(at, `the listener '${stated.name}' (port ${stated.port}) is not one of the gateway of ${publicHost.hostName}; add it to the gateway's listeners`);
    if (!fitting.includes(same)) fail(at, `the listener '${same.name}' speaks ${same.protocol}, and port ${port} of the service ${protocol.toUpperCase()}; use a ${what}`);
    return same;
  }
  if (fitting.length === 0) {
    fail(at, `port ${port} is a ${protocol.toUpperCase()} port, and the gateway of ${publicHost.hostName} has no listener for it; add a ${what} to the gateway`);
  }
  if (fitting.length > 1) {
    fail(at, `the gateway of ${publicHost.hostName} has ${fitting.length} listeners for port ${port} (${fitting.map(({ name }) => name).join(', ')}); state the \`listener\``);
  }
  return fitting[0];
}
