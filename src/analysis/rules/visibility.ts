import { texts } from '../fields';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** The namespaces that manifests tell of, the mesh's own among them. */
function knownNamespaces(index: TrafficIndex): ReadonlySet<string> {
  return new Set([...index.of('Namespace').map(({ metadata }) => metadata.name), index.meshConfig.rootNamespace, 'default', 'kube-system']);
}

const unknownExportTo: TrafficRule = {
  id: 'unknown-export-to',
  codes: ['KIA0005'],
  severity: 'error',
  needs: ['Namespace'],
  title: '`exportTo` names a namespace that is not there',
  check(index, report) {
    const known = knownNamespaces(index);
    for (const object of ['VirtualService', 'DestinationRule', 'ServiceEntry'].flatMap(kind => index.of(kind))) {
      texts(object.spec?.exportTo).forEach((scope, s) => {
        if (['.', '*', '~'].includes(scope) || known.has(scope) || scope === index.namespaceOf(object)) return;
        report(object, `spec.exportTo[${s}]`, `there is no namespace '${scope}', so that nobody sees this there`, 'correct the name, or add the Namespace; \'.\' is the own namespace and \'*\' all');
      });
    }
  },
};

/** Rules about who may see what. */
export const VISIBILITY_RULES: readonly TrafficRule[] = [unknownExportTo];
