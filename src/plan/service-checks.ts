import { splitOf } from './audience-product';
import type { Exposure } from './host-plan';
import type { ServicePlan } from './service-plan';
import type { Target } from './statements';
import { concerns, describeTarget, destinationPort, isMirror } from './statements';
import { ejectionProblem } from '../traffic/outlier-detection';

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
  return [...errors, ...ejectionErrors(plan)];
}

function ejectionErrors(plan: ServicePlan): string[] {
  const percent = (subset?: string) => {
    const outlier = plan.policies.effective({ subset }).outlierDetection as { maxEjectionPercent?: number } | undefined;
    return outlier?.maxEjectionPercent;
  };
  const check = (what: string, replicas: number | undefined, subset?: string) => {
    const max = percent(subset);
    return replicas === undefined || max === undefined ? undefined : ejectionProblem(`outlierDetection.maxEjectionPercent ${what}`, max, replicas);
  };
  const errors = [check('of the service', plan.facts.replicas), ...[...plan.subsets].map(([name, s]) => check(`of subset '${name}'`, s.replicas, name))];
  const stated = plan.policies.paths.join(', ');
  return errors.filter(e => e !== undefined).map(e => `${e} (stated by ${stated})`);
}

/** A dark launch is none where the rest of the requests reach its version too. */
export function darknessErrors(plan: ServicePlan, exposure?: Exposure): string[] {
  const audience = exposure?.host ?? 'mesh';
  if (audience === 'mesh' && !plan.addresses('mesh')) return [];
  const { shares } = splitOf(plan, plan.defaultRoute, exposure);
  if (!shares.some(s => s.target.host === plan.facts.host && s.target.subset === undefined)) return [];
  return plan.cohorts
    .filter(c => concerns(c, audience) && c.target.host === plan.facts.host && c.target.subset !== undefined)
    .map(c => `${c.path} sends its cohort to '${c.target.subset}', but all other requests go to the whole service, which includes it, so that it is not dark; `
      + 'call routeDefaultTo() with the subset of everybody else, or state a CanaryRelease');
}
