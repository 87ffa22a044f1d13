import { groupBy } from '../../manifest/group-by';
import { parseLocality } from '../locality';
import type { Endpoint } from '../service';
import type { ClusterLoadAssignment, LbEndpoint } from '../xds/cluster';

/** The endpoints of one locality that share a priority. */
export interface LocalityEndpoints {
  /** `region/zone/subzone`. */
  readonly locality: string;
  endpoints: readonly Endpoint[];
  weight: number;
  priority: number;
}

/** Endpoints by locality, sorted by the locality's name. The weight of a locality is the sum of its endpoints' weights. */
export function byLocality(endpoints: readonly Endpoint[]): LocalityEndpoints[] {
  const groups = groupBy(endpoints, ({ locality }) => locality);
  const names = [...groups.keys()];
  if (names.length > 1) names.sort();
  return names.map(locality => ({ locality, endpoints: groups.get(locality)!, weight: totalWeight(groups.get(locality)!), priority: 0 }));
}

export function totalWeight(endpoints: readonly Endpoint[]): number {
  return endpoints.reduce((total, { weight }) => total + weight, 0);
}

/** The endpoints as Envoy's ClusterLoadAssignment. */
export function loadAssignment(clusterName: string, localities: readonly LocalityEndpoints[]): ClusterLoadAssignment {
  return {
    clusterName,
    ...(localities.length === 0 ? {} : {
      endpoints: localities.map(({ locality, endpoints, weight, priority }) => ({
        locality: parseLocality(locality),
        ...(endpoints.length === 0 ? {} : { lbEndpoints: endpoints.map(lbEndpoint) }),
        loadBalancingWeight: weight,
        ...(priority === 0 ? {} : { priority }),
      })),
    }),
  };
}

function lbEndpoint({ address, port, weight }: Endpoint): LbEndpoint {
  const place = port === 0 ? { pipe: { path: address } } : { socketAddress: { address, portValue: port } };
  return { endpoint: { address: place }, loadBalancingWeight: weight };
}
