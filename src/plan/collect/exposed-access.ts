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
import type { Scope } from '../model/scope';

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

/** The errors of access rules that lock out the gateways of the public hosts of a service, for the validation of cdk8s. */
export function exposedErrors(owner: Construct, { name, plan, named, selector, access }: ServiceOnHosts): readonly string[] {
  const { httpPorts, facts } = plan.model;
  const { namespace } = facts;
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
  return exposedAccessErrors({ name, httpPorts, exposures: arrivalsOf(plan), namespaces, podPort }, { all, denied, mayAllow });
}

/** What the gateways send. A service with errors has no routes yet. */
function arrivalsOf({ model, compiled }: ServicePlan): readonly Arrivals[] {
  if (compiled.errors.length > 0) return [];
  const hasTls = [...model.policies.values()].some(({ statements }) => statements.some(({ fields }) => Object.hasOwn(fields, 'tls')));
  const serverName = hasTls ? undefined : 'outbound_.';
  return [
    ...model.exposures.map(exposure => ({
      exposure,
      classes: requestClasses(exposure.host, compiled.exposed.get(exposure)!.entries, compiled.host).map(each => ({ ...each, serverName })),
    })),
    ...model.connectionExposures.map(exposure => ({ exposure, classes: [{ isConnection: true }] })),
  ];
}
