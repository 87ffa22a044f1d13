import type { Gateway } from './gateways';
import { namespacesOf } from './gateways';
import type { ManifestOf } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

export type Secret = ManifestOf<'Secret'>;

/** A Secret that a Gateway's server names. */
export interface Credential {
  readonly name: string;
  /** `namespace/name`, in the namespace of the gateway's pods unless the name has one. */
  readonly key: string;
  /** The namespace of the gateway's pods. */
  readonly namespace: string;
  readonly path: string;
  readonly secret: Secret | undefined;
}

/** The Secrets that a Gateway names; none where the manifests do not have the gateway's pods. */
export function credentialsOf(object: Gateway, index: TrafficIndex): readonly Credential[] {
  return index.memoOf(object, findCredentials);
}

function findCredentials(object: Gateway, index: TrafficIndex): readonly Credential[] {
  const [namespace] = namespacesOf(object, index) ?? [];
  if (namespace === undefined) return [];
  return (object.spec?.servers ?? []).flatMap(({ tls }, s) => {
    const name = tls?.credentialName;
    if (!name) return [];
    const key = name.includes('/') ? name : `${namespace}/${name}`;
    return [{ name, key, namespace, path: `spec.servers[${s}].tls.credentialName`, secret: index.memo(secretsByName).get(key) }];
  });
}

function secretsByName(index: TrafficIndex): ReadonlyMap<string, Secret> {
  return new Map(index.of('Secret').map(secret => [index.nameOf(secret), secret]));
}
