import type { ValueOf } from './shape';

const LABELS = { '*': 'string' } as const;

export const METADATA = {
  name: 'string', namespace: 'string', generateName: 'string', creationTimestamp: 'string', labels: LABELS, annotations: LABELS,
} as const;

const SERVICE_PORT = {
  '!': ['port'], 'name': 'string', 'port': 'port', 'targetPort': 'target port', 'protocol': 'string', 'appProtocol': 'string',
} as const;
const SERVICE = {
  type: 'string',
  clusterIP: 'string',
  clusterIPs: ['string'],
  externalName: 'string',
  selector: LABELS,
  ports: [SERVICE_PORT],
  trafficDistribution: 'string',
  internalTrafficPolicy: 'string',
} as const;

const SECURITY_CONTEXT = { runAsUser: 'integer' } as const;
const CONTAINER = {
  name: 'string', image: 'string', ports: [{ name: 'string', containerPort: 'port' }], securityContext: SECURITY_CONTEXT,
} as const;
const POD = {
  containers: [CONTAINER],
  initContainers: [CONTAINER],
  hostNetwork: 'boolean',
  serviceAccountName: 'string',
  serviceAccount: 'string',
  securityContext: SECURITY_CONTEXT,
} as const;
const POD_TEMPLATE = { metadata: METADATA, spec: POD } as const;
const WORKLOAD = { spec: { replicas: 'integer', template: POD_TEMPLATE } } as const;

/** The traffic-related fields of kinds outside of Istio: the API group of each kind, and its fields besides the metadata. */
export const KUBERNETES_KINDS = {
  Namespace: { group: '', fields: {} },
  Node: { group: '', fields: {} },
  CustomResourceDefinition: { group: 'apiextensions.k8s.io', fields: {} },
  Service: { group: '', fields: { spec: SERVICE } },
  ConfigMap: { group: '', fields: { data: LABELS } },
  Secret: { group: '', fields: { type: 'string', data: LABELS, stringData: LABELS } },
  Pod: { group: '', fields: { spec: POD } },
  ReplicationController: { group: '', fields: WORKLOAD },
  Deployment: { group: 'apps', fields: WORKLOAD },
  StatefulSet: { group: 'apps', fields: WORKLOAD },
  ReplicaSet: { group: 'apps', fields: WORKLOAD },
  DaemonSet: { group: 'apps', fields: WORKLOAD },
  Job: { group: 'batch', fields: { spec: { template: POD_TEMPLATE } } },
  CronJob: { group: 'batch', fields: { spec: { jobTemplate: { spec: { template: POD_TEMPLATE } } } } },
  Certificate: { group: 'cert-manager.io', fields: { spec: { secretName: 'string' } } },
  ExternalSecret: { group: 'external-secrets.io', fields: { spec: { target: { name: 'string' } } } },
  SealedSecret: { group: 'bitnami.com', fields: { spec: { template: { metadata: METADATA } } } },
} as const;

/** The pod template of objects of any kind, such as Argo's Rollout. */
export const POD_TEMPLATED = { spec: { replicas: 'integer', template: POD_TEMPLATE } } as const;

export type ServiceSpec = ValueOf<typeof SERVICE>;
export type ServicePort = ValueOf<typeof SERVICE_PORT>;
export type Container = ValueOf<typeof CONTAINER>;
export type PodSpec = ValueOf<typeof POD>;
export type PodTemplate = ValueOf<typeof POD_TEMPLATE>;
