import type { Environment } from './environment';
import { istioOption } from './istio-option';
import { meshConfigFor } from './mesh-config-file';
import type { MeshConfigFields } from '../../envoy/mesh-config';
import type { Arguments } from '../arguments';

/** The MeshConfig of an environment: from --mesh-config, else from its manifests, else from the cluster facts. */
export function meshConfigOf({ objects, facts }: Environment, given: Arguments): MeshConfigFields | undefined {
  return meshConfigFor(objects, given.get('mesh-config')) ?? facts.meshConfig ?? meshConfigFor(facts.objects, undefined);
}

/** The Istio version: from --istio, else from the cluster facts. */
export function istioVersionOf({ facts }: Environment, given: Arguments): string | undefined {
  return istioOption(given) ?? facts.istioVersion;
}
