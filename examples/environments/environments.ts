import { Duration } from 'cdk8s';
import { Listener, MeshEnvironments, OutboundTrafficMode } from 'cdk8s-istio';

/** The environments of the coolstore, and their differences. */
export function environments(outdir?: string): MeshEnvironments {
  return new MeshEnvironments({
    outdir,
    settings: {
      versions: ['v1', 'v2'],
      canaryPercent: 10,
      darkLaunch: true,
      mirror: false,
      itemsTimeout: Duration.seconds(2),
      limits: { maxConnections: 100, http1MaxPendingRequests: 10 },
    },
    environments: [
      {
        name: 'dev',
        namespace: 'coolstore-dev',
        publicHostSuffix: 'dev.coolstore.example.com',
        egressMode: OutboundTrafficMode.ALLOW_ANY,
        istioVersion: '1.31',
        settings: { versions: ['v1', 'v2', 'v3'], canaryPercent: 50, itemsTimeout: Duration.seconds(30) },
      },
      {
        name: 'staging',
        namespace: 'coolstore',
        publicHostSuffix: 'staging.coolstore.example.com',
        egressMode: OutboundTrafficMode.REGISTRY_ONLY,
        istioVersion: '1.31',
        // The canary gets mirrored requests before it gets real ones.
        settings: { mirror: true, canaryPercent: 0 },
      },
      {
        name: 'prod',
        namespace: 'coolstore',
        publicHostSuffix: 'coolstore.example.com',
        gateway: { listeners: [Listener.http(80, { httpsRedirect: true }), Listener.https(443, { credentialName: 'coolstore-tls' })] },
        egressMode: OutboundTrafficMode.REGISTRY_ONLY,
        istioVersion: '1.29',
        settings: { canaryPercent: 5, darkLaunch: false, limits: { maxConnections: 1000, http1MaxPendingRequests: 100 } },
      },
    ],
  });
}
