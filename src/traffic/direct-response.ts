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
  /**
   * The answer in base64, for one that is no text. Not beside `body`.
   * @default - none
   */
  readonly bodyBase64?: string;
}

const MOST = 100 * 1024;

/** What is wrong with a direct response, if anything. */
export function directResponseProblem({ status, body, bodyBase64 }: DirectResponse): Problem {
  if (!Number.isInteger(status) || status < 200 || status > 599) return `directResponse.status is ${status}; use a status from 200 to 599`;
  if (body !== undefined && bodyBase64 !== undefined) return 'directResponse states body and bodyBase64, of which Istio takes one; leave one out';
  if (bodyBase64 !== undefined && Buffer.from(bodyBase64, 'base64').toString('base64') !== bodyBase64) {
    return `directResponse.bodyBase64 '${bodyBase64.slice(0, 40)}' is no base64; use Buffer.from(bytes).toString('base64')`;
  }
  const size = bodyBase64 === undefined ? Buffer.byteLength(body ?? '') : Buffer.byteLength(bodyBase64, 'base64');
  return size > MOST ? `directResponse.body has ${size} bytes, which every proxy would keep; use at most ${MOST}` : undefined;
}

/** A direct response as Istio writes it. */
export function istioDirectResponse({ status, body, bodyBase64 }: DirectResponse): { readonly status: number } {
  const stated = bodyBase64 === undefined ? { string: body } : { bytes: bodyBase64 };
  return { status, ...(body === undefined && bodyBase64 === undefined ? {} : { body: stated }) };
}
