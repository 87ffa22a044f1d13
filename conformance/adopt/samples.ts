import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AdoptedSet } from './adopted-set';
import { adoptedSet } from './adopted-set';
import { describeObject } from '../../src/manifest/kubernetes-object';
import { lastApplied } from '../../src/manifest/last-applied';
import { loadManifests } from '../../src/manifest/loader';
import { moduleFolder } from '../foreign/corpus';
import { asTaken } from '../foreign/translation';

const NO_RESOLVER = 'a destination is cert-manager-resolver.istio-system.svc.cluster.local, which is not a Service of the input';
const TLS_IN_TLS = 'constructs refuse it (www-googleapis-com/Port443Tls: tls also applies to port 443, where callers already encrypt, '
  + 'which results in TLS inside TLS; declare the port that callers use in plaintext)';

/** The objects of Istio's samples that stay plain objects, and why. */
const PLAIN: { readonly [object: string]: string } = {
  'Gateway istio-system/cert-manager-gateway': NO_RESOLVER,
  'VirtualService istio-system/cert-manager': NO_RESOLVER,
  'ServiceEntry default/googleapis': TLS_IN_TLS,
  'VirtualService default/rewrite-port-for-googleapis': TLS_IN_TLS,
  'DestinationRule default/originate-tls-for-googleapis': TLS_IN_TLS,
};

/** Adopts each file of the sample bookinfo, with its Services and subsets. */
export function adoptedSamples(): AdoptedSet[] {
  const bookinfo = join(moduleFolder(), 'samples/bookinfo');
  const networking = join(bookinfo, 'networking');
  return readdirSync(networking).filter(file => file.endsWith('.yaml')).sort().map(name => {
    const subsets = name.startsWith('destination-rule') ? [] : [join(networking, 'destination-rule-all.yaml')];
    const paths = [...subsets, join(bookinfo, 'platform/kube/bookinfo.yaml'), join(networking, name)];
    const { objects: applied } = lastApplied(loadManifests(paths, { namespace: 'default' }));
    const before = applied.filter(({ kind }) => kind !== 'ServiceAccount').map(asTaken);
    return adoptedSet(name, before);
  });
}

/** The samples' objects that stay plain without being listed, and listed ones that do not. */
export function unexpectedPlain(samples: readonly AdoptedSet[]): string[] {
  const kept = samples.flatMap(({ adoption }) => adoption.units.flatMap(({ lifted }) => lifted.kept));
  return [
    ...kept.filter(({ object, reason }) => PLAIN[describeObject(object)] !== reason)
      .map(({ object, reason }) => `${describeObject(object)} stays plain: ${reason}`),
    ...Object.keys(PLAIN).filter(name => !kept.some(({ object }) => describeObject(object) === name))
      .map(name => `${name} is lifted; remove it from the list`),
  ];
}
