import { groupBy } from '../../../manifest/group-by';
import type { Labels } from '../../../manifest/labels';
import { selects } from '../../../manifest/labels';
import { gatewaysOf, podsOf } from '../../facts/gateways';
import type { VirtualService } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

const CLAIM = /^@request\.auth\.claims[.[]/;

/** The first claim of a token that a VirtualService matches. */
function claimOf({ spec: { http = [] } = {} }: VirtualService): string | undefined {
  for (const { match = [] } of http) {
    for (const { headers = {}, withoutHeaders = {} } of match) {
      const name = [...Object.keys(headers), ...Object.keys(withoutHeaders)].find(key => CLAIM.test(key));
      if (name !== undefined) return name;
    }
  }
  return undefined;
}

/** The selectors of RequestAuthentications, by namespace. */
function selectorsByNamespace(index: TrafficIndex): ReadonlyMap<string, readonly { readonly selector: Labels }[]> {
  return groupBy(index.of('RequestAuthentication').flatMap(object => (
    [{ namespace: index.namespaceOf(object), selector: object.spec?.selector?.matchLabels ?? {} }])), ({ namespace }) => namespace);
}

function readsTokens(namespace: string, labels: Labels, index: TrafficIndex): boolean {
  return (index.memo(selectorsByNamespace).get(namespace) ?? []).some(({ selector }) => selects(selector, labels));
}

export const rule = defineRule({
  id: 'claims-without-request-authentication',
  codes: ['IST0149'],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Workload'],
  title: 'A match uses claims of a token that no RequestAuthentication reads',
  effect: 'Without a verified token there are no claims, so the route never matches.',
  check(object, report, index) {
    const claim = claimOf(object);
    if (claim === undefined) return;
    for (const { gateway, key, path } of gatewaysOf(object, index)) {
      for (const { labels, namespace, object: workload } of gateway ? podsOf(gateway, index) : []) {
        if (readsTokens(index.meshConfig.rootNamespace, labels, index) || readsTokens(namespace, labels, index)) continue;
        report(path, `'${claim}' is a claim of a token, but no RequestAuthentication reads tokens at the pods of Gateway '${key}' `
          + `(${index.nameOf(workload)}), so the match takes nothing`,
        `add a RequestAuthentication for these pods in '${namespace}'`,
        { absent: { kind: 'RequestAuthentication', namespaces: [namespace, index.meshConfig.rootNamespace] } });
      }
    }
  },
});
