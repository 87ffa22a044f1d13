/** Callers that may call what they could not, or the other way round, or about whom an external authorizer decides. */
export interface AccessChange {
  /** Always high: callers reach what they could not, or get 403 where they got an answer. */
  readonly risk: 'high';
  /** The host of the service, or the gateway, such as `gateway istio-system/istio=ingressgateway`. */
  readonly host: string;
  /** The port of the service or of the gateway. */
  readonly port: number;
  readonly isAllowed: boolean;
  /** Whether an external authorizer decides after the change. Undefined if it does not. */
  readonly isDecidedElsewhere?: true;
  /** The callers, such as `shop/webapp` or `every caller except shop/webapp`. */
  readonly callers: readonly string[];
  /** The requests, such as `POST /pay` or `every request to /items*`. */
  readonly requests: readonly string[];
  /** Whether there are other requests, of which these are examples. Undefined if there are none. */
  readonly areExamples?: true;
  readonly example: AccessExample;
  /** What decided. */
  readonly before: string;
  readonly after: string;
}

/** A call that changes. */
export interface AccessExample {
  readonly caller: string;
  readonly request: string;
}

/** The maximum number of requests that are named. */
const NAMED = 4;
/** The maximum number of service accounts that are named. */
const NAMED_ACCOUNTS = 8;

/** A change in words, such as `shop/webapp may now call: POST /pay`. */
export function accessChangeText({ isAllowed, isDecidedElsewhere, callers, requests, areExamples }: AccessChange): string {
  const more = requests.length - NAMED;
  const named = more > 1 ? `${requests.slice(0, NAMED).join(', ')} and ${more} more` : requests.join(', ');
  const what = isAllowed ? 'may now call' : isDecidedElsewhere ? 'may call what an external authorizer allows' : 'may no longer call';
  return `${callersText(callers)} ${what}${areExamples ? ', for example' : ''}: ${named}`;
}

/** The example of a change in words; undefined if the words of the change name that call alone. */
export function accessExampleText({ callers, requests, example: { caller, request } }: AccessChange): string | undefined {
  const isAlone = callers.length === 1 && callers[0] === caller && requests.length === 1 && requests[0] === request;
  return isAlone ? undefined : `for example ${request} by ${caller}`;
}

/** Callers in words: the first accounts, and all others, such as `callers in plaintext`. */
function callersText(callers: readonly string[]): string {
  const accounts = callers.filter(caller => caller.includes('/'));
  const more = accounts.length - NAMED_ACCOUNTS;
  if (more <= 1) return callers.join(', ');
  const others = callers.filter(caller => !caller.includes('/'));
  return [...accounts.slice(0, NAMED_ACCOUNTS), `${more} more service accounts`, ...others].join(', ');
}
