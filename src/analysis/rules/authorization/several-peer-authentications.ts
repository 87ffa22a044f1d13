import type { Manifest, ManifestOf } from '../../../manifest/manifest';
import { isWide, scopeOf, selectorOf } from '../../facts/policy-pods';
import type { Rivals } from '../../facts/rivals';
import { rivalsBy } from '../../facts/rivals';
import type { Contest } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

type PeerAuthentication = ManifestOf<'PeerAuthentication'>;

export const rule = defineRule({
  id: 'several-peer-authentications',
  codes: ['KIA0002', 'KIA0003'],
  severity: 'warning',
  subjects: ['PeerAuthentication'],
  title: 'Several PeerAuthentications select the same pods',
  effect: 'The oldest applies, and Istio ignores the others.',
  check(object, report, index) {
    const rivals = isWide(object) ? index.memo(wideByNamespace).get(index.namespaceOf(object)) : contestOf(object, index);
    if (!rivals || rivals.others === 0) return;
    report(isWide(object) ? 'spec' : 'spec.selector', `${rivals.beside(object, index)} ${rivals.others === 1 ? 'selects' : 'select'} the same pods: `
      + 'only the oldest has an effect', 'merge them into one');
  },
});

function wideByNamespace(index: TrafficIndex): ReadonlyMap<string, Rivals<PeerAuthentication>> {
  return rivalsBy(index.of('PeerAuthentication').filter(isWide), object => index.namespaceOf(object));
}

function contestOf(object: PeerAuthentication, index: TrafficIndex): Rivals | undefined {
  return index.memo(contests).get(object)?.[0]?.rivals;
}

function contests(index: TrafficIndex): ReadonlyMap<Manifest, readonly Contest[]> {
  return index.workloads.contested(index.of('PeerAuthentication').flatMap(object => {
    const namespace = scopeOf(object, index);
    return namespace === undefined || isWide(object) ? [] : [{ object, namespace, selector: selectorOf(object) }];
  }));
}
