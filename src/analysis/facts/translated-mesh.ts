import type { Mesh } from '../../envoy/mesh';
import { meshOf } from '../../envoy/mesh';
import type { TrafficIndex } from '../traffic-index';

/** The indexes of the translator for the manifests of the input. */
export function translatedMesh(index: TrafficIndex): Mesh {
  return index.memo(translate);
}

function translate({ manifests, meshConfig, clusterDomain }: TrafficIndex): Mesh {
  return meshOf(manifests, { meshConfig, clusterDomain }, []);
}
