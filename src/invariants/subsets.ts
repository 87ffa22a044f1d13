import { fullHost, isHostWithin } from '../manifest/host-name';
import type { Labels } from '../manifest/labels';
import { readValue } from '../manifest/shape';
import type { MeshParts } from '../simulator/mesh-parts';

const SUBSETS = { spec: { host: 'string', subsets: [{ name: 'string', labels: { '*': 'string' } }] } } as const;

/** A subset that a DestinationRule defines. */
export interface DefinedSubset {
  readonly name: string;
  readonly labels: Labels;
}

/** The subsets that any DestinationRule defines for a full host. */
export function subsetsOf(
  host: string, { objects, translator, defaultNamespace = '' }: Pick<MeshParts, 'objects' | 'translator' | 'defaultNamespace'>,
): readonly DefinedSubset[] {
  return objects.filter(({ kind }) => kind === 'DestinationRule').flatMap(object => {
    const { host: stated = '', subsets = [] } = readValue(SUBSETS, object)?.spec ?? {};
    const { namespace = defaultNamespace } = object.metadata;
    if (!isHostWithin(host, fullHost(stated, namespace, translator.clusterDomain))) return [];
    return subsets.map(({ name = '', labels = {} }) => ({ name, labels }));
  });
}

export function hasSubset(host: string, subset: string, parts: MeshParts): boolean {
  return subsetsOf(host, parts).some(({ name }) => name === subset);
}
