import { groupBy } from '../../manifest/group-by';
import { isWildcard } from '../../manifest/host-name';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { byAge } from '../../manifest/kubernetes-object';
import { items, texts } from '../fields';
import { hostAndWildcards, serviceParts, wildcardsOver } from '../host-lookup';
import { areApart, callerOf, termsOf } from '../terms';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

interface Claim {
  readonly object: KubernetesObject;
  readonly host: string;
  readonly scope: string;
  readonly path: string;
}

/** What VirtualServices of the mesh claim: each host, once for each namespace that they are shown to. */
function claimsOf(index: TrafficIndex): Claim[] {
  return index.of('VirtualService').filter(object => index.isForMesh(object)).flatMap(object => {
    const visible = index.visibilityOf(object);
    const scopes = visible === 'all' ? ['*'] : [...visible];
    return texts(object.spec?.hosts).flatMap((written, i) => scopes.map(scope => (
      { object, host: index.fullHost(written, index.namespaceOf(object)), scope, path: `spec.hosts[${i}]` })));
  });
}

/** Whether two VirtualServices never stand in each other's way: each of their rules is for other callers or ports. */
function haveOtherCallers(a: KubernetesObject, b: KubernetesObject): boolean {
  if (['tcp', 'tls'].some(block => items(a.spec?.[block]).length > 0 || items(b.spec?.[block]).length > 0)) return false;
  const [mine, theirs] = [a, b].map(({ spec }) => items(spec?.http).flatMap(termsOf).map(callerOf));
  return mine.length > 0 && theirs.length > 0 && areApart(mine, theirs);
}

/** Those that the same proxy would see beside a claim; a public host may hold, or be held by, one that is kept to a namespace. */
function rivalsOf(claims: readonly Claim[]): (claim: Claim) => readonly Claim[] {
  const own = groupBy(claims, ({ scope, host }) => `${scope}/${host}`);
  const kept = groupBy(claims.filter(({ scope }) => scope !== '*'), ({ host }) => host);
  // Only a claim that is kept to a namespace asks what lies within it.
  const publicClaims = kept.size === 0 ? [] : claims.filter(({ scope }) => scope === '*');
  const within = groupBy(
    publicClaims.flatMap(claim => wildcardsOver(claim.host).map(wildcard => ({ wildcard, claim }))), ({ wildcard }) => wildcard);
  const keptWithin = groupBy(
    claims.filter(({ scope }) => scope !== '*').flatMap(claim => wildcardsOver(claim.host).map(wildcard => ({ wildcard, claim }))), ({ wildcard }) => wildcard);
  return ({ scope, host }) => {
    const alike = own.get(`${scope}/${host}`) ?? [];
    if (kept.size === 0) return alike;
    const names = hostAndWildcards(host);
    return scope === '*'
      ? [...alike, ...names.flatMap(name => kept.get(name) ?? []), ...(keptWithin.get(host) ?? []).map(({ claim }) => claim)]
      : [...alike, ...names.flatMap(name => own.get(`*/${name}`) ?? []), ...(within.get(host) ?? []).map(({ claim }) => claim)];
  };
}

const conflictingMeshHosts: TrafficRule = {
  id: 'conflicting-mesh-hosts',
  codes: ['IST0109', 'KIA1106'],
  severity: 'error',
  title: 'Two VirtualServices of the mesh are for one host',
  check(index, report) {
    const claims = claimsOf(index);
    const rivals = rivalsOf(claims);
    const told = new Set<KubernetesObject>();
    for (const claim of claims) {
      const { object, host, path } = claim;
      if (told.has(object)) continue;
      const all = rivals(claim);
      // Itself alone.
      if (all.length === 1) continue;
      const others = [...new Set(all.map(rival => rival.object))].filter(other => other !== object && !haveOtherCallers(object, other));
      if (others.length === 0) continue;
      told.add(object);
      const [first] = [object, ...others].sort(byAge);
      const names = others.map(other => index.nameOf(other)).join(', ');
      report(object, path, `${names} ${others.length === 1 ? 'is' : 'are'} for '${host}' too, and sidecars obey one VirtualService a host as a whole: ${first === object ? 'this one if all are made together, without the rules of the others' : `${index.nameOf(first)} if all are made together, and this one is ignored`}`,
        'put all rules for the host into one VirtualService, or use delegates; rules do not merge');
    }
  },
};

const unknownMeshHost: TrafficRule = {
  id: 'unknown-mesh-host',
  codes: [],
  severity: 'warning',
  needs: ['Service'],
  title: 'A VirtualService of the mesh is for a Service that is not there',
  check(index, report) {
    for (const object of index.of('VirtualService')) {
      if (!index.isForMesh(object)) continue;
      const namespace = index.namespaceOf(object);
      texts(object.spec?.hosts).forEach((written, h) => {
        const host = index.fullHost(written, namespace);
        // Names from outside of the cluster may be called without being registered.
        if (isWildcard(host) || !serviceParts(host) || index.registry.find(host, 'all')) return;
        report(object, `spec.hosts[${h}]`, `there is no Service '${host}', so that nobody's calls meet these rules`,
          written.includes('.') ? 'correct the name, or add the Service' : `write the whole name of the Service if it is in another namespace than '${namespace}', in which a short name is looked up`);
      });
    }
  },
};

/** Rules about VirtualServices that stand in each other's way within the mesh, or in nobody's. */
export const MESH_HOST_RULES: readonly TrafficRule[] = [conflictingMeshHosts, unknownMeshHost];
