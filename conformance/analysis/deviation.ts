/** Where our findings differ from those of Istio's analyzers on purpose. */
export interface Deviation {
  readonly id: string;
  /** Why the analyzers are wrong there. */
  readonly reason: string;
  /** What was said about it upstream, where it was. */
  readonly issue?: string;
  /** What the analyzers find and we do not, as code and resource. */
  readonly missed: readonly string[];
  /** What we find and the analyzers do not. */
  readonly added: readonly string[];
  /** Whether the analyzers' answer hangs on the order of a map, so that they find what we do at some times and not at others. */
  readonly varies?: boolean;
  readonly manifests: string;
}
