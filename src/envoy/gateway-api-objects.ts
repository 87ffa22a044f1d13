import type { Note } from './note';
import type { VirtualServiceOptions } from './virtual-service';
import type { ConversionProblem } from '../gateway-api/conversion';
import { convertGatewayApi } from '../gateway-api/conversion';
import { DEFAULT_FLAGS } from '../gateway-api/gateway-classes';
import { GROUP } from '../gateway-api/references';
import { isOfGroup } from '../manifest/kubernetes-object';
import type { Manifest } from '../manifest/manifest';
import { readManifests } from '../manifest/manifest';
import { pathText } from '../manifest/provenance';
import { withDefaults } from '../manifest/schema-defaults';

/** Manifests with the objects that istiod makes of those of the Gateway API. */
export interface ConvertedManifests {
  readonly manifests: readonly Manifest[];
  readonly origins: NonNullable<VirtualServiceOptions['origins']>;
}

/** Converts the objects of the Gateway API among manifests. Certificates that the input lacks are taken to exist. */
export function withGatewayApi(manifests: readonly Manifest[], clusterDomain: string, notes: Note[]): ConvertedManifests {
  if (!manifests.some(object => isOfGroup(object, GROUP))) return { manifests, origins: new Map() };
  const stored = manifests.map(withDefaults);
  const { services, gateways, virtualServices, destinationRules, origins, problems } = convertGatewayApi(stored, {
    clusterDomain, flags: DEFAULT_FLAGS, assumesCertificates: true,
  });
  for (const problem of problems) notes.push(noteOf(problem));
  // istiod writes destinations without a host, which the CRDs do not allow.
  const { manifests: converted } = readManifests([...services, ...gateways, ...virtualServices, ...destinationRules]);
  return { manifests: [...stored, ...converted], origins };
}

function noteOf({ object, path, message, isInvalid }: ConversionProblem): Note {
  return { object, message: `${pathText(path)}: ${message}${isInvalid ? '; istiod leaves out the whole route' : ''}` };
}
