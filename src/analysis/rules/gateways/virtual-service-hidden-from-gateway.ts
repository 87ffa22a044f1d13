import { gatewaysOf, namespacesOf } from '../../facts/gateways';
import { visibilityOf } from '../../facts/visibility';
import { defineRule } from '../../rule';
import { quotedList } from '../../words';

export const rule = defineRule({
  id: 'virtual-service-hidden-from-gateway',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Workload'],
  title: 'A VirtualService is not exported to the namespace of its gateway\'s pods',
  effect: 'The gateway has no route for the host: requests get 404.',
  check(object, report, index) {
    const visible = visibilityOf(object, index);
    if (visible === 'all') return;
    for (const { gateway, written } of gatewaysOf(object, index)) {
      const namespaces = gateway && namespacesOf(gateway, index);
      if (!namespaces || namespaces.some(namespace => visible.has(namespace))) continue;
      report('spec.exportTo', `the pods of Gateway '${written}' run in ${quotedList(namespaces)}, but this VirtualService is not exported `
        + 'there: the gateway does not serve its entries',
      `add '${namespaces[0]}' to exportTo`);
    }
  },
});
