import type { ManifestProblem } from '../../manifest/manifest-problem';

/** A text that comes from elsewhere than the file system, or why there is none. */
export type SourceText = {
  readonly file: string;
  /** Its place below the path that was asked for. */
  readonly within: string;
} & ({ readonly text: string } | { readonly problem: Omit<ManifestProblem, 'file'> });
