import type { Exposure, HostPlan } from './host-plan';
import { takeEverything } from './match-terms';
import { PathFrame } from './path-frame';
import type { Present, Product, Split } from './product';
import { product } from './product';
import type { ServicePlan } from './service-plan';
import type { Audience, CohortStatement, Decoration, RouteStatement, SplitStatement } from './statements';
import { concerns } from './statements';

/** The product of what a service states for one audience: the mesh, or a public host that leads to it. */
export function audienceProduct(plan: ServicePlan, exposure?: Exposure): Product {
  const audience: Audience = exposure?.host ?? 'mesh';
  const routes = present(plan.routes, audience);
  if (!routes.some(({ terms }) => takeEverything(terms))) routes.push({ statement: plan.defaultRoute, terms: plan.defaultRoute.terms });
  return product({
    routes,
    cohorts: present(plan.cohorts, audience),
    decorations: audience === 'mesh' ? plan.decorations.filter(decoration => concerns(decoration, 'mesh'))
      : plan.decorations.flatMap(decoration => presentDecoration(decoration, audience)),
    frame: exposure ? PathFrame.of(exposure.pathPrefix, exposure.rewrite) : PathFrame.IDENTITY,
    splitOf: route => splitOf(plan, route, exposure),
  });
}

/** The statements that an audience meets: conditions that it cannot meet are left out, and the statement with them if none is left. */
function present<T extends RouteStatement | CohortStatement>(statements: readonly T[], audience: Audience): Present<T>[] {
  const met: Present<T>[] = [];
  for (const statement of statements) {
    if (!concerns(statement, audience)) continue;
    const terms = audience === 'mesh' ? statement.terms : statement.terms.filter(term => audience.sees(term));
    if (terms.length > 0) met.push({ statement, terms });
  }
  return met;
}

/** The same of a decoration at a public host. */
function presentDecoration(decoration: Decoration, audience: HostPlan): Decoration[] {
  if (!concerns(decoration, audience)) return [];
  if (!decoration.condition) return [decoration];
  const terms = decoration.condition.terms.filter(term => audience.sees(term));
  return terms.length === 0 ? [] : [{ ...decoration, condition: { ...decoration.condition, terms } }];
}

/** The split of a route: its own target, a canary of it, the service's canary, the default subset, else the whole service. */
function splitOf(plan: ServicePlan, route: RouteStatement, exposure?: Exposure): Split {
  if (route.answer) return { shares: [], own: true, paths: [] };
  if (route.targets) return { shares: route.targets, own: true, paths: [] };
  const audience: Audience = exposure?.host ?? 'mesh';
  const own = plan.splits.find(s => s.kind === 'canary' && s.route === route && concerns(s, audience));
  return own ? { shares: own.shares, own: true, paths: [own.path], sticky: own.sticky } : serviceSplit(plan, exposure);
}

/** The split of a service for an audience: its canary, the default subset, else the whole service. */
export function serviceSplit(plan: ServicePlan, exposure?: Exposure): Split {
  const audience: Audience = exposure?.host ?? 'mesh';
  const toAll = (subset?: string) => [{ target: plan.target(subset), weight: 1 }];
  const find = (kind: SplitStatement['kind']) => plan.splits.find(s => s.kind === kind && s.route === undefined && concerns(s, audience));
  const canary = find('canary');
  if (canary) return { shares: canary.shares, own: false, paths: [canary.path], sticky: canary.sticky };
  if (exposure?.subset !== undefined) return { shares: toAll(exposure.subset), own: false, paths: [exposure.path] };
  const byDefault = find('default');
  return { shares: byDefault?.shares ?? toAll(), own: false, paths: byDefault ? [byDefault.path] : [] };
}
