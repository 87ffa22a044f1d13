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
 * Options of `MeshService.exposeVia()`.
 */
export interface ExposeOptions {
  /**
   * The path segment that is routed to the service: `/api` is `/api` and everything below `/api/`. Only for HTTP ports.
   * @default - every path, or every delegated path of a delegated host
   */
  readonly pathPrefix?: string;
  /**
   * The path that replaces `pathPrefix` before the request reaches the service. Paths in the routes of the service are those that the
   * service receives. Only for HTTP ports.
   * @default - the path stays as it is
   */
  readonly rewrite?: string;
  /**
   * The default subset for this host.
   * @default - the default subset of the service
   */
  readonly subset?: ITrafficTarget;
  /**
   * The port of the service. An HTTP port is served on all HTTP and HTTPS listeners of the gateway, a TLS or HTTPS port on a
   * `Listener.tls()`, a TCP port on a `Listener.tcp()`.
   * @default - the only HTTP port; if there is none, the only port
   */
  readonly port?: number;
  /**
   * The listener of the gateway for a TCP, TLS or HTTPS port.
   * @default - the only listener of that kind
   */
  readonly listener?: Listener;
  /**
   * Whether requests that no TrafficRoute takes go to the service. If false, the gateway responds to them with 404. Only for HTTP ports.
   * @default true
   */
  readonly defaultRoute?: boolean;
}

/** Routes a public host to a port of a service. */
export function expose(at: IConstruct, plan: ServicePlan, publicHost: IPublicHost, options: ExposeOptions): void {
  for (const [what, path] of [['pathPrefix', options.pathPrefix], ['rewrite', options.rewrite]]) {
    if (path !== undefined && !/^\/[^?#]*$/.test(path)) fail(at, `${what} '${path}' is not a path; start it with '/', and omit the query`);
  }
  const { pathPrefix, rewrite } = options;
  const subset = options.subset && ownTargetOf(at, plan, `the subset '${options.subset.subsetName}'`, options.subset).subset;
  if (options.subset && subset === undefined) {
    fail(at, `subset is the whole service '${plan.facts.host}'; use one of its subsets, or omit it`);
  }
  const port = portOf(at, plan, publicHost, options.port);
  const protocol = plan.model.connectionPorts.get(port);
  const host = hostPlanOf(at, publicHost);
  const exposure = { path: at.node.path, host: host.audience, subset };
  if (protocol === undefined) {
    if (options.listener) fail(at, `listener is set for the HTTP port ${port}, which every HTTP listener of the gateway serves; omit it`);
    if ((publicHost as Partial<PublicHost>)._listeners?.every(listener => !listener.isHttp)) {
      fail(at, `port ${port} is an HTTP port, and the gateway of ${publicHost.hostName} has no HTTP listener; `
        + 'add Listener.http() or Listener.https() to it');
    }
    host.expose({ ...exposure, pathPrefix, rewrite, port: options.port, defaultRoute: options.defaultRoute }, plan);
    return;
  }
  for (const [what, path] of Object.entries({ pathPrefix, rewrite, defaultRoute: options.defaultRoute })) {
    if (path !== undefined) {
      fail(at, `${what} '${path}' is set for port ${port}, where Envoy sees no requests (${protocol.toUpperCase()}); `
        + 'omit it, or expose an HTTP port');
    }
  }
  if (!isOwner(publicHost)) {
    return fail(at, `port ${port} is a ${protocol.toUpperCase()} port, and Istio delegates only HTTP routes; `
      + `expose an HTTP port, or use the PublicHost of ${publicHost.hostName}`);
  }
  const listener = listenerOf(at, publicHost, protocol, port, options.listener);
  if (protocol === 'tcp') publicHost._claimListener(listener, at);
  host.expose({ ...exposure, port, listener: listener.port }, plan);
}

/** Whether the host is a PublicHost, not a delegated path of one. */
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
    return fail(at, guessed ? `port ${stated} declares no protocol, so Istio detects it and routes are unreliable; `
      + 'name the port http-…, tcp-… or tls-…'
      : `port ${stated} is not a port of the service that can be exposed; use one of ${known}`);
  }
  const ports = httpPorts.length > 0 ? httpPorts : others;
  if (ports.length === 1) return ports[0];
  const what = httpPorts.length > 0 ? `${httpPorts.length} HTTP ports (${httpPorts.join(', ')})` : `no HTTP port and ${others.length} `
    + `others (${others.join(', ') || 'none'})`;
  return fail(at, `the service has ${what}; set the \`port\` for ${hostName}`);
}

/** The listener for a TCP or TLS port: the given one, or the only one. */
function listenerOf(at: IConstruct, publicHost: PublicHost, protocol: 'tcp' | 'tls', port: number, stated: Listener | undefined): Listener {
  const what = `Listener.${protocol}()`;
  const fitting = publicHost._listeners.filter(listener => listener.protocol === protocol.toUpperCase());
  if (stated) {
    const same = publicHost._listeners.find(listener => listener.port === stated.port && listener.protocol === stated.protocol);
    if (!same) {
      fail(at, `the listener '${stated.name}' (port ${stated.port}) is not a listener of the gateway of ${publicHost.hostName}; `
        + 'add it to the gateway\'s listeners');
    }
    if (!fitting.includes(same)) {
      fail(at, `the listener '${same.name}' has protocol ${same.protocol}, `
        + `and port ${port} of the service has ${protocol.toUpperCase()}; use a ${what}`);
    }
    return same;
  }
  if (fitting.length === 0) {
    fail(at, `port ${port} is a ${protocol.toUpperCase()} port, and the gateway of ${publicHost.hostName} has no listener for it; `
      + `add a ${what} to the gateway`);
  }
  if (fitting.length > 1) {
    fail(at, `the gateway of ${publicHost.hostName} has ${fitting.length} listeners for port ${port} `
      + `(${fitting.map(({ name }) => name).join(', ')}); set \`listener\``);
  }
  return fitting[0];
}
