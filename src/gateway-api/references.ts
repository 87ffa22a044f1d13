/** The API group of the Gateway API. */
export const GROUP = 'gateway.networking.k8s.io';

/** A kind with its group, as references name it. */
export type KindKey = `${string}/${string}`;

export const SERVICE: KindKey = '/Service';
export const SECRET: KindKey = '/Secret';
export const CONFIG_MAP: KindKey = '/ConfigMap';
export const SERVICE_ENTRY: KindKey = 'networking.istio.io/ServiceEntry';
/** A host of Istio's registry, as a backend. */
export const HOSTNAME: KindKey = 'networking.istio.io/Hostname';
export const SERVICE_IMPORT: KindKey = 'multicluster.x-k8s.io/ServiceImport';
export const GATEWAY: KindKey = `${GROUP}/Gateway`;
export const LISTENER_SET: KindKey = `${GROUP}/ListenerSet`;

/** The kind of a reference. Absent parts are those of another kind. */
export function kindOf({ group, kind }: { readonly group?: string; readonly kind?: string }, otherwise: KindKey): KindKey {
  const [ownGroup, ownKind] = otherwise.split('/');
  return `${group ?? ownGroup}/${kind ?? ownKind}`;
}
