import { items, texts } from '../fields';
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

/** Whether a namespace is one of those that a policy means; either end of the text may be open. */
function isMeant(name: string, pattern: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name.toLowerCase() === pattern.toLowerCase();
}

const unknownPolicyNamespace: TrafficRule = {
  id: 'unknown-policy-namespace',
  codes: ['IST0101', 'KIA0101'],
  severity: 'error',
  needs: ['Namespace'],
  title: 'An AuthorizationPolicy is about callers of a namespace that is not there',
  check(index, report) {
    const names = index.of('Namespace').map(({ metadata }) => metadata.name);
    const met = new Map<string, boolean>();
    const isThere = (pattern: string) => {
      const known = met.get(pattern) ?? names.some(name => isMeant(name, pattern));
      met.set(pattern, known);
      return known;
    };
    for (const object of index.of('AuthorizationPolicy')) {
      items(object.spec?.rules).forEach((rule, r) => items(rule.from).forEach(({ source }, f) => ['namespaces', 'notNamespaces'].forEach(field => {
        texts(source?.[field]).forEach((name, n) => {
          if (isThere(name)) return;
          report(object, `spec.rules[${r}].from[${f}].source.${field}[${n}]`, `there is no namespace '${name}', so that this part of the policy concerns nobody`, 'correct the name, or add the Namespace');
        });
      })));
    }
  },
};

/** Rules about who may see what. */
export const VISIBILITY_RULES: readonly TrafficRule[] = [unknownExportTo, unknownPolicyNamespace];
