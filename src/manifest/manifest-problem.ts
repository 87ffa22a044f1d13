/** Why a file, a document or an object cannot be read. Everything else is read. */
export interface ManifestProblem {
  /** The file as it was named, or a placeholder such as `stdin`. */
  readonly file: string;
  /** The line in it, from 1. */
  readonly line?: number;
  /** What is wrong. */
  readonly message: string;
  readonly repair: string;
  /** Whether the file belongs to another tool. */
  readonly foreign?: boolean;
  /** Whether the file is a template, which holds manifests only after rendering. */
  readonly template?: boolean;
  /** Whether Istio accepts the value, and Envoy refuses it. */
  readonly isRefusedByEnvoy?: boolean;
}

/** A problem in one line. */
export function describeProblem({ file, line, message, repair }: ManifestProblem): string {
  return `${file === '' ? "''" : file}${line === undefined ? '' : `:${line}`}: ${message}; ${repair}`;
}
