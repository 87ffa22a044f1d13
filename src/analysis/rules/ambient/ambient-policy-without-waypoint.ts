import { serviceHost } from '../../../manifest/host-name';
import { lackOfWaypoint } from '../../facts/waypoint-bindings';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-policy-without-waypoint',
  codes: [],
  severity: 'error',
  step: 'admits',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication'],
  title: 'A policy is for a Service that no waypoint serves',
  effect: 'Only a waypoint applies policies with a Service in targetRefs. ztunnel and sidecars ignore them.',
  source: '`pilot/pkg/serviceregistry/ambient/authorization.go`, `convertAuthorizationPolicy`; `pilot/pkg/model/policyattachment.go`, '
    + '`ShouldAttachPolicy`',
  check(object, report, index) {
    (object.spec?.targetRefs ?? []).forEach(({ group = '', kind, name = '' }, i) => {
      if (kind !== 'Service' || (group !== '' && group !== 'core')) return;
      const service = index.registry.serviceOf(serviceHost(name, index.namespaceOf(object), index.clusterDomain));
      const lack = service && lackOfWaypoint(service.object, index);
      if (!lack) return;
      report(`spec.targetRefs[${i}]`, `no waypoint serves the Service '${name}', so no proxy applies this policy`,
        'deploy a waypoint, and label the Service or its namespace istio.io/use-waypoint', lack);
    });
  },
});
