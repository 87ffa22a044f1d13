import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';

/** The Services of the shop, which policies refer to. */
export interface Workloads {
  readonly catalog: ApiObject;
  readonly webapp: ApiObject;
  readonly simpleWeb: ApiObject;
  readonly simpleBackend: ApiObject;
}

interface Workload {
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly image: string;
  readonly port: number;
  readonly replicas?: number;
  readonly serviceAccount?: string;
  readonly env?: { readonly [name: string]: string };
}

/** Differences from the walk-through. */
export interface WorkloadsOptions {
  /** Settings of the first of the three endpoints of simple-backend. */
  readonly slowBackend?: { readonly [name: string]: string };
  readonly namespace?: string;
  readonly catalogVersions?: readonly string[];
  /** Whether the pods of catalog, webapp and the gateway have service accounts of their own, by which mutual TLS identifies them. */
  readonly serviceAccounts?: boolean;
}

/** The service account of the gateway's pods in an installation by istioctl. */
export const GATEWAY_ACCOUNT = 'istio-ingressgateway-service-account';

/**
 * The workloads of the walk-through, with its labels: the shop, the load-test pair, the ingress gateway and the tracing backend's Service.
 */
export class WorkloadsChart extends Chart implements Workloads {
  public readonly catalog: ApiObject;
  public readonly webapp: ApiObject;
  public readonly simpleWeb: ApiObject;
  public readonly simpleBackend: ApiObject;

  constructor(scope: Construct, id: string, options: WorkloadsOptions = {}) {
    const { slowBackend, namespace: name = 'istioinaction', catalogVersions = ['v1', 'v2'], serviceAccounts = false } = options;
    const account = (own: string, at?: string) => (serviceAccounts ? this.serviceAccount(own, at) : undefined);
    super(scope, id, { namespace: name });
    const namespace = new ApiObject(this, 'Namespace', {
      apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'istio-injection': 'enabled' } },
    });
    namespace.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    const [catalogAccount, webappAccount] = [account('catalog'), account('webapp')];
    this.catalog = this.service('catalog', 3000);
    const [first, ...others] = catalogVersions.map(version => ({
      labels: { app: 'catalog', version },
      image: 'istioinaction/catalog:latest',
      port: 3000,
      serviceAccount: catalogAccount,
    }));
    this.deployment({ name: 'catalog', ...first });
    for (const other of others) this.deployment({ name: `catalog-${other.labels.version}`, ...other, env: { SHOW_IMAGE: 'true' } });
    this.webapp = this.service('webapp', 8080);
    this.deployment({
      name: 'webapp', labels: { app: 'webapp' }, image: 'istioinaction/webapp:latest', port: 8080, serviceAccount: webappAccount,
    });
    this.service('forum', 8080);
    this.deployment({ name: 'forum', labels: { app: 'forum' }, image: 'istioinaction/forum:latest', port: 8080 });
    this.simpleWeb = this.service('simple-web', 8080);
    this.deployment({ name: 'simple-web', labels: { app: 'simple-web' }, image: 'nicholasjackson/fake-service:v0.17.0', port: 8080 });
    this.simpleBackend = this.service('simple-backend', 8080);
    this.deployment({
      name: 'simple-backend-1',
      labels: { app: 'simple-backend' },
      image: 'nicholasjackson/fake-service:v0.14.1',
      port: 8080,
      env: slowBackend,
    });
    this.deployment({
      name: 'simple-backend-2', labels: { app: 'simple-backend' }, image: 'nicholasjackson/fake-service:v0.17.0', port: 8080, replicas: 2,
    });
    this.istioSystem(account(GATEWAY_ACCOUNT, 'istio-system'));
  }

  private service(name: string, targetPort: number): ApiObject {
    return new ApiObject(this, `${name}-service`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels: { app: name } },
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort }] },
    });
  }

  private serviceAccount(name: string, namespace?: string): string {
    new ApiObject(this, `${name}-account`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, ...(namespace && { namespace }) } });
    return name;
  }

  private deployment({ name, labels, image, port, replicas = 1, env = {}, serviceAccount }: Workload): void {
    // The two Deployments behind simple-backend share its label. Each needs another label to select its own pods.
    const podLabels = labels.app === name || labels.version !== undefined ? labels : { ...labels, instance: name };
    new ApiObject(this, `${name}-deployment`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas,
        selector: { matchLabels: podLabels },
        template: {
          metadata: { labels: podLabels },
          spec: {
            ...(serviceAccount && { serviceAccountName: serviceAccount }),
            containers: [{
              name: labels.app,
              image,
              ports: [{ name: 'http', containerPort: port }],
              env: Object.keys(env).length > 0 ? Object.entries(env).map(([key, value]) => ({ name: key, value })) : undefined,
            }],
          },
        },
      },
    });
  }

  /** The objects of Istio's installation, so that translators and simulators see the gateway. */
  private istioSystem(serviceAccount?: string): void {
    const metadata = (name: string) => ({ name, namespace: 'istio-system', labels: { app: name } });
    const labels = { app: 'istio-ingressgateway', istio: 'ingressgateway' };
    new ApiObject(this, 'istio-ingressgateway-service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata('istio-ingressgateway'), labels },
      spec: {
        selector: labels,
        type: 'NodePort',
        ports: [
          { name: 'http2', port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30000 },
          { name: 'https', port: 443, protocol: 'TCP', targetPort: 8443, nodePort: 30005 },
        ],
      },
    });
    new ApiObject(this, 'istio-ingressgateway-deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata('istio-ingressgateway'), labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations: { 'inject.istio.io/templates': 'gateway' } },
          spec: { ...(serviceAccount && { serviceAccountName: serviceAccount }), containers: [{ name: 'istio-proxy', image: 'auto', ports: [{ containerPort: 8080 }, { containerPort: 8443 }] }] },
        },
      },
    });
    new ApiObject(this, 'zipkin-service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('zipkin'),
      spec: { selector: { app: 'zipkin' }, ports: [{ name: 'http-query', port: 9411, protocol: 'TCP', targetPort: 9411 }] },
    });
  }
}
