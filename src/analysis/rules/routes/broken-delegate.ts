import { isVisible } from '../../../manifest/export-to';
import { delegationsOf } from '../../facts/delegations';
import { isDelegate } from '../../facts/virtual-services';
import { visibilityOf } from '../../facts/visibility';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function repairFor(key: string, index: TrafficIndex): string {
  const name = key.slice(key.indexOf('/') + 1);
  const elsewhere = index.of('VirtualService').find(object => object.metadata.name === name && isDelegate(object));
  if (!elsewhere) return 'correct the name and namespace, or add the VirtualService';
  return `write namespace: ${index.namespaceOf(elsewhere)} to name VirtualService ${index.nameOf(elsewhere)}; the default is the `
    + 'namespace of the root';
}

export const rule = defineRule({
  id: 'broken-delegate',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService'],
  title: 'A delegate does not exist, is not visible to its root, or has hosts of its own',
  effect: 'The root has no such entry. Its requests get 404, or go to a later entry that matches.',
  check(root, report, index) {
    for (const { path, key, delegate } of delegationsOf(root, index)) {
      const namespace = index.namespaceOf(root);
      if (!delegate) {
        report(path, `VirtualService '${key}' does not exist, so Istio drops this entry without an error and its requests get 404`,
          repairFor(key, index), { absent: { kind: 'VirtualService', key } });
      } else if (!isDelegate(delegate)) {
        report(path, `VirtualService '${key}' has hosts, so it is not a delegate, and Istio drops this entry`,
          'remove its hosts and gateways, or name another VirtualService');
      } else if (!isVisible(visibilityOf(delegate, index), namespace)) {
        report(path, `VirtualService '${key}' is not exported to '${namespace}', so Istio drops this entry without an error`,
          `add '${namespace}' to the exportTo of the delegate`);
      }
    }
  },
});
