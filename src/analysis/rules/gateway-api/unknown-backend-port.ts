import { HOSTNAME, SERVICE, SERVICE_IMPORT, kindOf } from '../../../gateway-api/references';
import type { BackendObjectReference } from '../../../manifest/gateway-api-specs.generated';
import { serviceHost } from '../../../manifest/host-name';
import type { Route } from '../../facts/gateway-api';
import { ROUTES, problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

interface Placed {
  readonly backend: BackendObjectReference & { readonly weight?: number };
  readonly path: string;
}

interface Rule {
  readonly backendRefs?: readonly Placed['backend'][];
  readonly filters?: readonly { readonly requestMirror?: { readonly backendRef?: BackendObjectReference } }[];
}

/** The backends and mirrors of a route. */
function backendsOf({ spec }: Route): readonly Placed[] {
  return ((spec?.rules ?? []) as readonly Rule[]).flatMap(({ backendRefs = [], filters = [] }, r) => [
    ...backendRefs.map((backend, b) => ({ backend, path: `spec.rules[${r}].backendRefs[${b}]` })),
    ...filters.flatMap(({ requestMirror: { backendRef } = {} }, f) => (
      backendRef ? [{ backend: backendRef, path: `spec.rules[${r}].filters[${f}]` }] : [])),
  ]);
}

/** The host of a backend; undefined for kinds that Istio does not route to. */
function hostOf(backend: BackendObjectReference, namespace: string, { clusterDomain }: TrafficIndex): string | undefined {
  const kind = kindOf(backend, SERVICE);
  const { name = '' } = backend;
  if (kind === HOSTNAME) return name;
  return kind === SERVICE || kind === SERVICE_IMPORT ? serviceHost(name, backend.namespace ?? namespace, clusterDomain) : undefined;
}

export const rule = defineRule({
  id: 'unknown-backend-port',
  codes: [],
  severity: 'error',
  subjects: ROUTES,
  title: 'A backend names a port that its Service does not have',
  effect: 'The cluster does not exist: the share of requests gets 500, and connections are closed. The status of the route says that all '
    + 'references are resolved.',
  check(object, report, index) {
    for (const { backend: { weight = 1, port, ...backend }, path } of backendsOf(object)) {
      const host = weight === 0 || port === undefined ? undefined : hostOf(backend, index.namespaceOf(object), index);
      const found = host === undefined || index.isApiServer(host) ? [] : index.registry.findAll(host, 'all');
      const ports = [...new Set(found.flatMap(each => each.ports.map(({ number }) => number)))];
      if (found.length === 0 || ports.includes(port!)) continue;
      if (problemsOf(object, ['RefNotPermitted', 'BackendNotFound'], index).some(each => each.path === path)) continue;
      const isMirror = path.includes('.filters[');
      report(isMirror ? `${path}.requestMirror.backendRef.port` : `${path}.port`, `'${host}' has no port ${port}, so ${isMirror
        ? 'no request is mirrored to it' : 'its share of requests fails'}; istiod reports ResolvedRefs=True nevertheless`,
      ports.length === 0 ? 'add the port to the Service' : `use a port of the Service: ${ports.join(', ')} (not the port of the pods)`);
    }
  },
});
