import { reportLost } from '../../facts/routes-without-waypoint';
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
    reportLost(object, report, index, () => FIELDS.filter(field => (object.spec?.http ?? []).some(entry => entry[field] !== undefined)));
  },
});
