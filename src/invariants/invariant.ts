import type { Labels } from '../manifest/labels';
import type { WrittenHttpMatch } from '../manifest/written-match';

/** Callers of an invariant: the sidecars of a namespace or of a service account, or a gateway. */
export interface CallerFields {
  /** The namespace of the pods. */
  readonly namespace?: string;
  /** The labels of the pods. @default - all pods of the namespace */
  readonly labels?: Labels;
  /** The service account, as `NAMESPACE/NAME`. */
  readonly serviceAccount?: string;
  /** The gateway, as `NAMESPACE/KEY=VALUE,...` with the labels of its pods. */
  readonly gateway?: string;
}

/** A destination: a host, one of its subsets, or all services of a namespace. */
export interface TargetFields {
  /** The host of a Service or ServiceEntry, such as `catalog.shop`, or in full. */
  readonly host?: string;
  /** All Services of this namespace. */
  readonly namespace?: string;
  /** A subset of the host. @default - the whole host */
  readonly subset?: string;
  /** A port of the host. @default - all ports */
  readonly port?: number;
}

/** The conditions of a match of requests: the fields of Istio's HTTPMatchRequest that are about requests. */
export type RequestMatch = Pick<
  WrittenHttpMatch, 'uri' | 'ignoreUriCase' | 'method' | 'scheme' | 'authority' | 'headers' | 'withoutHeaders' | 'queryParams'
>;

/** Requests: to a host, with one of the matches. */
export interface RequestsFields {
  /** The host that callers name, such as `shop.example.com` or `catalog.shop`. @default - every host */
  readonly host?: string;
  /** The port that callers name. @default - all ports */
  readonly port?: number;
  /** The matches, of which one must hold. @default - every request */
  readonly match?: readonly RequestMatch[];
}

/** Who calls. */
export interface CallersFields {
  /** The callers. @default - all sidecars and gateways */
  readonly from?: readonly CallerFields[];
  /** Callers that are left out. @default - none */
  readonly except?: readonly CallerFields[];
}

/** What no request reaches. */
export interface NeverFields extends CallersFields {
  readonly requests?: RequestsFields;
  readonly to: TargetFields;
}

/** What is true of every request. */
export interface AlwaysFields extends CallersFields {
  readonly requests: RequestsFields;
  /** Every request is routed to this destination, and let through. */
  readonly reach?: TargetFields;
  /** The longest timeout of a request that is routed, such as `5s`. */
  readonly timeout?: { readonly atMost: string };
  /** The most retries of a request that is routed. */
  readonly retries?: { readonly atMost: number };
  /** The share of a destination in the requests that are routed, in percent. */
  readonly share?: { readonly to: TargetFields; readonly atMost?: number; readonly atLeast?: number };
}

/** Nothing leaves the mesh except through a gateway. */
export interface EgressFields extends CallersFields {
  /** The egress gateway, as `NAMESPACE/KEY=VALUE,...` with the labels of its pods. */
  readonly through: string;
}

/** A statement about all requests of a mesh: one of `never`, `always` and `egress`. */
export interface InvariantFields {
  readonly name: string;
  readonly never?: NeverFields;
  readonly always?: AlwaysFields;
  readonly egress?: EgressFields;
}

/** A file of invariants. */
export interface InvariantsFields {
  readonly kind?: 'Invariants';
  readonly invariants: readonly InvariantFields[];
}
