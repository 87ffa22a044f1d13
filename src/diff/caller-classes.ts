import type { Caller } from './callers';
import { statedCallers } from './stated-callers';
import type { MeshConfigFields } from '../envoy/mesh-config';
import { groupBy } from '../manifest/group-by';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** Callers that istiod sends the same, but for the short names of their own namespace's services. */
export interface CallerClass {
  readonly representative: Caller;
  readonly members: readonly Caller[];
}

/**
 * Puts callers together of whose namespaces nothing is special, so that a mesh of many teams is translated a few times and not once a team.
 * What is not known to be the same for all stays apart.
 */
export function callerClasses(
  callers: readonly Caller[], objects: readonly KubernetesObject[], meshConfigs: readonly (MeshConfigFields | undefined)[],
): CallerClass[] {
  const roots = meshConfigs.map(fields => fields?.rootNamespace ?? 'istio-system');
  // Everything is exported to its own namespace alone, or a Sidecar of the mesh lets everybody see the own namespace: each has a view of its own.
  const isPrivate = meshConfigs.some(fields => Object.keys(fields ?? {}).some(field => /^default.*ExportTo$/.test(field)))
    || objects.some(({ kind, metadata, spec }) => kind === 'Sidecar' && roots.includes(metadata.namespace ?? '') && namesOwn(spec?.egress));
  const special = specialNamespaces(objects, roots);
  const classes = groupBy(callers, caller => {
    const apart = isPrivate || caller.type === 'gateway' || special.has(caller.namespace);
    return JSON.stringify([caller.type, apart ? caller.namespace : null, caller.labels]);
  });
  return [...classes.values()].map(members => ({ representative: members[0], members }));
}

/** Namespaces whose sidecars may be sent something of their own. */
function specialNamespaces(objects: readonly KubernetesObject[], roots: readonly string[]): Set<string> {
  const special = new Set(roots);
  const entries = new Map<string, string>();
  for (const object of objects) {
    const { kind, metadata: { namespace = '', annotations }, spec } = object;
    const exported = exportedTo(spec?.exportTo, annotations?.['networking.istio.io/exportTo']);
    if (exported.some(scope => scope !== '*')) for (const scope of exported) special.add(scope === '.' || scope === '~' || scope === '*' ? namespace : scope);
    if (kind === 'Sidecar') special.add(namespace);
    if (kind === 'DestinationRule' && !isOwn(spec?.host, namespace)) special.add(namespace);
    if (kind === 'VirtualService') {
      if (!list(spec?.hosts).every(host => isOwn(host, namespace))) special.add(namespace);
      for (const caller of statedCallers(object)) if (caller.namespace !== undefined) special.add(caller.namespace);
    }
    if (kind === 'ServiceEntry') {
      for (const host of list(spec?.hosts)) {
        const other = entries.get(host);
        if (other !== undefined && other !== namespace) special.add(namespace).add(other);
        entries.set(host, namespace);
      }
    }
  }
  return special;
}

/** Whether a host is one of the namespace's own services, which all callers find in the same way. */
function isOwn(host: unknown, namespace: string): boolean {
  return typeof host === 'string' && !host.startsWith('*') && (!host.includes('.') || host.split('.')[1] === namespace);
}

function namesOwn(egress: unknown): boolean {
  return list(egress).flatMap(listener => list(listener?.hosts)).some(host => typeof host === 'string' && host.startsWith('./'));
}

function exportedTo(field: unknown, annotation: string | undefined): string[] {
  return [...list(field).filter(scope => typeof scope === 'string'), ...(annotation === undefined ? [] : annotation.split(',').map(scope => scope.trim()))];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- fields of manifests that nobody has checked yet
function list(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
