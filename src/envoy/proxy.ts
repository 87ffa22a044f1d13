import { selects } from '../manifest/labels';

/** A proxy, as istiod knows it. */
export interface Proxy {
  readonly type: 'sidecar' | 'gateway';
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
  /** Where it runs, as region/zone/subzone. */
  readonly locality?: string;
}

/** Whether a proxy's labels have all of a selector's. */
export function hasLabels(proxy: Proxy, selector: { readonly [key: string]: string } | undefined): boolean {
  return selects(selector ?? {}, proxy.labels);
}
