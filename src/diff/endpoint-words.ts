import { fieldWords } from './field-words';
import type { Cluster, DiscoveryType, LbEndpoint, LocalityLbEndpoints } from '../envoy/xds/cluster';

const FOUND: { readonly [T in DiscoveryType]: string } = {
  EDS: 'those that istiod sends',
  ORIGINAL_DST: 'the address that the caller connected to',
  STATIC: 'fixed addresses',
  STRICT_DNS: 'every address that DNS gives',
  LOGICAL_DNS: 'one address that DNS gives',
};

/** Which endpoints a cluster has, in words. */
export function describeEndpoints({ type, clusterType, loadAssignment }: Pick<Cluster, 'type' | 'clusterType' | 'loadAssignment'>): string {
  const dynamic = clusterType?.name === 'envoy.clusters.dynamic_forward_proxy' ? 'the Host of each request, looked up by DNS'
    : clusterType && fieldWords({ clusterType });
  const found = dynamic ?? FOUND[type ?? 'STATIC'];
  const localities = loadAssignment?.endpoints ?? [];
  const isWeighted = new Set(localities.map(({ loadBalancingWeight = 1 }) => loadBalancingWeight)).size > 1;
  const places = localities.map(locality => localityWords(locality, isWeighted));
  return places.length === 0 ? found : `${found}: ${places.join('; ')}`;
}

function localityWords({ lbEndpoints = [], priority, loadBalancingWeight, ...fields }: LocalityLbEndpoints, isWeighted: boolean): string {
  const { locality = {}, ...others } = fields;
  const { region, zone, subZone } = locality;
  const place = [region, zone, subZone].map(part => part ?? '').join('/').replace(/\/+$/, '');
  const isUneven = new Set(lbEndpoints.map(endpoint => endpoint.loadBalancingWeight ?? 1)).size > 1;
  const rest = fieldWords(others);
  return [
    ...(place === '' ? [] : [`in ${place}`]),
    lbEndpoints.map(endpoint => endpointWords(endpoint, isUneven)).join(', ') || 'none',
    ...(isWeighted ? [`with weight ${loadBalancingWeight ?? 'unset'}`] : []),
    ...(priority === undefined ? [] : [`at priority ${priority}`]),
    ...(rest === '' ? [] : [rest]),
  ].join(' ');
}

function endpointWords({ endpoint, loadBalancingWeight, ...others }: LbEndpoint, isUneven: boolean): string {
  const { socketAddress, ...elsewhere } = endpoint.address;
  const address = socketAddress ? `${socketAddress.address}:${socketAddress.portValue}` : fieldWords(elsewhere);
  const rest = fieldWords(others);
  return `${address}${isUneven ? ` (weight ${loadBalancingWeight ?? 1})` : ''}${rest === '' ? '' : ` (${rest})`}`;
}
