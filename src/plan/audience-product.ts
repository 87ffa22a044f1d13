import type { Exposure } from './host-plan';
import { takeEverything } from './match-terms';
import { PathFrame } from './path-frame';
import type { Present, Product, Split } from './product';
import { product } from './product';
import type { ServicePlan } from './service-plan';
import type { Audience, CohortStatement, RouteStatement, SplitStatement } from './statements';
import { concerns } from './statements';

/** The product of what a service states for one audience: the mesh, or a public host that leads to it. */
export function audienceProduct(plan: ServicePlan, exposure?: Exposure): Product {
  const audience: Audience = exposure?.host ?? 'mesh';
  const present = <T extends RouteStatement | CohortStatement>(statements: readonly T[]): Present<T>[] => statements
    .filter(statement => concerns(statement, audience))
    .map(statement => ({ statement, terms: audience === 'mesh' ? statement.terms : statement.terms.filter(term => audience.sees(term)) }))
    .filter(({ terms }) => terms.length > 0);
  const routes = present(plan.routes);
  const everything = routes.some(({ terms }) => takeEverything(terms));
  return product({
    routes: everything ? routes : [...routes, { statement: plan.defaultRoute, terms: plan.defaultRoute.terms }],
    cohorts: present(plan.cohorts),
    decorations: plan.decorations.filter(decoration => concerns(decoration, audience)),
    frame: exposure ? PathFrame.of(exposure.pathPrefix, exposure.rewrite) : PathFrame.IDENTITY,
    splitOf: route => splitOf(plan, route, exposure),
  });
}

/** The split of a route: its own target, a canary of it, the service's canary, the default subset, else the whole service. */
function splitOf(plan: ServicePlan, route: RouteStatement, exposure?: Exposure): Split {
  const audience: Audience = exposure?.host ?? 'mesh';
  const toAll = (subset?: string) => [{ target: plan.target(subset), weight: 1 }];
  if (route.target) return { shares: [{ target: route.target, weight: 1 }], own: true, paths: [] };
  const find = (kind: SplitStatement['kind'], of: RouteStatement | undefined) =>
    plan.splits.find(s => s.kind === kind && s.route === of && concerns(s, audience));
  const own = find('canary', route);
  if (own) return { shares: own.shares, own: true, paths: [own.path] };
  const canary = find('canary', undefined);
  if (canary) return { shares: canary.shares, own: false, paths: [canary.path] };
  if (exposure?.subset !== undefined) return { shares: toAll(exposure.subset), own: false, paths: [exposure.path] };
  const byDefault = find('default', undefined);
  return { shares: byDefault?.shares ?? toAll(), own: false, paths: byDefault ? [byDefault.path] : [] };
}
