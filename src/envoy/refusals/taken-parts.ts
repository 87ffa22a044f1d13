import { policyBreaches } from './policy-breaches';
import { matchBreaches, routeBreaches } from './route-breaches';
import { unconditionalRoute } from './stated-routes';
import type { Destination, HTTPMatchRequest, HTTPRoute } from '../../manifest/istio-specs.generated';
import type { ManifestOf } from '../../manifest/manifest';
import { routeMatch } from '../routes/route-match';

/**
 * Stands for the host of a destination or of a DestinationRule. Only the names of clusters and the server names of mutual TLS are made from
 * it. Envoy limits the length of server names, but no manifest sets them, so no finding is about them.
 */
const ANY_HOST = 'any.example.com';
/** A full or short host without a wildcard. */
const NAME = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;

/**
 * Remembers which parts of manifests Envoy takes, so that equal parts are translated once: most objects of a mesh differ in their hosts and
 * paths alone. It tells whether something is refused. What is refused, and where it is written, depends on the object.
 */
export class TakenParts {
  private readonly actions = new Map<string, boolean>();
  private readonly policies = new Map<string, boolean>();

  /** Whether Envoy takes everything that some proxy gets of a VirtualService. */
  public takesRoutes(object: ManifestOf<'VirtualService'>): boolean {
    return (object.spec?.http ?? []).every(entry => this.takesAction(object, entry) && (entry.match ?? []).every(isTaken));
  }

  /** Whether Envoy takes everything that some proxy gets of a DestinationRule. */
  public takesPolicy(object: ManifestOf<'DestinationRule'>): boolean {
    const { metadata: { namespace }, spec: { host = '', subsets, ...policy } = {} } = object;
    const spec = {
      host: NAME.test(host) ? ANY_HOST : host,
      ...policy,
      ...subsets && { subsets: subsets.map(({ labels: _, ...subset }) => subset) },
    };
    return known(this.policies, JSON.stringify([namespace, spec]), () => policyBreaches({ ...object, spec }).length === 0);
  }

  /** Envoy does not limit the name of a route. */
  private takesAction(object: ManifestOf<'VirtualService'>, { match: _, name: __, ...action }: HTTPRoute): boolean {
    const { route, mirror, mirrors } = action;
    const entry = {
      ...action,
      ...route && { route: route.map(toAnyHost) },
      ...mirror && { mirror: { ...mirror, host: ANY_HOST } },
      ...mirrors && { mirrors: mirrors.map(toAnyHost) },
    };
    return known(this.actions, JSON.stringify(entry), () => {
      const translated = unconditionalRoute(object, entry);
      return translated === undefined || routeBreaches(translated).length === 0;
    });
  }
}

function toAnyHost<D extends { readonly destination?: Destination }>(to: D): D {
  return { ...to, destination: { ...to.destination, host: ANY_HOST } };
}

function isTaken(match: HTTPMatchRequest): boolean {
  return matchBreaches(routeMatch(match)).length === 0;
}

function known(all: Map<string, boolean>, key: string, find: () => boolean): boolean {
  let found = all.get(key);
  if (found === undefined) all.set(key, found = find());
  return found;
}
