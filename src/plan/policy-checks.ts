import type { PolicyLevel } from './policy-plan';
import type { ServicePlan } from './service-plan';
import { ejectionProblem } from '../traffic/outlier-detection';

/** What is wrong with what several constructs state for one level: the fields of each were checked, not their sum. */
export function policyErrors(plan: ServicePlan): string[] {
  if (plan.policies.isEmpty) return [];
  return levels(plan).flatMap(level => {
    const policy = plan.policies.effective(level);
    return [...ejectionErrors(plan, level, policy.outlierDetection as object), ...poolErrors(plan, level, policy.connectionPool as object)];
  });
}

/** The service and each subset, as a whole and at the ports that somebody speaks of. */
function levels(plan: ServicePlan): PolicyLevel[] {
  const subsets = [undefined, ...[...plan.subsets.keys()].sort()];
  return subsets.flatMap(subset => [{ subset }, ...plan.policies.portsOf(subset).map(port => ({ subset, port }))]);
}

function describe({ subset, port }: PolicyLevel): string {
  return (subset === undefined ? 'the service' : `subset '${subset}'`) + (port === undefined ? '' : ` at port ${port}`);
}

function statedBy(plan: ServicePlan): string {
  return `(stated by ${plan.policies.paths.join(', ')})`;
}

function ejectionErrors(plan: ServicePlan, level: PolicyLevel, outlier: { maxEjectionPercent?: number } | undefined): string[] {
  const replicas = level.subset === undefined ? plan.facts.replicas : plan.subsets.get(level.subset)!.replicas;
  if (replicas === undefined || outlier?.maxEjectionPercent === undefined) return [];
  const problem = ejectionProblem(`outlierDetection.maxEjectionPercent of ${describe(level)}`, outlier.maxEjectionPercent, replicas);
  return problem === undefined ? [] : [`${problem} ${statedBy(plan)}`];
}

interface Pool {
  readonly http?: { readonly useClientProtocol?: boolean; readonly h2UpgradePolicy?: string };
}

function poolErrors(plan: ServicePlan, level: PolicyLevel, pool: Pool | undefined): string[] {
  if (!pool?.http?.useClientProtocol || pool.http.h2UpgradePolicy !== 'UPGRADE') return [];
  return [`connectionPool.useClientProtocol is true beside h2UpgradePolicy UPGRADE for ${describe(level)}, which Istio rejects; keep one of them ${statedBy(plan)}`];
}
