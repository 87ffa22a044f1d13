/**
 * The type of a field's condition, and when it is true. Code that reads, compares or writes whole matches depends only on the facts in this
 * file, or has an entry for each field and does not compile without it. A finding about one field names it.
 */
export type Shape =
  /** A StringMatch of the path. */
  | 'path'
  /** A StringMatch of a string that every request has. */
  | 'string-match'
  /** A StringMatch per name; all must match. */
  | 'string-matches'
  /** A StringMatch per name; none may match. */
  | 'absences'
  /** A StringMatch per claim of the verified token; all must match. A list of strings matches if one of them does. */
  | 'claims'
  /** A StringMatch per claim; none may match. */
  | 'claim-absences'
  /** A number; the port must equal it. */
  | 'port'
  /** A string; the value must equal it. */
  | 'string'
  /** Labels; the caller must have all of them. */
  | 'labels'
  /** Host names; the server name must be one of them. `*.example.com` matches all names below it. */
  | 'host-names'
  /** IP addresses and CIDR blocks; the connection must go to one of them. */
  | 'subnets'
  /** Names of Gateways; the proxy must serve one of them. A name without a namespace is in the namespace of the VirtualService. */
  | 'gateways'
  /** A boolean that changes how another field is compared. */
  | 'flag'
  /** A string for logs or statistics; not a condition. */
  | 'name';

/** The facts about a field of a match. */
export type MatchField = MatchFacts & ({ readonly shape: Exclude<Shape, Dependent> } | {
  readonly shape: Dependent;
  /** The field whose names it negates, or whose comparison it changes. */
  readonly of: string;
});

type Dependent = 'absences' | 'claim-absences' | 'flag';

interface MatchFacts {
  /**
   * Envoy compares `traffic` with each request or connection. istiod compares the `caller` and the `listener` with the proxy that it
   * configures, and omits the route if they differ. `nothing` is not a condition.
   */
  readonly about: 'traffic' | 'caller' | 'listener' | 'nothing';
  /** What a gateway sees of it: `all` that the caller sent, the `host` that it serves, or `nothing`. */
  readonly gateway: 'all' | 'host' | 'nothing';
  /** What a sidecar sees of it. @default everything */
  readonly mesh?: 'nothing';
  /** The name of the field in sentences. */
  readonly words: string;
  /** Names are compared case-insensitively. */
  readonly caseless?: true;
  /** The Istio field that it becomes; absent if Istio has the same field. */
  readonly becomes?: string;
  /** The only protocol with this field; absent if TCP and TLS both have it. */
  readonly protocol?: 'tcp' | 'tls';
}

/**
 * The fields of a match of HTTP requests: Istio's HTTPMatchRequest; `cookies`, which becomes the header `cookie`; and the claims of tokens,
 * which become headers with a name that istiod knows. Sentences name them in this order.
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
  claims: { shape: 'claims', about: 'traffic', gateway: 'all', mesh: 'nothing', words: 'claim', becomes: 'headers' },
  withoutClaims: {
    shape: 'claim-absences', of: 'claims', about: 'traffic', gateway: 'all', mesh: 'nothing', words: 'no claim', becomes: 'withoutHeaders',
  },
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

/** The fields of a table with these facts. */
export type FieldOf<T extends MatchTable, Known> = {
  [F in keyof T & string]: T[F] extends Known ? F : never
}[keyof T & string];

/** Shapes that are a condition on their own. */
export type ConditionShape = Exclude<Shape, 'gateways' | 'flag' | 'name'>;

export type HttpMatchField = keyof typeof HTTP_MATCH_FIELDS;
export type ConnectionMatchField = keyof typeof CONNECTION_MATCH_FIELDS;

/** Fields of HTTP matches that are a condition on their own. */
export type HttpConditionField = FieldOf<typeof HTTP_MATCH_FIELDS, { readonly shape: ConditionShape }>;
/** Fields of connection matches that are a condition on their own. */
export type ConnectionConditionField = FieldOf<typeof CONNECTION_MATCH_FIELDS, { readonly shape: ConditionShape }>;

/**
 * An interface with some fields of a table, each in the type of its shape, and no other. It is the constraint of its own type parameter: a
 * field that is missing in the table or in the interface does not compile.
 */
export type Held<ByShape, T extends MatchTable, F extends keyof T, M> =
  { readonly [K in F]: ByShape[T[K]['shape'] & keyof ByShape] } & { readonly [K in Exclude<keyof M, F>]: never };

/** The fields of a table with these facts, in the order of the table. */
export function fieldsWith<T extends MatchTable, const Known extends Partial<MatchField>>(
  table: T, known: Known,
): readonly FieldOf<T, Known>[] {
  const facts = Object.entries(known);
  const holds = (field: string) => facts.every(([fact, value]) => table[field][fact as keyof MatchField] === value);
  return Object.keys(table).filter(holds) as FieldOf<T, Known>[];
}
