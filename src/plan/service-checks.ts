import { policyErrors } from './policy-checks';
import type { Entry } from './product';
import type { ServicePlan } from './service-plan';
import type { Audience, Share, Target } from './statements';
import { concerns, describeTarget, destinationPort, isMirror } from './statements';

/** What to say of a subset that nobody added. */
export function unknownSubset(plan: ServicePlan, name: string): string {
  const known = [...plan.subsets.keys()].sort().map(n => `'${n}'`).join(', ');
  return `the service '${plan.facts.host}' has no subset '${name}'; ${known === '' ? 'add it with addSubset()' : `use one of ${known}, or add it with addSubset()`}`;
}

/** What statements refer to: subsets of this service, routes, cohorts, exposed hosts, ports that HTTP can use, endpoints to eject. */
export function referenceErrors(plan: ServicePlan): string[] {
  const errors: string[] = [];
  const refer = (path: string, target: Target) => {
    if (target.host !== plan.facts.host) {
      const lost = plan.httpPorts.filter(port => destinationPort(target, port) === undefined);
      if (lost.length > 0) {
        errors.push(`${path} sends requests of port ${lost.join(', ')} to ${target.host}, which has the ports ${target.ports.join(', ') || 'none'}; `
        + 'use a service that has the same port, or only one');
      }
      return;
    }
    if (target.subset === undefined) return;
    const subset = plan.subsets.get(target.subset);
    if (!subset) errors.push(`${path}: ${unknownSubset(plan, target.subset)}`);
    else if (subset.retired) errors.push(`${path} still sends requests to ${describeTarget(target)}, which is retired; remove that, or do not retire it yet`);
  };
  for (const route of plan.routes) if (route.target) refer(route.path, route.target);
  for (const cohort of plan.cohorts) refer(cohort.path, cohort.target);
  for (const split of plan.splits) split.shares.filter(s => s.weight > 0).forEach(s => refer(split.path, s.target));
  for (const { path, value } of plan.decorations) if (isMirror(value)) refer(path, value.mirror);
  for (const exposure of plan.exposures) if (exposure.subset !== undefined) refer(exposure.path, plan.target(exposure.subset));
  for (const statement of plan.all) {
    for (const audience of statement.audiences ?? []) {
      if (audience !== 'mesh' && !plan.exposures.some(e => e.host === audience)) {
        errors.push(`${statement.path} names the audience of ${audience.path}, through which the service is not exposed; `
          + 'call exposeVia() for it, or leave that audience out');
      }
    }
  }
  if (plan.addresses('mesh') && plan.httpPorts.length === 0) {
    const protocols = plan.facts.ports.map(p => `${p.protocol} ${p.number}`).join(', ');
    errors.push(`the service has no HTTP port (${protocols}), so that no HTTP route applies; name the port http-…, or remove its routes`);
  }
  const { exportTo, namespace } = plan.facts;
  if (plan.exposures.length > 0 && exportTo?.every(entry => entry === '.' || entry === namespace)) {
    errors.push(`exportTo shows policies and subsets to namespace '${namespace}' alone, so that the gateway of ${plan.exposures[0].host.host} would not find them; `
      + 'name the namespace of the gateway\'s pods too, such as istio-system');
  }
  return [...errors, ...policyErrors(plan)];
}

/** A dark launch is none where the rest of the requests reach its version too. */
export function darknessErrors(plan: ServicePlan, audience: Audience, entries: readonly Entry[]): string[] {
  if (plan.cohorts.length === 0) return [];
  const toAll = (share: Share) => share.target.host === plan.facts.host && share.target.subset === undefined;
  if (!entries.some(entry => !entry.cohort && entry.shares.some(toAll))) return [];
  return plan.cohorts
    .filter(c => concerns(c, audience) && c.target.host === plan.facts.host && c.target.subset !== undefined)
    .map(c => `${c.path} sends its cohort to '${c.target.subset}', but other requests go to the whole service, which includes it, so that it is not dark; `
      + 'call routeDefaultTo() with the subset of everybody else, or state a CanaryRelease');
}
