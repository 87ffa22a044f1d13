import type { SdsSecretConfig } from '../xds/transport-sockets';

/** The workload's certificate, and the root certificates of the mesh. */
export const OWN_CERTIFICATE = agentSecret('default', true);
export const MESH_AUTHORITIES = agentSecret('ROOTCA', true);

/** A secret that the proxy's agent serves: the workload's own, or files in its container. */
export function agentSecret(name: string, isOwn = false): SdsSecretConfig {
  return {
    name,
    sdsConfig: {
      apiConfigSource: {
        apiType: 'GRPC',
        transportApiVersion: 'V3',
        grpcServices: [{ envoyGrpc: { clusterName: 'sds-grpc' } }],
        setNodeOnFirstMessageOnly: true,
      },
      ...(isOwn ? { initialFetchTimeout: '0s' } : {}),
      resourceApiVersion: 'V3',
    },
  };
}

/** The Secret of `credentialName`, which istiod serves to gateways and to selected workloads. */
export function credential(name: string): SdsSecretConfig {
  if (name === 'builtin://') return OWN_CERTIFICATE;
  if (name === 'builtin://-cacert') return MESH_AUTHORITIES;
  return { name: resourceName(name.replace(/^sds:\/\//, '')), sdsConfig: { ads: {}, resourceApiVersion: 'V3' } };
}

function resourceName(name: string): string {
  if (name.startsWith('builtin://')) return 'default';
  if (name.startsWith('invalid://')) return 'invalid://';
  return /^(configmap|kubernetes|kubernetes-gateway):\/\//.test(name) ? name : `kubernetes://${name}`;
}
