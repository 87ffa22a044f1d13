import type { World } from '../world';
import type { MeshService } from 'cdk8s-istio';
import { CanaryRelease, StringMatch } from 'cdk8s-istio';

/** The host of the service of most cases. */
export const HOST = 'catalog.shop.svc.cluster.local';
/** Its virtual host in the mesh. */
export const VHOST = `${HOST}:80`;
/** The virtual host of the public host of most cases. */
export const PUBLIC = 'shop.example.com:80';

/** A cluster of the service. */
export const to = (port: number, subset = '') => `outbound|${port}|${subset}|${HOST}`;
/** The cluster of a subset at port 80. */
export const of = (subset: string) => to(80, subset);

/** Matches of requests with a header. */
export const header = (name: string) => [{ headers: { [name]: StringMatch.present() } }];
export const staff = header('x-staff');

/** The address of the service, which its listeners for TCP and TLS have in their names. */
export const IP = '10.96.0.10';
export const spec = { clusterIP: IP };
export const http = { name: 'http', port: 80, targetPort: 3000 };
export const tcp = { name: 'tcp-db', port: 5432 };
export const tls = { name: 'tls-api', port: 8443 };
export const twoPorts = [http, { name: 'http-admin', port: 8080, targetPort: 9000 }];

/** A canary release of the whole service. */
export const canary = (world: World, catalog: MeshService, canaryPercent = 10) => new CanaryRelease(world.traffic, 'Canary', {
  service: catalog, stable: catalog.subset('v1'), canary: catalog.subset('v2'), canaryPercent,
});
