import { selects } from '../manifest/labels';

/** A proxy as istiod sees it. */
export interface Proxy {
  readonly type: 'sidecar' | 'gateway' | 'waypoint';
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
  /** Its locality: `region/zone/subzone`. */
  readonly locality?: string;
}

/** Whether a selector matches a proxy's labels. */
export function hasLabels(proxy: Proxy, selector: { readonly [key: string]: string } | undefined): boolean {
  return selects(selector ?? {}, proxy.labels);
}
