import type { Caller } from './callers';
import { statedCallers } from './stated-callers';
import type { MeshConfigFields } from '../envoy/mesh-config';
import { meshConfigOf } from '../envoy/mesh-config';
import { groupBy } from '../manifest/group-by';
import type { IstioEgressListener } from '../manifest/istio-specs.generated';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Manifest } from '../manifest/manifest';
import { isOfKind, manifestsOf, readManifests } from '../manifest/manifest';

/** Callers that istiod sends the same configuration, except for the short names of their own namespace's services. */
export interface CallerClass {
  readonly representative: Caller;
  readonly members: readonly Caller[];
}

/**
 * Groups the callers of ordinary namespaces into one class, so that a mesh of many teams is translated a few times instead of once per
 * team. Callers stay apart unless their configuration is known to be the same.
 */
export function callerClasses(
  callers: readonly Caller[], objects: readonly KubernetesObject[], meshConfigs: readonly (MeshConfigFields | undefined)[],
): CallerClass[] {
  const { manifests } = readManifests(objects);
  const roots = meshConfigs.map(fields => meshConfigOf(fields).rootNamespace);
  // If objects are exported only to their own namespace, or a mesh-wide Sidecar imports the caller's namespace, every namespace has its own
  // view.
  const isPrivate = meshConfigs.some(fields => Object.keys(fields ?? {}).some(field => /^default.*ExportTo$/.test(field)))
    || manifestsOf(manifests, 'Sidecar').some(({ metadata, spec }) => roots.includes(metadata.namespace ?? '') && namesOwn(spec?.egress));
  const special = specialNamespaces(manifests, roots);
  const classes = groupBy(callers, caller => {
    const apart = isPrivate || caller.type === 'gateway' || special.has(caller.namespace);
    return JSON.stringify([caller.type, apart ? caller.namespace : null, caller.labels]);
  });
  return [...classes.values()].map(members => ({ representative: members[0], members }));
}

/** Namespaces whose sidecars may get a configuration of their own. */
function specialNamespaces(manifests: readonly Manifest[], roots: readonly string[]): Set<string> {
  const special = new Set(roots);
  const entries = new Map<string, string>();
  for (const manifest of manifests) {
    const { namespace = '' } = manifest.metadata;
    const exported = exportedTo(manifest);
    if (exported.some(scope => scope !== '*')) {
      for (const scope of exported) special.add(scope === '.' || scope === '~' || scope === '*' ? namespace : scope);
    }
    if (isOfKind(manifest, 'Sidecar') || routesServices(manifest)) special.add(namespace);
    if (isOfKind(manifest, 'DestinationRule') && !isOwn(manifest.spec?.host ?? '', namespace)) special.add(namespace);
    if (isOfKind(manifest, 'VirtualService')) {
      if (!(manifest.spec?.hosts ?? []).every(host => isOwn(host, namespace))) special.add(namespace);
      for (const caller of statedCallers(manifest)) if (caller.namespace !== undefined) special.add(caller.namespace);
    }
    if (isOfKind(manifest, 'ServiceEntry')) {
      for (const host of manifest.spec?.hosts ?? []) {
        const other = entries.get(host);
        if (other !== undefined && other !== namespace) special.add(namespace).add(other);
        entries.set(host, namespace);
      }
    }
  }
  return special;
}

/** Whether a route of the Gateway API routes the calls of a service. In its own namespace it comes before other routes. */
function routesServices(manifest: Manifest): boolean {
  return ROUTES.some(kind => isOfKind(manifest, kind) && (manifest.spec?.parentRefs ?? []).some(parent => (
    parent.kind === 'Service' || parent.kind === 'ServiceEntry')));
}

const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'] as const;

/** Whether a host is a service of the namespace itself, which all callers resolve alike. */
function isOwn(host: string, namespace: string): boolean {
  return host !== '' && !host.startsWith('*') && (!host.includes('.') || host.split('.')[1] === namespace);
}

function namesOwn(egress: readonly IstioEgressListener[] = []): boolean {
  return egress.flatMap(({ hosts = [] }) => hosts).some(host => host.startsWith('./'));
}

const EXPORTED = ['VirtualService', 'DestinationRule', 'ServiceEntry'] as const;

function exportedTo(manifest: Manifest): string[] {
  const annotation = manifest.metadata.annotations?.['networking.istio.io/exportTo'];
  const stated = EXPORTED.flatMap(kind => (isOfKind(manifest, kind) ? manifest.spec?.exportTo ?? [] : []));
  return [...stated, ...(annotation === undefined ? [] : annotation.split(',').map(scope => scope.trim()))];
}
