import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { loadManifests } from '../../src/manifest/loader';
import type { Json } from '../istiod/client';
import { crds } from '../istiod/client';

const GATEWAY_API = join(__dirname, '../../imports/crds/gateway-api.yaml');
const WAIT_MS = 30_000;
/** The API server refuses CRDs of Kubernetes' own groups without it; the pinned CRDs hold schemas only. */
const APPROVED = { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api' };

/** Applies the CRDs of the pinned Istio, in every version, and of the Gateway API, and waits until the API server serves them. */
export async function installCrds(api: ApiClient): Promise<void> {
  const objects: KubernetesObject[] = loadManifests([crds(), GATEWAY_API]).objects.map(object => ({
    ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...APPROVED } },
  }));
  for (const object of objects) await api.mustApply(object);
  const deadline = performance.now() + WAIT_MS;
  for (const object of objects.filter(({ kind }) => kind === 'CustomResourceDefinition')) {
    const { group, versions, names } = object.spec as Json;
    for (const { name } of (versions as Json[]).filter(({ served }) => served)) {
      while (!await api.isOk(`/apis/${group}/${name}/${names.plural}?limit=1`)) {
        if (performance.now() > deadline) throw new Error(`the API server does not serve ${names.plural} of ${group}/${name}`);
        await sleep(50);
      }
    }
  }
}
