import { audienceTerms } from './audience-terms';
import type { Present } from './cell-terms';
import { unseenClaimErrors } from './claim-checks';
import type { CompiledConnections } from './connections';
import { compileConnections } from './connections';
import { cookieErrors, hashCookieErrors } from './cookie-checks';
import { withDefaults } from './defaults';
import { egressErrors } from './egress-checks';
import { idleErrors } from './idle-checks';
import { lookupErrors } from './lookup-checks';
import { PathFrame } from './path-frame';
import { EffectivePolicies } from './policies';
import { hashErrors, policyErrors } from './policy-checks';
import type { CheckedProduct, Split } from './product';
import { product } from './product';
import { loopErrors } from './redirect-checks';
import { attemptErrors, entryErrors, referenceErrors, sizeErrors } from './service-checks';
import { darknessErrors, mirrorErrors } from './shared-pods';
import type { Addressed, Audience } from '../model/audience';
import { isFor } from '../model/audience';
import type { CompiledPolicies, CompiledService, Product } from '../model/compiled-service';
import type { Exposure } from '../model/exposure';
import type { ServiceModel } from '../model/service-model';
import { ownTarget } from '../model/service-model';
import type { CohortStatement, Decoration, RouteStatement, SplitStatement } from '../model/statements';
import { takeEverything } from '../model/statements';

/** Compiles all statements about a service: the entries per audience, the policy of each cluster, and all errors. */
export function compileService(stated: ServiceModel): CompiledService {
  const { model, defaults } = withDefaults(stated);
  const { facts, httpPorts } = model;
  const policies = new EffectivePolicies(model.policies);
  const isStated = isAddressed(model, 'mesh');
  const connections = connectionsOf(model, isStated);
  const errors = referenceErrors(model, policies)
    .concat(unseenClaimErrors(model), policyErrors(model, policies), lookupErrors(model, policies), connections.errors);
  const compiled = policies.compiled(model.subsets);
  const { requests, exposed } = compileRequests(model, policies, errors);
  errors.push(...meshErrors(model, requests, compiled));
  return {
    host: facts.host,
    ports: facts.ports,
    httpPorts,
    exportTo: facts.exportTo,
    portConditions: facts.portConditions,
    destinationPorts: facts.destinationPorts,
    mesh: { isStated, requests, connections: connections.mesh },
    exposed,
    exposedConnections: connections.exposed,
    policies: compiled,
    defaults,
    egress: model.egress,
    errors: errors.length === 0 ? errors : [...new Set(errors)],
  };
}

const NO_EXPOSURES: ReadonlyMap<Exposure, Product> = new Map();
const NO_PORTS: readonly number[] = [];
const NO_CONNECTIONS: CompiledConnections = { exposed: new Map(), errors: [] };

/** Whether any statement applies to the requests of an audience. */
function isAddressed({ routes, cohorts, splits, decorations }: ServiceModel, audience: Audience): boolean {
  const some = (statements: readonly Addressed[]) => statements.some(statement => isFor(statement, audience));
  return some(routes) || some(cohorts) || some(splits) || some(decorations);
}

function connectionsOf(model: ServiceModel, isStated: boolean): CompiledConnections {
  if (model.connectionPorts.size === 0) return NO_CONNECTIONS;
  return compileConnections(model, isStated, exposure => serviceSplit(model, exposure));
}

/** The products of all audiences. Adds their errors to `errors`. */
function compileRequests(
  model: ServiceModel, policies: EffectivePolicies, errors: string[],
): { readonly requests: Product; readonly exposed: ReadonlyMap<Exposure, Product> } {
  const { exposures, facts, httpPorts } = model;
  const requests = productFor(model, policies, undefined, errors);
  errors.push(...sizeErrors(`the VirtualService of '${facts.host}'`, requests.entries.length * httpPorts.length));
  const exposed = exposures.length === 0 ? NO_EXPOSURES
    : new Map(exposures.map(exposure => [exposure, productFor(model, policies, exposure, errors)]));
  if (errors.length === 0 && httpPorts.length > 0) {
    const ofHosts = exposures.map(exposure => ({ audience: exposure.host, entries: exposed.get(exposure)!.entries }));
    errors.push(...idleErrors(model, [{ audience: 'mesh', entries: requests.entries }, ...ofHosts]));
  }
  return { requests, exposed };
}

/** The errors of the routes of callers in the mesh with policies, and with the egress gateway. */
function meshErrors(model: ServiceModel, { entries }: Product, policies: CompiledPolicies): string[] {
  const { host } = model.facts;
  return hashCookieErrors(host, entries, [{ host, policies }]).concat(
    loopErrors(host, entries, 'http'), model.egress ? egressErrors(model, model.egress) : [],
  );
}

/** The product for an audience. Adds its errors to `errors`. */
function productFor(model: ServiceModel, policies: EffectivePolicies, exposure: Exposure | undefined, errors: string[]): Product {
  const compiled = audienceProduct(model, exposure);
  const { entries } = compiled;
  const found = compiled.errors.concat(
    compiled.errors.length === 0 ? emptyErrors(model, exposure, entries) : [],
    darknessErrors(model, entries),
    mirrorErrors(model, entries),
    entryErrors(entries),
    attemptErrors(entries),
    hashErrors(model, policies, entries),
    exposure ? [] : cookieErrors(model.facts.host, entries),
  );
  if (found.length === 0) return compiled;
  const where = exposure ? `for the public host ${exposure.host.host}` : 'in the mesh';
  for (const error of found) errors.push(`${error} (${where})`);
  return compiled;
}

/** The product of a service for one audience: the mesh, or a public host. */
function audienceProduct(model: ServiceModel, exposure: Exposure | undefined): CheckedProduct {
  const audience: Audience = exposure?.host ?? 'mesh';
  const routes = present(model, model.routes, audience);
  if (hasDefaultRoute(model, exposure) && !routes.some(({ terms }) => takeEverything(terms))) {
    routes.push({ statement: model.defaultRoute, terms: model.defaultRoute.terms });
  }
  return product({
    routes,
    cohorts: present(model, model.cohorts, audience),
    decorations: model.decorations.flatMap(decoration => presentDecoration(model, decoration, audience)),
    ports: exposure ? NO_PORTS : model.httpPorts,
    frame: exposure ? PathFrame.of(exposure.pathPrefix, exposure.rewrite) : PathFrame.IDENTITY,
    splitOf: route => splitOf(model, route, exposure),
  });
}

/** Whether the service takes the requests that no stated route takes. */
function hasDefaultRoute({ facts }: ServiceModel, exposure: Exposure | undefined): boolean {
  return (exposure ? exposure.defaultRoute : facts.defaultRoute) !== false;
}

/** The error of an audience for which no route is left. */
function emptyErrors(model: ServiceModel, exposure: Exposure | undefined, entries: Product['entries']): string[] {
  if (entries.length > 0 || hasDefaultRoute(model, exposure) || !(exposure ?? isAddressed(model, 'mesh'))) return [];
  const what = exposure ? `${exposure.path}: defaultRoute` : `${model.path}: defaultRoute`;
  return [`${what} is false, and no TrafficRoute takes a request, so every request would get 404; add a TrafficRoute, or omit it`];
}

/** The statements that apply to an audience, with the alternatives that it can meet. A statement without any is omitted. */
function present<T extends RouteStatement | CohortStatement>(
  model: ServiceModel, statements: readonly T[], audience: Audience,
): Present<T>[] {
  const met: Present<T>[] = [];
  for (const statement of statements) {
    if (!isFor(statement, audience)) continue;
    const terms = audienceTerms(model, statement.terms, audience);
    if (terms.length > 0) met.push({ statement, terms });
  }
  return met;
}

/** The same for a decoration. */
function presentDecoration(model: ServiceModel, decoration: Decoration, audience: Audience): readonly Decoration[] {
  if (!isFor(decoration, audience)) return [];
  const { condition } = decoration;
  if (!condition) return [decoration];
  const terms = audienceTerms(model, condition.terms, audience);
  if (terms === condition.terms) return [decoration];
  return terms.length === 0 ? [] : [{ ...decoration, condition: { ...condition, terms } }];
}

/** The split of a route: its own target, a canary for the route, the canary of the service, the default subset, else the whole service. */
function splitOf(model: ServiceModel, route: RouteStatement, exposure: Exposure | undefined): Split {
  if (route.answer) return { shares: [], own: true, paths: [] };
  if (route.targets) return { shares: route.targets, own: true, paths: [] };
  const audience: Audience = exposure?.host ?? 'mesh';
  const own = model.splits.find(s => s.kind === 'canary' && s.route === route && isFor(s, audience));
  return own ? { shares: own.shares, own: true, paths: [own.path], sticky: own.sticky } : serviceSplit(model, exposure);
}

/** The split of a service for an audience: its canary, the default subset, else the whole service. */
function serviceSplit(model: ServiceModel, exposure: Exposure | undefined): Split {
  const audience: Audience = exposure?.host ?? 'mesh';
  const toAll = (subset?: string) => [{ target: ownTarget(model, subset), weight: 1 }];
  const find = (kind: SplitStatement['kind']) => model.splits.find(s => s.kind === kind && s.route === undefined && isFor(s, audience));
  const canary = find('canary');
  if (canary) return { shares: canary.shares, own: false, paths: [canary.path], sticky: canary.sticky };
  if (exposure?.subset !== undefined) return { shares: toAll(exposure.subset), own: false, paths: [exposure.path] };
  const byDefault = find('default');
  return { shares: byDefault?.shares ?? toAll(), own: false, paths: byDefault ? [byDefault.path] : [] };
}
