import type { IConstruct } from 'constructs';
import type { Audience } from './audience';
import { audiencesOf, targetOf } from './statement';
import type { IOwnedService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import type { ConnectionRoute } from '../plan/model/statements';
import type { Share } from '../plan/model/target';
import { destinationPort } from '../plan/model/target';
import { CONNECTION_MATCH_FIELDS, fieldsWith } from '../traffic/match-fields';
import { limitProblem } from '../traffic/number';
import { objectionProblem } from '../traffic/objection';
import { fail, refuse } from '../traffic/problem';
import { weightsObjection } from '../traffic/weights';

/**
 * A target of a route and its weight.
 */
export interface ConnectionTarget {
  /** A subset of the service, or another service. */
  readonly target: ITrafficTarget;
  /** The weight, an integer relative to the other targets of the route. 0 sends nothing there. */
  readonly weight: number;
}

/**
 * The common properties of TcpRoute and TlsRoute.
 */
export interface ConnectionRouteOptions {
  /** The service whose connections are routed. */
  readonly service: IOwnedService;
  /**
   * The ports of the service that it applies to.
   * @default - all ports of the service with this kind of connection
   */
  readonly ports?: number[];
  /**
   * The target of the connections: a subset of the service, or another service.
   * @default - none, either `target` or `targets` is required
   */
  readonly target?: ITrafficTarget;
  /**
   * Several targets with weights, instead of `target`.
   * @default - none, either `target` or `targets` is required
   */
  readonly targets?: ConnectionTarget[];
  /**
   * The order of two routes that can match the same connection, if neither match is narrower. The lower number comes first.
   * @default - none, required only for such a pair
   */
  readonly priority?: number;
  /**
   * The audiences that it applies to.
   * @default - all audiences of the service
   */
  readonly audiences?: Audience[];
}

/** Fields that Istio ignores at a gateway. */
const UNSEEN = fieldsWith(CONNECTION_MATCH_FIELDS, { gateway: 'nothing' });

/** Adds a route for connections. Its matches are already checked. */
export function stateConnectionRoute(
  at: IConstruct, protocol: 'tcp' | 'tls', options: ConnectionRouteOptions, matches: ConnectionRoute['terms'] | undefined,
): void {
  const plan = ServicePlan.of(options.service, at);
  const what = protocol.toUpperCase();
  if (matches?.length === 0) fail(at, 'matches is an empty list, which matches nothing; add a value, or omit it to match every connection');
  if (matches?.some(term => Object.values(term).every(value => value === undefined))) {
    fail(at, 'matches contains an alternative without conditions, which matches every connection; add a condition, or omit matches');
  }
  const own = [...plan.model.connectionPorts].filter(([, is]) => is === protocol).map(([port]) => port);
  if (own.length === 0) {
    const known = plan.facts.ports.map(port => `${port.number} ${port.protocol}`).join(', ');
    fail(
      at,
      `the service '${plan.facts.host}' has no ${what} port (${known}); name the port ${protocol}-…, or use ${protocol === 'tcp' ? 'a TlsRoute or TrafficRoute' : 'a TcpRoute or TrafficRoute'}`,
    );
  }
  if (options.ports?.length === 0) fail(at, `ports is an empty list; add one of ${own.join(', ')}, or omit it to use all`);
  const wrong = options.ports?.find(port => !own.includes(port));
  if (wrong !== undefined) fail(at, `port ${wrong} is not a ${what} port of '${plan.facts.host}'; use one of ${own.join(', ')}`);
  const { priority } = options;
  if (priority !== undefined && !Number.isInteger(priority)) {
    fail(at, `priority is ${priority}; use an integer, the lower number comes first`);
  }
  const ports = options.ports ?? own;
  const audiences = audiencesOf(at, options.audiences);
  const unseen = UNSEEN.filter(field => matches?.some(term => term[field] !== undefined));
  const host = audiences?.find(audience => audience !== 'mesh');
  if (unseen.length > 0 && host) {
    fail(at, `${unseen.join(', ')} cannot apply at the gateway of ${host.host}, where Istio ignores it; `
      + 'omit the condition, or limit the route to Audience.mesh()');
  }
  plan.addConnectionRoute(at, {
    protocol, ports, terms: distinct(matches ?? [{}]), targets: targetsOf(at, plan, options, ports), priority, audiences,
  });
}

/** The alternatives, each once: Istio warns about one that repeats another. */
function distinct(terms: ConnectionRoute['terms']): ConnectionRoute['terms'] {
  return [...new Map(terms.map(term => [JSON.stringify(term), term])).values()];
}

function targetsOf(
  at: IConstruct,
  plan: ServicePlan,
  { target, targets }: ConnectionRouteOptions,
  ports: readonly number[],
): readonly Share[] {
  if (target && targets) fail(at, 'target and targets are both set; omit one of them');
  const stated = targets ?? (target ? [{ target, weight: 1 }] : fail(at, 'target and targets are both missing; set one of them'));
  if (stated.length === 0) fail(at, 'targets is an empty list; add a target');
  const seen = new Set<string>();
  for (const [i, { target: { host, subsetName }, weight }] of stated.entries()) {
    refuse(at, limitProblem(`targets[${i}].weight`, weight, { min: 0 }));
    const name = `${host} ${subsetName ?? ''}`.trim();
    if (seen.has(name)) fail(at, `targets contains '${name}' twice; use each target once`);
    seen.add(name);
  }
  if (stated.every(({ weight }) => weight === 0)) fail(at, 'targets has no weight above 0, so no connection could be served; set one');
  refuse(at, objectionProblem('targets', weightsObjection(stated.map(({ weight }) => weight))));
  return stated.map(({ target: each, weight }) => {
    if (each.host === plan.facts.host) return { target: targetOf(plan, each), weight };
    const there = { host: each.host, subset: each.subsetName, ports: each.connectionPorts };
    const lost = ports.filter(port => destinationPort(there, port) === undefined);
    if (lost.length > 0) {
      fail(at, `connections of port ${lost.join(', ')} would go to ${each.host}, whose TCP and TLS ports are ${there.ports.join(', ') || 'none'}; `
        + 'use a service with the same port, or with only one');
    }
    return { target: there, weight };
  });
}
