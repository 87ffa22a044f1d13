import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import type { BuilderCase } from './builder-cases';
import { OF_CONNECTIONS, OF_REQUESTS } from './builder-cases';
import { reduced } from './reduced';
import { customHttpFilters, httpAccessFilters, networkAccessFilters } from '../../src/envoy/access/access-filters';
import { externalAuthorizers } from '../../src/envoy/access/external-authorizers';
import { meshOf } from '../../src/envoy/mesh';
import { meshConfigOf } from '../../src/envoy/mesh-config';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { acceptedManifests } from '../../src/manifest/manifest';
import { describeDifference, differences } from '../difference';
import type { Json } from '../istiod/client';

const AUTHORIZER: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'my-custom-ext-authz',
    namespace: 'foo',
  },
  spec: { ports: [{ name: 'http', port: 9000 }] },
};
const PROXY = { type: 'sidecar', namespace: 'foo', labels: { app: 'httpbin', version: 'v1' } } as const;

function folder(): string {
  const options = { cwd: join(__dirname, '../istiod'), encoding: 'utf8' } as const;
  const module = spawnSync('go', ['list', '-m', '-f', '{{.Dir}}', 'istio.io/istio'], options).stdout.trim();
  return join(module, 'pilot/pkg/security/authz/builder/testdata');
}

/** Compares our access filters with those that istiod's own tests expect. */
export function compareBuilderTestdata(): { readonly figure: string; readonly wrong: readonly string[] } {
  const root = folder();
  const wrong = [
    ...OF_REQUESTS.flatMap(each => compared(join(root, 'http'), each, false)),
    ...OF_CONNECTIONS.flatMap(each => compared(join(root, 'tcp'), each, true)),
  ];
  return { figure: `${OF_REQUESTS.length} of requests, ${OF_CONNECTIONS.length} of connections`, wrong };
}

function compared(from: string, { input, want, meshConfig = undefined, trustDomains = [] }: BuilderCase, isTcp: boolean): string[] {
  const objects = (yaml.loadAll(readFileSync(join(from, input), 'utf8')) as (KubernetesObject | null)[]).filter(object => object !== null);
  const mesh = meshOf(
    acceptedManifests([...objects, AUTHORIZER]),
    { meshConfig: meshConfigOf(meshConfig), clusterDomain: 'cluster.local' },
    [],
  );
  const policies = mesh.authorizationPolicies.of(PROXY);
  const access = { policies, trustDomains, authorizers: externalAuthorizers(mesh), isTunneled: false };
  const filters = isTcp ? networkAccessFilters(access) : meshConfig ? customHttpFilters(access) : httpAccessFilters(access);
  const expected = want.map(file => yaml.load(readFileSync(join(from, file), 'utf8')) as Json);
  return differences(reduced(expected), reduced(JSON.parse(JSON.stringify(filters)))).map(
    each => `${want.join(', ') || input}: ${describeDifference(each)}`,
  );
}
