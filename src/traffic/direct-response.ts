import type { Problem } from './problem';

/**
 * An answer of Envoy's own: no service sees the request.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPDirectResponse
 */
export interface DirectResponse {
  /** The status, from 200 to 599. */
  readonly status: number;
  /**
   * The text of the answer, at most 100 kB.
   * @default - none
   */
  readonly body?: string;
}

const MOST = 100 * 1024;

/** What is wrong with a direct response, if anything. */
export function directResponseProblem({ status, body }: DirectResponse): Problem {
  if (!Number.isInteger(status) || status < 200 || status > 599) return `directResponse.status is ${status}; use a status from 200 to 599`;
  const size = Buffer.byteLength(body ?? '');
  return size > MOST ? `directResponse.body has ${size} bytes, which every proxy would keep; use at most ${MOST}` : undefined;
}

/** A direct response as Istio writes it. */
export function istioDirectResponse({ status, body }: DirectResponse): { readonly status: number } {
  return { status, ...(body === undefined ? {} : { body: { string: body } }) };
}
