import type { Environment } from './environment';
import { istioOption } from './istio-option';
import { meshConfigFor } from './mesh-config-file';
import type { MeshConfigFields } from '../../envoy/mesh-config';
import type { Arguments } from '../arguments';

/** MeshConfig of an environment: the one that is named, else that of its manifests, else that of its cluster's facts. */
export function meshConfigOf({ objects, facts }: Environment, given: Arguments): MeshConfigFields | undefined {
  return meshConfigFor(objects, given.get('mesh-config')) ?? facts.meshConfig ?? meshConfigFor(facts.objects, undefined);
}

/** The version of Istio: the one that is named, else that of the cluster's facts. */
export function istioVersionOf({ facts }: Environment, given: Arguments): string | undefined {
  return istioOption(given) ?? facts.istioVersion;
}
