import { serviceHost } from '../../../manifest/host-name';
import { GIVE_WAYPOINT, lackOfWaypoint } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-mesh-route-without-waypoint',
  codes: [],
  severity: 'warning',
  step: 'reroutes',
  subjects: ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'],
  title: 'A route of the Gateway API is for a Service that no waypoint serves',
  effect: 'ztunnel reads no routes: it connects to any pod of the Service that the caller named.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `getVirtualServiceForWaypoint`, which only a waypoint uses',
  check(object, report, index) {
    (object.spec?.parentRefs ?? []).forEach(({ group, kind, name = '', namespace = index.namespaceOf(object) }, i) => {
      if (kind !== 'Service' || (group !== '' && group !== 'core')) return;
      const service = index.registry.serviceOf(serviceHost(name, namespace, index.clusterDomain));
      const lack = service && lackOfWaypoint(service.object, index);
      if (!lack) return;
      report(`spec.parentRefs[${i}]`, `no waypoint serves the Service '${namespace}/${name}', and ztunnel reads no routes: this one is lost`, GIVE_WAYPOINT, lack);
    });
  },
});
