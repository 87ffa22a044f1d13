/** An answer that Envoy gives before it asks a route. */
export interface Rejection {
  /** The status of the answer, such as 400; undefined if HTTP/2 resets the stream instead. */
  readonly status?: number;
  /** Envoy's response code details, such as `path_normalization_failed`. */
  readonly details: string;
  /** Envoy's flag for the access log; undefined if it has none. */
  readonly flag?: 'DPE' | 'DR' | 'NR';
  /** The reason in words. */
  readonly why: string;
  /** The path that Envoy redirects to instead; undefined if it does not redirect. */
  readonly location?: string;
}
