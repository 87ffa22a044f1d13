/** A response of Envoy before it selects a route. */
export interface Rejection {
  /** The status, such as 400. Undefined if Envoy resets the HTTP/2 stream instead. */
  readonly status?: number;
  /** Envoy's response code details, such as `path_normalization_failed`. */
  readonly details: string;
  /** Envoy's response flag. Undefined without a flag. */
  readonly flag?: 'DPE' | 'DR' | 'NR';
  /** The reason in words. */
  readonly why: string;
  /** The path to which Envoy redirects. Undefined if it does not redirect. */
  readonly location?: string;
}
