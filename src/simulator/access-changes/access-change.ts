/** Callers that may call a port of pods which they could not call, or the other way round. */
export interface AccessChange {
  /** Always high: callers reach what they could not, or get 403 where they got an answer. */
  readonly risk: 'high';
  /** The host of the service. */
  readonly host: string;
  /** The port of the service. */
  readonly port: number;
  readonly isAllowed: boolean;
  /** The callers, such as `shop/webapp`. */
  readonly callers: readonly string[];
  /** The requests, such as `POST /pay`; empty for connections without HTTP. */
  readonly requests: readonly string[];
  /** What decided. */
  readonly before: string;
  readonly after: string;
}

/** As many requests as are named. */
const NAMED = 4;

/** A change in words, such as `shop/webapp may now call: POST /pay`. */
export function accessChangeText({ isAllowed, callers, requests }: AccessChange): string {
  const more = requests.length - NAMED;
  const named = more > 0 ? `${requests.slice(0, NAMED).join(', ')} and ${more} more` : requests.join(', ');
  return `${callers.join(', ')} ${isAllowed ? 'may now call' : 'may no longer call'}${named === '' ? '' : `: ${named}`}`;
}
