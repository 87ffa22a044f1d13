import type { ManifestProblem } from '../../manifest/manifest-problem';

/** A file that does not come from the file system, or why it cannot be read. */
export type SourceText = {
  readonly file: string;
  /** Its path, relative to the requested one. */
  readonly within: string;
} & ({ readonly text: string } | { readonly problem: Omit<ManifestProblem, 'file'> });
