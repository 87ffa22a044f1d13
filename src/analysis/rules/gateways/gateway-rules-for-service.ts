import { fullHostsOf, isForMesh } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The hosts of VirtualServices that sidecars obey. */
function meshHosts(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('VirtualService').flatMap(object => (isForMesh(object) ? fullHostsOf(object, index) : [])));
}

export const rule = defineRule({
  id: 'gateway-rules-for-service',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'A VirtualService for a Service\'s own host is for Gateways alone, so sidecars ignore it',
  effect: 'A sidecar\'s virtual host for the Service keeps its default route. Nothing of the VirtualService is in it.',
  check(object, report, index) {
    if (isForMesh(object)) return;
    fullHostsOf(object, index).forEach((host, h) => {
      if (index.memo(meshHosts).has(host) || !index.registry.serviceOf(host)) return;
      report(`spec.hosts[${h}]`, `'${host}' is the host of a Service, which callers in the mesh use, but this VirtualService is for `
        + 'Gateways alone: no sidecar obeys it',
      'add \'mesh\' to spec.gateways, or use the public host if you mean calls from outside');
    });
  },
});
