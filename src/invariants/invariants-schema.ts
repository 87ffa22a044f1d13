import type { ValueSchema } from '../manifest/value-schema';

const NAME: ValueSchema = { type: 'string', minLength: 1 };
const PERCENT: ValueSchema = { type: 'number', minimum: 0, maximum: 100 };

const STRING_MATCH: ValueSchema = {
  type: 'object',
  description: 'A StringMatch of Istio: exact, prefix, or regex in RE2 syntax, which must match the whole value.',
  additionalProperties: false,
  properties: { exact: { type: 'string' }, prefix: { type: 'string' }, regex: { type: 'string' } },
};
const STRING_MATCHES: ValueSchema = { type: 'object', additionalProperties: STRING_MATCH };

const MATCH: ValueSchema = {
  type: 'object',
  description: 'An HTTPMatchRequest of Istio. All of its conditions must hold.',
  additionalProperties: false,
  properties: {
    uri: { ...STRING_MATCH, description: 'The path.' },
    ignoreUriCase: { type: 'boolean', description: 'Whether the path is compared without regard to case. Default: false.' },
    method: { ...STRING_MATCH, description: 'The method, such as exact: GET.' },
    scheme: { ...STRING_MATCH, description: 'The scheme: http or https.' },
    authority: { ...STRING_MATCH, description: 'The Host header, with its port if it has one.' },
    headers: { ...STRING_MATCHES, description: 'The headers by name. An empty condition takes every value.' },
    withoutHeaders: { ...STRING_MATCHES, description: 'The headers that the request must not have.' },
    queryParams: { ...STRING_MATCHES, description: 'The query parameters by name.' },
  },
};

const CALLER: ValueSchema = {
  type: 'object',
  description: 'Callers: the sidecars of a namespace or of a service account, or a gateway.',
  additionalProperties: false,
  properties: {
    namespace: { ...NAME, description: 'The namespace of the pods.' },
    labels: { type: 'object', additionalProperties: { type: 'string' }, description: 'The labels of the pods. Default: all pods.' },
    serviceAccount: { ...NAME, description: 'The service account, as NAMESPACE/NAME.' },
    gateway: { ...NAME, description: 'The gateway, as NAMESPACE/KEY=VALUE,... with the labels of its pods.' },
  },
};
const CALLERS: ValueSchema = { type: 'array', minItems: 1, items: CALLER };
const FROM: ValueSchema = { ...CALLERS, description: 'The callers. Default: all sidecars and gateways.' };
const EXCEPT: ValueSchema = { ...CALLERS, description: 'Callers that are left out. Default: none.' };

const TARGET: ValueSchema = {
  type: 'object',
  description: 'A destination: a host, one of its subsets, or all services of a namespace.',
  additionalProperties: false,
  properties: {
    host: { ...NAME, description: 'The host of a Service or ServiceEntry: catalog.shop, or the host in full.' },
    namespace: { ...NAME, description: 'All Services of this namespace.' },
    subset: { ...NAME, description: 'A subset of the host. Default: the whole host.' },
    port: { type: 'integer', minimum: 1, maximum: 65535, description: 'A port of the host. Default: all ports.' },
  },
};

const REQUESTS: ValueSchema = {
  type: 'object',
  description: 'Requests: to a host, with one of the matches.',
  additionalProperties: false,
  properties: {
    host: { ...NAME, description: 'The host that callers name: shop.example.com, or catalog.shop. Default: every host.' },
    port: { type: 'integer', minimum: 1, maximum: 65535, description: 'The port that callers name. Default: all ports.' },
    match: { type: 'array', minItems: 1, items: MATCH, description: 'The matches, of which one must hold. Default: every request.' },
  },
};

const NEVER: ValueSchema = {
  type: 'object',
  description: 'What no request reaches: it is not routed there, or it is denied.',
  additionalProperties: false,
  required: ['to'],
  properties: { from: FROM, except: EXCEPT, requests: REQUESTS, to: TARGET },
};

const ALWAYS: ValueSchema = {
  type: 'object',
  description: 'What is true of every request: state reach, timeout, retries or share.',
  additionalProperties: false,
  required: ['requests'],
  properties: {
    from: FROM,
    except: EXCEPT,
    requests: REQUESTS,
    reach: { ...TARGET, description: 'Every request is routed to this destination, and let through.' },
    timeout: {
      type: 'object',
      description: 'The timeout of every request that is routed to a service.',
      additionalProperties: false,
      required: ['atMost'],
      properties: { atMost: { ...NAME, description: 'The longest timeout, such as 5s. A request without a timeout exceeds it.' } },
    },
    retries: {
      type: 'object',
      description: 'The retries of every request that is routed to a service.',
      additionalProperties: false,
      required: ['atMost'],
      properties: { atMost: { type: 'integer', minimum: 0, maximum: 1000, description: 'The most retries, besides the first try.' } },
    },
    share: {
      type: 'object',
      description: 'The share of a destination in every request that is routed to a service, in percent.',
      additionalProperties: false,
      required: ['to'],
      properties: { to: TARGET, atMost: PERCENT, atLeast: PERCENT },
    },
  },
};

const EGRESS: ValueSchema = {
  type: 'object',
  description: 'No request or connection leaves the mesh except through a gateway.',
  additionalProperties: false,
  required: ['through'],
  properties: {
    through: { ...NAME, description: 'The egress gateway, as NAMESPACE/KEY=VALUE,... with the labels of its pods.' },
    from: FROM,
    except: EXCEPT,
  },
};

/** What a file of invariants may state. */
export const INVARIANTS_SCHEMA: ValueSchema = {
  type: 'object',
  description: 'Statements about all requests of a mesh, which cdk8s-istio check proves or refutes.',
  additionalProperties: false,
  required: ['invariants'],
  properties: {
    $schema: { type: 'string', description: 'The address of this schema, for editors.' },
    kind: { type: 'string', enum: ['Invariants'], description: 'Tells the document from manifests of Kubernetes.' },
    invariants: {
      type: 'array',
      minItems: 1,
      description: 'The invariants.',
      items: {
        type: 'object',
        description: 'An invariant: its name, and one of never, always and egress.',
        additionalProperties: false,
        required: ['name'],
        properties: { name: { ...NAME, description: 'What the output calls it.' }, never: NEVER, always: ALWAYS, egress: EGRESS },
      },
    },
  },
};
