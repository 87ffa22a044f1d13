import type { App } from 'cdk8s';
import { ApiObject, Chart } from 'cdk8s';
import type { Proxy } from './istiod/client';
import { IngressGateway, MeshService, PublicHost } from 'cdk8s-istio';
import type { Listener } from 'cdk8s-istio';

/** The caller in the mesh. */
export const web: Proxy = { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web' } };
/** A caller in another namespace. */
export const stranger: Proxy = { name: 'stranger', type: 'sidecar', namespace: 'other', labels: { app: 'stranger' } };
/** The ingress gateway, behind a Service that maps port 80 to 8080 and 443 to 8443; cases add others. */
export const gateway: Proxy = {
  name: 'gateway',
  type: 'gateway',
  namespace: 'istio-system',
  labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
};

/** The egress gateway, behind a Service of the same ports. */
export const egress: Proxy = {
  name: 'egress',
  type: 'gateway',
  namespace: 'istio-system',
  labels: { app: 'istio-egressgateway', istio: 'egressgateway' },
};

/** The Services and Deployments of a case in a separate chart, and a chart for the traffic. */
export class World {
  public readonly traffic: Chart;
  private readonly workloads: Chart;

  constructor(app: App) {
    this.workloads = new Chart(app, 'workloads', { namespace: 'shop' });
    this.traffic = new Chart(app, 'traffic', { namespace: 'shop' });
  }

  /** A Service, and one Deployment per version. */
  public service(
    name: string,
    options: { namespace?: string; ports?: object[]; versions?: string[]; replicas?: number; spec?: object } = {},
  ): ApiObject {
    const { namespace = 'shop', ports = [{ name: 'http', port: 80, targetPort: 3000 }], versions = ['v1'], replicas = 1 } = options;
    for (const version of versions) {
      const labels = { app: name, version };
      new ApiObject(this.workloads, `${namespace}-${name}-${version}`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `${name}-${version}`, namespace },
        spec: {
          replicas,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app' }] } },
        },
      });
    }
    return new ApiObject(this.workloads, `${namespace}-${name}`, {
      apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: { app: name }, ports, ...options.spec },
    });
  }

  /** The service of most cases: `catalog`, with the versions v1, v2 and v3. */
  public catalog(ports?: object[], spec?: object): MeshService {
    const service = this.service('catalog', { ports, spec, versions: ['v1', 'v2', 'v3'] });
    const catalog = MeshService.fromService(this.traffic, 'Catalog', service);
    for (const version of ['v1', 'v2', 'v3']) catalog.addSubset(version, { labels: { version } });
    return catalog;
  }

  /** A public host on the ingress gateway. */
  public publicHost(host = 'shop.example.com', listeners?: Listener[], ports: object[] = []): PublicHost {
    this.ingress(ports);
    return new PublicHost(this.traffic, 'Host', { gateway: new IngressGateway(this.traffic, 'Gateway', { listeners }), host });
  }

  /** The Service and Deployment of the ingress gateway, with ports in addition to HTTP and HTTPS. */
  public ingress(ports: object[] = []): void {
    this.gateway('istio-ingressgateway', 'ingressgateway', 'gateway', 'istio-system', ports);
  }

  /** The Service and Deployment of the egress gateway. */
  public egress(namespace = 'istio-system'): void {
    this.gateway('istio-egressgateway', 'egressgateway', 'egress', namespace);
  }

  private gateway(name: string, istio: string, id: string, namespace: string, ports: object[] = []): void {
    const labels = { app: name, istio };
    const metadata = { name, namespace, labels };
    new ApiObject(this.workloads, `${id}-service`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: labels,
        ports: [{ name: 'http2', port: 80, targetPort: 8080 }, { name: 'https', port: 443, targetPort: 8443 }, ...ports],
      },
    });
    new ApiObject(this.workloads, `${id}-deployment`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] } },
      },
    });
  }
}
