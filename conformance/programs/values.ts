import { Duration } from 'cdk8s';
import type { Dice } from '../fuzz/dice';
import { format, oddKey, oddValue } from '../odd-values/values';

/** Strings by the name of the field, as users write them. */
const PLAIN: { readonly [field: string]: readonly string[] } = {
  name: ['web', 'api', 'x-user', 'session', 'a-b', 'v1'],
  namespace: ['shop', 'istio-system', 'other'],
  rootNamespace: ['istio-system'],
  host: ['a.example.com', 'b.example.com', '*.example.com'],
  hosts: ['c.example.com', '*.example.org', 'd.example.net'],
  serviceName: ['gate', 'istio-egressgateway'],
  clusterDomain: ['cluster.local', 'k8s.example.com'],
  uri: ['/', '/items', '/items/', '/v1/items'],
  pathPrefix: ['/', '/api', '/api/v1'],
  rewrite: ['/', '/v2', '/\\1'],
  match: ['^/a/(.*)$', '/items'],
  authority: ['a.example.com', 'other.shop'],
  scheme: ['http', 'https'],
  method: ['GET', 'POST'],
  methods: ['GET', 'POST', 'PUT'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['x-a', 'content-type'],
  exposeHeaders: ['x-b'],
  remove: ['x-c', 'server'],
  retryOn: ['5xx', '503', 'gateway-error', 'connect-failure', 'reset'],
  grpcStatus: ['UNAVAILABLE', 'DEADLINE_EXCEEDED'],
  failoverPriority: ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'],
  from: ['eu-west', 'eu-west/*', 'us-east/zone-a/*'],
  to: ['us-east', 'eu-west'],
  locality: ['eu-west/a', 'us-east'],
  address: ['10.0.0.1', '10.0.0.2', '2001:db8::1'],
  addresses: ['10.1.0.1', '10.2.0.0/16'],
  destinationSubnets: ['10.0.0.0/8', '10.1.2.3'],
  sniHosts: ['a.example.com', '*.example.com'],
  subjectAltNames: ['a.example.com', 'spiffe://cluster.local/ns/shop/sa/web'],
  credentialName: ['web-tls', 'ca'],
  caCertificates: ['/etc/certs/ca.pem'],
  sni: ['a.example.com'],
  exportTo: ['.', '*', 'shop', 'istio-system'],
  sourceNamespace: ['shop', 'other'],
  targetHost: ['a.example.com', '10.0.0.1'],
  provider: ['zipkin'],
  providers: ['envoy'],
  filter: ['response.code >= 400', 'true', 'has(request.headers)'],
  statPrefix: ['items', 'a_b'],
  pattern: ['/a.*', '[a-z]+', '.*'],
  value: ['a', '/items', 'x y', '503'],
  serviceAccount: ['web', 'gateway'],
  path: ['/', '/shop'],
  ipBlocks: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32'],
  remoteIpBlocks: ['10.1.0.0/16', '192.0.2.7'],
  blocks: ['10.0.0.0/8', '192.0.2.1'],
  requestPrincipals: ['*', 'https://issuer.example.com/*', 'https://issuer.example.com/web'],
  pathTemplates: ['/items/{*}', '/items/{*}/reviews', '/files/{**}'],
  issuer: ['https://issuer.example.com', 'issuer'],
  jwks: ['{"keys":[{"kty":"EC","x":"nZZwGECgQyKH0ARogoA8SsiYxAefDFg7HGHYIY09Tmc","y":"6TRojmqMuGcCzMu46J8dDdbALLZJg6mKJXcvrQsoM7c","crv":"P-256","kid":"a","alg":"ES256"}]}'],
  jwksUri: ['https://issuer.example.com/keys', 'http://keys.shop:8080/'],
  audiences: ['shop', 'catalog'],
  fromParams: ['token'],
  fromCookies: ['token'],
  outputPayloadToHeader: ['x-claims'],
  ciphers: ['ECDHE-RSA-AES128-GCM-SHA256'],
  nameOfPort: ['http', 'tcp-db'],
};
/** Numbers by the name of the field. */
const NUMBERS: { readonly [field: string]: readonly number[] } = {
  port: [80, 5432, 8443, 443],
  ports: [80, 5432, 8443],
  targetPort: [80, 443, 3000],
  containerPorts: [8080, 3000],
  httpPort: [80, 8080],
  tlsPort: [443, 8443],
  weight: [0, 1, 10, 90, 100],
  canaryPercent: [0, 1, 10, 50, 99.9, 100],
  percent: [0.1, 20, 100],
  percentage: [0.001, 1, 50, 100],
  samplingPercent: [0, 1, 12.34, 100],
  attempts: [0, 1, 3],
  httpStatus: [400, 503, 429],
  status: [200, 404, 503],
  redirectCode: [301, 302, 307],
  priority: [1, 2, 3],
  maxEjectionPercent: [1, 50, 100],
  replicas: [1, 2, 10],
  minimumPercent: [0, 10, 100],
  aggression: [0.5, 1, 2],
  minHealthPercent: [0, 50, 100],
  size: [1024, 65537],
  minimumRingSize: [1024, 4096],
};
const COUNTS = [0, 1, 2, 10, 100, 1024];
const MS = [1, 250, 1000, 2000, 60_000, 3_600_000];
const ODD_MS = [0, 0.5, 1.5, 999_999_999, 2_147_483_648_000, 9_223_372_035_000, 9_223_372_036_000, 9_223_372_037_000, 1e17];
/** Values that only plain JavaScript passes. */
const FOREIGN: readonly unknown[] = [
  null,
  '',
  'x',
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  [],
  [null],
  [undefined],
  {},
  { x: 1 },
  () => 1,
  1n,
  Symbol('s'),
  new Date(0),
];

/** Map keys of headers, labels and localities. */
const KEYS: { readonly [field: string]: readonly string[] } = {
  headers: ['x-a', 'x-user', ':authority'],
  withoutHeaders: ['x-b'],
  queryParams: ['q', 'page'],
  cookies: ['session', 'user'],
  set: ['x-c', 'x-d'],
  add: ['x-e'],
  labels: ['app', 'version', 'topology.kubernetes.io/zone'],
  selector: ['app', 'istio'],
  sourceLabels: ['app'],
  workloadSelector: ['app'],
  to: ['eu-west/*', 'us-east/*'],
  customTags: ['team', 'unit'],
  claimsToHeaders: ['x-subject', 'x-group'],
};

/** Values for a program: plain ones, and at most a few odd ones, which `oddness` decides. */
export class Values {
  constructor(private readonly dice: Dice, private readonly oddness: number, private readonly foreignness: number) {}

  /** A value that no type allows, now and then. */
  public foreign(): { readonly value: unknown } | undefined {
    return this.dice.chance(this.foreignness) ? { value: this.dice.pick(FOREIGN) } : undefined;
  }

  public string(field: string, map: string): string {
    const plain = PLAIN[field] ?? PLAIN[map] ?? ['a', 'web', 'x'];
    if (!this.dice.chance(this.oddness)) return this.dice.pick(plain);
    if ((map === 'set' || map === 'add') && this.dice.chance(0.7)) return format(this.dice);
    const place =
      field === 'pattern' || field === 'match'
        ? `.${field === 'match' ? 'match' : 'regex'}`
        : field === 'filter'
          ? '.expression'
          : `.${field}`;
    return String(oddValue(this.dice, place, 'a'));
  }

  public number(field: string): number {
    if (this.dice.chance(this.oddness)) return oddValue(this.dice, '', 1) as number;
    return this.dice.pick(NUMBERS[field] ?? COUNTS);
  }

  public duration(): Duration {
    return Duration.millis(this.dice.pick(this.dice.chance(this.oddness) ? ODD_MS : MS));
  }

  public key(field: string): string {
    return this.dice.chance(this.oddness) ? oddKey(this.dice) : this.dice.pick(KEYS[field] ?? ['a', 'b']);
  }
}
