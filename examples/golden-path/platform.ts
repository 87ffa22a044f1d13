import { ApiObject, Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { LoadBalancerAlgorithm, MeshService, PolicyScope, TrafficDefaults } from 'cdk8s-istio';

/** What the platform team sets for every service of the mesh. */
export class PlatformChart extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'istio-system' });
    new TrafficDefaults(this, 'Defaults', {
      scope: PolicyScope.mesh(),
      timeout: Duration.seconds(2),
      retries: { attempts: 2, retryOn: ['connect-failure', 'refused-stream', 'unavailable'] },
      connectionPool: { maxConnections: 100, http1MaxPendingRequests: 20 },
      outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 },
      accessLogging: { filter: 'response.code >= 500' },
    });
  }
}

export interface WebServiceProps {
  /** The name of the Service and of the label `app` of its pods. */
  readonly name: string;
}

/** A web service on the golden path: its Service, and the defaults of all web services. */
export class WebService extends Construct {
  public readonly service: MeshService;

  constructor(scope: Construct, id: string, { name }: WebServiceProps) {
    super(scope, id);
    const service = new ApiObject(this, 'Service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    });
    this.service = MeshService.fromService(this, 'Traffic', service);
    new TrafficDefaults(this, 'Defaults', {
      loadBalancer: { algorithm: LoadBalancerAlgorithm.LEAST_REQUEST, warmup: { duration: Duration.seconds(60) } },
    });
  }
}
