import { hostAndWildcards, wildcardsOver } from './host-lookup';
import { MeshRivals } from './mesh-rivals';
import type { Rivals } from './rivals';
import type { VirtualService } from './virtual-services';
import { isForMesh } from './virtual-services';
import { visibilityOf } from './visibility';
import { groupBy } from '../../manifest/group-by';
import type { TrafficIndex } from '../traffic-index';

/** A host that a VirtualService claims for the sidecars of a namespace, or of all. */
export interface Claim {
  readonly object: VirtualService;
  /** The host in full. */
  readonly host: string;
  /** A namespace, or `*` for all. */
  readonly scope: string;
  readonly path: string;
}

/** The claims of a VirtualService: each of its hosts, once for each namespace to which it is visible. */
export function claimsOf(object: VirtualService, index: TrafficIndex): readonly Claim[] {
  return index.memoOf(object, readClaims);
}

function readClaims(object: VirtualService, index: TrafficIndex): readonly Claim[] {
  if (!isForMesh(object)) return [];
  const visible = visibilityOf(object, index);
  const scopes = visible === 'all' ? ['*'] : [...visible];
  return (object.spec?.hosts ?? []).flatMap((written, i) => scopes.map(scope => (
    { object, host: index.fullHost(written, index.namespaceOf(object)), scope, path: `spec.hosts[${i}]` })));
}

/**
 * The VirtualService of a claim, and those whose claims a proxy sees beside it and that meet requests of its callers. A public wildcard may
 * hold a claim for one namespace, or be held by it.
 */
export function rivalsOf({ object, scope, host }: Claim, index: TrafficIndex): Rivals<VirtualService> {
  return index.memo(findRivals)(scope, host).of(object);
}

function findRivals(index: TrafficIndex): (scope: string, host: string) => MeshRivals {
  const claims = index.of('VirtualService').flatMap(object => claimsOf(object, index));
  const own = groupBy(claims, ({ scope, host }) => `${scope}/${host}`);
  const isScoped = ({ scope }: Claim) => scope !== '*';
  const scoped = groupBy(claims.filter(isScoped), ({ host }) => host);
  // Only a claim for one namespace asks for what lies within it.
  const publicClaims = scoped.size === 0 ? [] : claims.filter(claim => !isScoped(claim));
  const publicWithin = byWildcard(publicClaims);
  const scopedWithin = byWildcard(claims.filter(isScoped));
  const claimsBeside = (scope: string, host: string) => {
    const alike = own.get(`${scope}/${host}`) ?? [];
    if (scoped.size === 0) return alike;
    const names = hostAndWildcards(host);
    return scope === '*'
      ? [...alike, ...names.flatMap(name => scoped.get(name) ?? []), ...scopedWithin(host)]
      : [...alike, ...names.flatMap(name => own.get(`*/${name}`) ?? []), ...publicWithin(host)];
  };
  const known = new Map<string, MeshRivals>();
  return (scope, host) => {
    const key = `${scope}/${host}`;
    let rivals = known.get(key);
    if (!rivals) known.set(key, rivals = new MeshRivals([...new Set(claimsBeside(scope, host).map(({ object }) => object))], index));
    return rivals;
  };
}

/** Claims by the wildcards over their hosts. */
function byWildcard(claims: readonly Claim[]): (wildcard: string) => readonly Claim[] {
  const found = groupBy(claims.flatMap(claim => wildcardsOver(claim.host).map(wildcard => ({ wildcard, claim }))),
    ({ wildcard }) => wildcard);
  return wildcard => (found.get(wildcard) ?? []).map(({ claim }) => claim);
}
