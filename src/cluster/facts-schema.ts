import type { ValueSchema } from '../manifest/value-schema';

const NAME: ValueSchema = { type: 'string', minLength: 1 };
const LABELS: ValueSchema = { type: 'object', additionalProperties: { type: 'string' }, description: 'The labels of its pods.' };
const NUMBER: ValueSchema = { type: 'integer', minimum: 1, maximum: 65535 };

/** A port: its number, or its fields. */
function port(description: string): ValueSchema {
  return {
    description,
    anyOf: [NUMBER, {
      type: 'object',
      additionalProperties: false,
      required: ['number'],
      properties: {
        number: { ...NUMBER, description: 'The port of the Service.' },
        targetPort: { ...NUMBER, description: 'The port of the pods. Default: the same.' },
        name: { ...NAME, description: 'The name. Default: the protocol and the number, such as http-80.' },
        protocol: { ...NAME, description: 'The protocol, as Istio names it, such as http, grpc, tls or tcp.' },
      },
    }],
  };
}

const GATEWAY: ValueSchema = {
  type: 'object',
  description: 'A gateway proxy that runs in the cluster, such as one that Helm installed.',
  additionalProperties: false,
  required: ['name', 'namespace', 'labels'],
  properties: {
    name: { ...NAME, description: 'The name of its Deployment and its Service.' },
    namespace: { ...NAME, description: 'The namespace of its pods.' },
    labels: { ...LABELS, description: 'The labels of its pods, which the selectors of Gateways ask for.' },
    serviceAccount: { ...NAME, description: 'The service account of its pods, which policies of services allow. Default: unknown.' },
    ports: {
      type: 'array',
      items: port('A port of its Service. A number alone is HTTP at 80, TLS at 443, TCP at others.'),
      description: 'The ports of its Service. Default: unknown.',
    },
    secrets: { type: 'array', items: NAME, description: 'The names of the Secrets with certificates in its namespace. Default: unknown.' },
  },
};

const SERVICE: ValueSchema = {
  type: 'object',
  description: 'A Service, by name and namespace, or a host outside the cluster that a ServiceEntry registers.',
  additionalProperties: false,
  required: ['ports'],
  properties: {
    name: { ...NAME, description: 'The name of the Service.' },
    namespace: { ...NAME, description: 'Its namespace.' },
    host: { ...NAME, description: 'The host, in place of name and namespace: catalog.shop.svc.cluster.local, or api.example.com.' },
    ports: { type: 'array', items: port('A port. A number alone is HTTP.'), description: 'Its ports.' },
    labels: LABELS,
  },
};

const NAMESPACE: ValueSchema = {
  description: 'A namespace: its name, or its fields.',
  anyOf: [NAME, {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { ...NAME, description: 'Its name.' },
      mode: { type: 'string', enum: ['sidecar', 'ambient', 'none'], description: 'How its pods are in the mesh. Default: unknown.' },
      waypoint: { ...NAME, description: 'The waypoint that its services use: NAME or NAMESPACE/NAME, or none. Default: unknown.' },
    },
  }],
};

/** What a file of cluster facts may state. */
export const FACTS_SCHEMA: ValueSchema = {
  type: 'object',
  description: 'What a cluster has beside the manifests that are judged.',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string', description: 'The address of this schema, for editors.' },
    kind: { type: 'string', enum: ['ClusterFacts'], description: 'Tells the document from manifests of Kubernetes.' },
    complete: {
      type: 'boolean',
      description: 'Whether nothing exists beside the manifests and these facts. What they lack is then an error.',
    },
    istioVersion: { ...NAME, description: 'The version of Istio, such as "1.29".' },
    clusterDomain: { ...NAME, description: 'The DNS domain of the cluster. Default: cluster.local.' },
    rootNamespace: { ...NAME, description: 'The root namespace of Istio. Default: that of meshConfig, else istio-system.' },
    meshConfig: { type: 'object', additionalProperties: true, description: 'MeshConfig, as istiod has it.' },
    namespaces: { type: 'array', items: NAMESPACE, description: 'The namespaces.' },
    gateways: { type: 'array', items: GATEWAY, description: 'The gateways that run in the cluster.' },
    services: { type: 'array', items: SERVICE, description: 'The Services, and external hosts that are registered.' },
  },
};
