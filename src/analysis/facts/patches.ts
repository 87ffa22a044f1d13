import type { EnvoyFilterConfigPatches, EnvoyFilterConfigPatchesPatch } from '../../manifest/istio-specs.generated';
import type { ManifestOf } from '../../manifest/manifest';

export type PatchOperation = NonNullable<EnvoyFilterConfigPatchesPatch['operation']>;
export type PatchedPart = NonNullable<EnvoyFilterConfigPatches['applyTo']>;

/** A patch of an EnvoyFilter. */
export interface Patch {
  readonly operation: PatchOperation;
  readonly applyTo: PatchedPart;
  readonly path: string;
}

/** The patches of an EnvoyFilter that state an operation and what they are for. */
export function patchesOf({ spec }: ManifestOf<'EnvoyFilter'>): readonly Patch[] {
  return (spec?.configPatches ?? []).flatMap(({ applyTo, patch: { operation } = {} }, i) => (
    applyTo && operation ? [{ operation, applyTo, path: `spec.configPatches[${i}].patch.operation` }] : []));
}
