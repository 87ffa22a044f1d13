import { isWildcard } from '../../../manifest/host-name';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'service-entry-behind-service',
  codes: [],
  severity: 'warning',
  subjects: ['ServiceEntry'],
  title: 'A ServiceEntry is for the host of a Service',
  effect: 'The ports and endpoints of the Service apply. Istio does not add those of the entry.',
  check(object, report, index) {
    object.spec?.hosts?.forEach((host, h) => {
      const service = isWildcard(host) ? undefined : index.registry.serviceOf(index.fullHost(host, index.namespaceOf(object)));
      if (!service) return;
      report(`spec.hosts[${h}]`, `'${host}' is the host of Service ${index.nameOf(service.object)}, which wins: Istio does not use the `
        + 'ports and endpoints of this entry',
      'add ports and selectors to the Service, or use another host for the entry');
    });
  },
});
