import type { Construct } from 'constructs';
import type { AccessPlan } from './access-plan';
import { AccessRules } from './access-rules';
import { AppState } from './app-state';
import { DefaultsRegistry } from './defaults-registry';
import { hasForeignAccess } from './foreign-access';
import { scopedDenial } from './scoped-access-plan';
import type { ServicePlan } from './service-plan';
import type { Arrivals } from '../compile/exposed-access';
import { exposedAccessErrors } from '../compile/exposed-access';
import { requestClasses } from '../compile/request-class';
import { isEnforced } from '../model/access';
import type { CompiledService } from '../model/compiled-service';
import type { Exposure } from '../model/exposure';
import type { Scope } from '../model/scope';
import type { Target } from '../model/target';
import { destinationPort, receiving } from '../model/target';

/** A service on public hosts, as its construct knows it. */
export interface ServiceOnHosts {
  readonly name: string;
  readonly plan: ServicePlan;
  /** The ports of the service whose target port is a name. */
  readonly named: { readonly [port: number]: string };
  /** The labels of its pods, if they are known. */
  readonly selector?: { readonly [key: string]: string };
  readonly access?: AccessPlan;
}

/** The services of an App by host, because routes of an exposed service may lead to others. */
const servicesOf = (at: Construct) => AppState.of(at).one('services by host', () => new Map<string, () => ServiceOnHosts>());

/** Adds a service of the App. */
export function addServiceOnHosts(owner: Construct, host: string, service: () => ServiceOnHosts): void {
  servicesOf(owner).set(host, service);
}

/**
 * The errors of access rules that lock out the gateways of the public hosts of a service, for the validation of cdk8s. The rules are
 * those of every service to which the gateways send requests.
 */
export function exposedErrors(owner: Construct, service: ServiceOnHosts): readonly string[] {
  const { plan: { model, compiled } } = service;
  // A service with errors has no routes yet.
  if (compiled.errors.length > 0) return [];
  const services = servicesOf(owner);
  const hosts = new Set(model.exposures.flatMap(exposure => targetsOf(compiled, exposure).map(({ host }) => host)));
  return [compiled.host, ...[...hosts].filter(host => host !== compiled.host).sort()].flatMap(host => {
    const called = services.get(host)?.();
    return called === undefined ? [] : calledErrors(owner, called, arrivalsAt(called, service));
  });
}

function targetsOf({ exposed }: CompiledService, exposure: Exposure): readonly Target[] {
  return exposed.get(exposure)!.entries.flatMap(({ shares }) => receiving(shares)).map(({ target }) => target);
}

/** The errors of the access rules about the pods of one service that gateways call. */
function calledErrors(
  owner: Construct, { name, plan, named, selector, access }: ServiceOnHosts, exposures: readonly Arrivals[],
): readonly string[] {
  const { facts, facts: { namespace } } = plan.model;
  const rules = AccessRules.of(owner);
  const pods: Scope | undefined = selector && { kind: 'workload', namespace, labels: selector };
  const all = [...rules.aboutAll(namespace), ...pods ? rules.aboutPods(pods) : access?.model.rules.filter(isEnforced) ?? []];
  const denied = scopedDenial(owner, namespace);
  if (all.length === 0 && denied === undefined) return [];
  const { rootNamespace } = AppState.of(owner);
  const mayAllow = () => (pods !== undefined && rules.besidePods(pods, rootNamespace).some(({ action }) => action === 'ALLOW'))
    || hasForeignAccess(owner, [namespace, rootNamespace]);
  const podPort = (port: number) =>
    (named[port] === undefined ? facts.ports.find(({ number }) => number === port)?.targetPort ?? port : undefined);
  const { namespaces } = DefaultsRegistry.of(owner);
  return exposedAccessErrors({ name, exposures, namespaces, podPort }, { all, denied, mayAllow });
}

/** What the gateways of an exposed service send to a service: to the exposed one itself, or to one that its routes name. */
function arrivalsAt(called: ServiceOnHosts, { name, plan: { model, compiled } }: ServiceOnHosts): readonly Arrivals[] {
  const hasTls = [...called.plan.model.policies.values()].some(({ statements }) => statements.some(({ fields }) => Object.hasOwn(fields, 'tls')));
  const serverName = hasTls ? undefined : 'outbound_.';
  const { host } = called.plan.facts;
  const isOther = host !== compiled.host;
  const requests = model.exposures.flatMap((exposure): Arrivals[] => {
    const at = exposure.port ?? model.httpPorts[0];
    const target = targetsOf(compiled, exposure).find(each => each.host === host);
    const port = isOther && target ? destinationPort(target, at) : at;
    if (port === undefined) return [];
    const classes = requestClasses(exposure.host, compiled.exposed.get(exposure)!.entries, host).map(each => ({ ...each, serverName }));
    return [{ exposure, port, by: isOther ? { name, port: at } : undefined, classes }];
  });
  if (isOther) return requests;
  const connections = model.connectionExposures.map((exposure): Arrivals => (
    { exposure, port: exposure.port ?? model.httpPorts[0], classes: [{ isConnection: true }] }));
  return [...requests, ...connections];
}
