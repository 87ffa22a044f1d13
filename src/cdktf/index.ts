export { TerraformManifests } from './terraform-manifests';
export type { ManifestOptions, TerraformManifestsProps } from './terraform-manifests';
export { manifestResource } from './manifest-resource';
export type {
  FieldManager, ITerraformManifest, ManifestResource, ManifestResourceConfig, ManifestTimeouts, ManifestWait, TerraformCore, WaitCondition,
} from './manifest-resource';
