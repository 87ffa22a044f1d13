import type { Manifest } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

/** `namespace/name` of the Secrets that controllers make from other objects. */
export function secretsToCome(index: TrafficIndex): ReadonlySet<string> {
  const nameOf = (object: Manifest, name = object.metadata.name) => `${index.namespaceOf(object)}/${name}`;
  return new Set([
    ...index.of('Certificate').map(object => nameOf(object, object.spec?.secretName)),
    ...index.of('ExternalSecret').map(object => nameOf(object, object.spec?.target?.name)),
    ...index.of('SealedSecret').map(object => nameOf(object, object.spec?.template?.metadata?.name)),
  ]);
}
