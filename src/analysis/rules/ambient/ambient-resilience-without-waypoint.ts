import { isService } from '../../facts/registry';
import { fullHostsOf, isForMesh } from '../../facts/virtual-services';
import { GIVE_WAYPOINT, lackOfWaypoint } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

const FIELDS = ['timeout', 'retries', 'fault'] as const;

export const rule = defineRule({
  id: 'ambient-resilience-without-waypoint',
  codes: [],
  severity: 'warning',
  step: 'rebalances',
  subjects: ['VirtualService'],
  title: 'A VirtualService sets timeouts, retries or faults for a Service that no waypoint serves',
  effect: 'ztunnel does not time out, retry or abort requests. Istio\'s two default retries are gone too.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `getVirtualServiceForWaypoint`, which only a waypoint uses',
  check(object, report, index) {
    if (!isForMesh(object)) return;
    const hosts = fullHostsOf(object, index);
    hosts.forEach((host, i) => {
      const [first] = index.registry.findAll(host, 'all');
      if (!first || !isService(first)) return;
      const lost = FIELDS.filter(field => (object.spec?.http ?? []).some(entry => entry[field] !== undefined));
      const lack = lost.length > 0 ? lackOfWaypoint(first.object, index) : undefined;
      if (!lack) return;
      report(`spec.hosts[${i}]`, `no waypoint serves '${host}', and ztunnel reads no routes: ${lost.join(', ')} ${lost.length === 1 ? 'is' : 'are'} lost`, GIVE_WAYPOINT, lack);
    });
  },
});
