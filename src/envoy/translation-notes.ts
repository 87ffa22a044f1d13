import { isChecked, KNOWN_VERSIONS } from './istio-versions';
import type { MeshConfig } from './mesh-config';
import type { Note } from './note';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { describeObject, isOfGroup } from '../manifest/kubernetes-object';

/** The kinds that affect traffic and are not translated. */
const UNTRANSLATED: readonly { readonly group: string; readonly kinds?: readonly string[]; readonly what: string }[] = [
  { group: 'networking.istio.io', kinds: ['EnvoyFilter'], what: 'the patches of an EnvoyFilter are not applied' },
  { group: 'networking.istio.io', kinds: ['ProxyConfig'], what: 'a ProxyConfig is not read' },
  { group: 'extensions.istio.io', what: 'extensions are not translated' },
  { group: 'security.istio.io', kinds: ['AuthorizationPolicy'], what: 'authorization is not translated; every call appears allowed' },
  { group: 'security.istio.io', kinds: ['RequestAuthentication'], what: 'JWT authentication is not translated' },
  { group: 'gateway.networking.k8s.io', what: 'the Gateway API is not translated' },
  { group: 'networking.k8s.io', kinds: ['Ingress', 'IngressClass'], what: 'an Ingress is not translated' },
];

/** One note per object that is not translated. */
export function untranslated(objects: readonly KubernetesObject[]): Note[] {
  return objects.flatMap(object => UNTRANSLATED
    .filter(({ group, kinds }) => isOfGroup(object, group) && (kinds === undefined || kinds.includes(object.kind)))
    .map(({ what }) => ({ object, message: `${describeObject(object)}: ${what}` })));
}

/** One note per object without a namespace. */
export function withoutNamespace(objects: readonly KubernetesObject[]): Note[] {
  const isWide = (kind: string) => kind === 'Namespace' || kind.startsWith('Cluster');
  const unplaced = objects.filter(({ kind, metadata }) => metadata.namespace === undefined && !isWide(kind));
  return unplaced.map(object => ({
    object,
    message: `${describeObject(object)} has no namespace, so that short names, exportTo and Sidecars cannot be resolved; `
      + 'set a default namespace',
  }));
}

/** Notes about fields of MeshConfig that are not translated. */
export function ofMeshConfig({ outboundTrafficPolicy: { mode } }: MeshConfig): Note[] {
  if (mode !== 'ALLOW_ANY_DYNAMIC_DNS') return [];
  return [{ message: `outboundTrafficPolicy ${mode} is not translated; requests to unknown hosts appear blocked` }];
}

/** A note about a version that is not checked. */
export function ofVersion(name: string): Note[] {
  if (isChecked(name)) return [];
  const checked = KNOWN_VERSIONS.replace(' to ', ' and ');
  return [{ message: `the translation for Istio ${name} follows release notes; only ${checked} are checked` }];
}

/** The note about inbound traffic. */
export const INBOUND: Note = { message: 'inbound traffic of a sidecar (virtualInbound and its clusters) is not translated' };
