import { groupBy } from '../../../manifest/group-by';
import { hostAndWildcards } from '../../facts/host-lookup';
import type { RegisteredHost } from '../../facts/registry';
import { splitEntry } from '../../facts/sidecars';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Registered hosts by their names and by the wildcards over these. */
function byName(index: TrafficIndex): ReadonlyMap<string, readonly { readonly registered: RegisteredHost }[]> {
  return groupBy(index.registry.hosts.flatMap(registered => hostAndWildcards(registered.host).map(host => ({ host, registered }))),
    ({ host }) => host);
}

export const rule = defineRule({
  id: 'unknown-egress-host',
  codes: ['KIA1004'],
  severity: 'warning',
  subjects: ['Sidecar'],
  needs: ['Service'],
  title: 'A Sidecar imports a host that no Service or ServiceEntry has',
  effect: 'The entry imports nothing.',
  check(object, report, index) {
    object.spec?.egress?.forEach(({ hosts = [] }, e) => hosts.forEach((entry, h) => {
      const [scope, host] = splitEntry(entry);
      if (!entry.includes('/') || host === '*' || index.isApiServer(host) || scope.startsWith('~')) return;
      const namespace = scope === '.' ? index.namespaceOf(object) : scope;
      const found = [...(index.memo(byName).get(host) ?? []).map(({ registered }) => registered),
        ...index.registry.findAll(host, 'all').slice(0, 1)];
      if (found.some(registered => namespace === '*' || registered.namespace === namespace)) return;
      const [elsewhere] = found;
      report(`spec.egress[${e}].hosts[${h}]`,
        elsewhere ? `'${host}' is in namespace '${elsewhere.namespace}', not in '${namespace}', so this entry `
          + 'imports nothing' : `no Service or ServiceEntry has the host '${host}', so this entry imports nothing`,
        elsewhere ? `write '${elsewhere.namespace}/${host}'` : 'write the full host name of a Service or ServiceEntry',
        elsewhere ? {} : { absent: { kind: 'host', host } });
    }));
  },
});
