import { GATEWAY_NAME } from '../gateway-api/managed-services';
import { selects } from '../manifest/labels';

/** A proxy as istiod sees it. */
export interface Proxy {
  readonly type: 'sidecar' | 'gateway' | 'waypoint';
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
  /** Its locality: `region/zone/subzone`. */
  readonly locality?: string;
}

/** The pods of a waypoint, as istiod runs them. */
export function waypointProxy(namespace: string, name: string): Proxy {
  return { type: 'waypoint', namespace, labels: { [GATEWAY_NAME]: name } };
}

/** The name of the waypoint that pods with these labels run. */
export function waypointName({ labels = {} }: Pick<Proxy, 'labels'>): string {
  return labels[GATEWAY_NAME] ?? '';
}

/** Whether a selector matches a proxy's labels. */
export function hasLabels(proxy: Proxy, selector: { readonly [key: string]: string } | undefined): boolean {
  return selects(selector ?? {}, proxy.labels);
}
