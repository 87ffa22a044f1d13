import { isChecked, KNOWN_VERSIONS } from './istio-versions';
import type { MeshConfig } from './mesh-config';
import type { Note } from './note';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { describeObject, isOfGroup } from '../manifest/kubernetes-object';

/** Kinds that change traffic and are not translated. */
const UNTRANSLATED: readonly { readonly group: string; readonly kinds?: readonly string[]; readonly what: string }[] = [
  { group: 'networking.istio.io', kinds: ['EnvoyFilter'], what: 'patches of an EnvoyFilter are not applied' },
  { group: 'networking.istio.io', kinds: ['ProxyConfig'], what: 'a ProxyConfig is not read' },
  { group: 'extensions.istio.io', what: 'extensions are not translated' },
  { group: 'security.istio.io', kinds: ['AuthorizationPolicy'], what: 'who may call is not translated; a call looks allowed' },
  { group: 'security.istio.io', kinds: ['RequestAuthentication'], what: 'tokens are not checked' },
  { group: 'gateway.networking.k8s.io', what: 'the Gateway API is not translated' },
  { group: 'networking.k8s.io', kinds: ['Ingress', 'IngressClass'], what: 'an Ingress is not translated' },
];

/** What of the objects the translation leaves out, a note an object. */
export function untranslated(objects: readonly KubernetesObject[]): Note[] {
  return objects.flatMap(object => UNTRANSLATED
    .filter(({ group, kinds }) => isOfGroup(object, group) && (kinds === undefined || kinds.includes(object.kind)))
    .map(({ what }) => ({ object, message: `${describeObject(object)}: ${what}` })));
}

/** Objects whose namespace nobody states: what they may see and who sees them is not known. */
export function withoutNamespace(objects: readonly KubernetesObject[]): Note[] {
  const unplaced = objects.filter(({ kind, metadata }) => metadata.namespace === undefined && kind !== 'Namespace' && !kind.startsWith('Cluster'));
  return unplaced.map(object => ({
    object,
    message: `${describeObject(object)} has no namespace, so short names, exportTo and Sidecars are undecided; give a default namespace`,
  }));
}

/** What of MeshConfig is left out. */
export function ofMeshConfig({ outboundTrafficPolicy: { mode } }: MeshConfig): Note[] {
  return mode === 'ALLOW_ANY_DYNAMIC_DNS' ? [{ message: `outboundTrafficPolicy ${mode} is not translated; requests to unknown hosts look blocked` }] : [];
}

/** What a version leaves open. */
export function ofVersion(name: string): Note[] {
  return isChecked(name) ? [] : [{ message: `Istio ${name} is translated by what its release notes say; only ${KNOWN_VERSIONS.replace(' to ', ' and ')} are checked` }];
}

/** What no proxy's configuration holds. */
export const INBOUND: Note = { message: 'what a sidecar does with calls that it gets (virtualInbound and its clusters) is not translated' };
