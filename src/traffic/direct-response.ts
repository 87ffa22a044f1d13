import type { Problem } from './problem';

/**
 * A response that Envoy sends itself. No service receives the request.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPDirectResponse
 */
export interface DirectResponse {
  /** The HTTP status, from 200 to 599. */
  readonly status: number;
  /**
   * The body as a string, at most 100 KiB.
   * @default - none
   */
  readonly body?: string;
  /**
   * The body in base64, for binary data. Cannot be combined with `body`.
   * @default - none
   */
  readonly bodyBase64?: string;
}

const MOST = 100 * 1024;

/** The problem of a direct response. */
export function directResponseProblem({ status, body, bodyBase64 }: DirectResponse): Problem {
  if (!Number.isInteger(status) || status < 200 || status > 599) return `directResponse.status is ${status}; use a status from 200 to 599`;
  if (body !== undefined && bodyBase64 !== undefined) {
    return 'directResponse sets both body and bodyBase64, and Istio accepts only one; omit one of them';
  }
  if (bodyBase64 !== undefined && Buffer.from(bodyBase64, 'base64').toString('base64') !== bodyBase64) {
    return `directResponse.bodyBase64 '${bodyBase64.slice(0, 40)}' is not base64; use Buffer.from(bytes).toString('base64')`;
  }
  const size = bodyBase64 === undefined ? Buffer.byteLength(body ?? '') : Buffer.byteLength(bodyBase64, 'base64');
  return size > MOST ? `directResponse.body has ${size} bytes, which every proxy would hold in memory; use at most ${MOST}` : undefined;
}

/** A direct response in Istio's form. */
export function istioDirectResponse({ status, body, bodyBase64 }: DirectResponse): { readonly status: number } {
  const stated = bodyBase64 === undefined ? { string: body } : { bytes: bodyBase64 };
  return { status, ...(body === undefined && bodyBase64 === undefined ? {} : { body: stated }) };
}
