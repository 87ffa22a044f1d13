/** What kept a file, a document or an object from being read; everything else was. */
export interface ManifestProblem {
  /** The file as it was named, or what stands for it, such as `stdin`. */
  readonly file: string;
  /** The line in it, from 1. */
  readonly line?: number;
  /** What is wrong. */
  readonly message: string;
  readonly repair: string;
  /** Whether the file is simply no manifest of Kubernetes, as other tools' files in the same folder are. */
  readonly foreign?: boolean;
  /** Whether it is a template, which holds manifests once it is rendered. */
  readonly template?: boolean;
}

/** A problem as a line of text. */
export function describeProblem({ file, line, message, repair }: ManifestProblem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${message}; ${repair}`;
}
