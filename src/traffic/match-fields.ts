/** How the condition of a field is written, and when it holds. What reads, compares or writes a match goes by this alone. */
export type Shape =
  /** A StringMatch of the path. */
  | 'path'
  /** A StringMatch of what every request has. */
  | 'string-match'
  /** A StringMatch for each name; all hold. */
  | 'string-matches'
  /** A StringMatch for each name; none holds. */
  | 'absences'
  /** A number; the port equals it. */
  | 'port'
  /** A string; the value equals it. */
  | 'string'
  /** Labels; the caller has all of them. */
  | 'labels'
  /** Host names; one of them is asked for. `*.example.com` stands for all names below. */
  | 'host-names'
  /** IP addresses and CIDR blocks; the connection goes to one of them. */
  | 'subnets'
  /** Names of Gateways; the proxy serves one of them. A short name belongs to the namespace of the VirtualService. */
  | 'gateways'
  /** A boolean; it says how another field is compared. */
  | 'flag'
  /** A string for logs or statistics; every request meets it. */
  | 'name';

/** What is known of a field of a match. */
export type MatchField = MatchFacts & ({ readonly shape: Exclude<Shape, Dependent> } | {
  readonly shape: Dependent;
  /** The field whose names it denies, or whose comparison it changes. */
  readonly of: string;
});

type Dependent = 'absences' | 'flag';

interface MatchFacts {
  /**
   * Envoy compares `traffic` with each request or connection. istiod compares the `caller` and the `listener` with the proxy that it
   * configures, and leaves the route out where they differ. `nothing` is no condition.
   */
  readonly about: 'traffic' | 'caller' | 'listener' | 'nothing';
  /** What a gateway sees of it: what the caller sent, the `host` that it serves, or `nothing`. */
  readonly gateway: 'all' | 'host' | 'nothing';
  /** How sentences call it. */
  readonly words: string;
  /** Names are compared without case. */
  readonly caseless?: true;
  /** The field of Istio that it is written as; absent where Istio has the field itself. */
  readonly becomes?: string;
  /** The protocol of connections that alone has it; absent where both have it. */
  readonly protocol?: 'tcp' | 'tls';
}

/**
 * The fields of a match of HTTP requests: Istio's HTTPMatchRequest, and `cookies`, which becomes the header `cookie`. Sentences name them
 * in this order.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
export const HTTP_MATCH_FIELDS = {
  uri: { shape: 'path', about: 'traffic', gateway: 'all', words: 'path' },
  ignoreUriCase: { shape: 'flag', of: 'uri', about: 'traffic', gateway: 'all', words: 'in any case' },
  method: { shape: 'string-match', about: 'traffic', gateway: 'all', words: 'method' },
  scheme: { shape: 'string-match', about: 'traffic', gateway: 'all', words: 'scheme' },
  authority: { shape: 'string-match', about: 'traffic', gateway: 'host', words: 'host' },
  headers: { shape: 'string-matches', about: 'traffic', gateway: 'all', words: 'header', caseless: true },
  withoutHeaders: { shape: 'absences', of: 'headers', about: 'traffic', gateway: 'all', words: 'no header', caseless: true },
  queryParams: { shape: 'string-matches', about: 'traffic', gateway: 'all', words: 'query parameter' },
  cookies: { shape: 'string-matches', about: 'traffic', gateway: 'all', words: 'cookie', becomes: 'headers' },
  port: { shape: 'port', about: 'listener', gateway: 'nothing', words: 'port' },
  sourceLabels: { shape: 'labels', about: 'caller', gateway: 'nothing', words: 'caller' },
  sourceNamespace: { shape: 'string', about: 'caller', gateway: 'nothing', words: 'caller in namespace' },
  gateways: { shape: 'gateways', about: 'listener', gateway: 'all', words: 'gateway' },
  name: { shape: 'name', about: 'nothing', gateway: 'all', words: 'name' },
  statPrefix: { shape: 'name', about: 'nothing', gateway: 'all', words: 'statistics' },
} as const satisfies { readonly [field: string]: MatchField };

/**
 * The fields of a match of connections: Istio's L4MatchAttributes, and of TLS its TLSMatchAttributes. istiod ignores `sourceSubnet`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#L4MatchAttributes
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSMatchAttributes
 */
export const CONNECTION_MATCH_FIELDS = {
  sniHosts: { shape: 'host-names', about: 'traffic', gateway: 'all', words: 'server name', protocol: 'tls' },
  destinationSubnets: { shape: 'subnets', about: 'traffic', gateway: 'nothing', words: 'address' },
  sourceLabels: HTTP_MATCH_FIELDS.sourceLabels,
  sourceNamespace: HTTP_MATCH_FIELDS.sourceNamespace,
  port: HTTP_MATCH_FIELDS.port,
  gateways: HTTP_MATCH_FIELDS.gateways,
  sourceSubnet: { shape: 'name', about: 'nothing', gateway: 'all', words: 'source', protocol: 'tcp' },
} as const satisfies { readonly [field: string]: MatchField };

export type MatchTable = { readonly [field: string]: MatchField };

/** The fields of a table of which something is known. */
export type FieldOf<T extends MatchTable, Known> = {
  [F in keyof T & string]: T[F] extends Known ? F : never
}[keyof T & string];

/** Shapes that a condition of its own has: not those that change another field, or belong to a place. */
export type ConditionShape = Exclude<Shape, 'gateways' | 'flag' | 'name'>;

export type HttpMatchField = keyof typeof HTTP_MATCH_FIELDS;
export type ConnectionMatchField = keyof typeof CONNECTION_MATCH_FIELDS;

/** Fields of HTTP matches that hold a condition of their own. */
export type HttpConditionField = FieldOf<typeof HTTP_MATCH_FIELDS, { readonly shape: ConditionShape }>;
/** Fields of connection matches that a route states for each of its ports. */
export type ConnectionStatedField = FieldOf<typeof CONNECTION_MATCH_FIELDS, { readonly about: 'traffic' | 'caller' }>;
/** Fields of connection matches that hold a condition of their own. */
export type ConnectionConditionField = FieldOf<typeof CONNECTION_MATCH_FIELDS, { readonly shape: ConditionShape }>;

/**
 * An interface with some fields of a table, each in the type of its shape, and no other. As the constraint of its own parameter it holds an
 * interface to the table: what one of them lacks does not compile.
 */
export type Held<ByShape, T extends MatchTable, F extends keyof T, M> =
  { readonly [K in F]: ByShape[T[K]['shape'] & keyof ByShape] } & { readonly [K in Exclude<keyof M, F>]: never };

/** The fields of a table of which something is known, in its order. */
export function fieldsWith<T extends MatchTable, const Known extends Partial<MatchField>>(
  table: T, known: Known,
): readonly FieldOf<T, Known>[] {
  const facts = Object.entries(known);
  const holds = (field: string) => facts.every(([fact, value]) => table[field][fact as keyof MatchField] === value);
  return Object.keys(table).filter(holds) as FieldOf<T, Known>[];
}
