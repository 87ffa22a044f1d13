/** The amounts of this part. */
export interface ClusterAmounts {
  /** The share of the cases whose manifests are applied. */
  readonly cases: number;
  /** The share of the documents with one broken field. */
  readonly documents: number;
}
