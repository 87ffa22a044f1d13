/** A deliberate difference between our findings and those of Istio's analyzers. */
export interface Deviation {
  readonly id: string;
  /** Why the analyzers are wrong. */
  readonly reason: string;
  /** The upstream discussion, if there is one. */
  readonly issue?: string;
  /** Findings of the analyzers only, as code and resource. */
  readonly missed: readonly string[];
  /** Findings of our analysis only. */
  readonly added: readonly string[];
  /** Whether the answer of the analyzers depends on the order of a map, so it sometimes equals ours. */
  readonly varies?: boolean;
  readonly manifests: string;
}
