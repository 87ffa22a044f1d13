import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import type { Case } from '../case';
import { waypointAccess, waypointRules } from '../case';
import type { Proxy } from '../istiod/client';
import { World } from '../world';
import { AccessAction, AccessPolicy, Caller, PolicyScope, StringMatch, TokenAuthentication } from 'cdk8s-istio';

const API = 'gateway.networking.k8s.io';
const CATALOG = 'catalog.shop.svc.cluster.local';
const KEYS = '{"keys":[{"kty":"EC","x":"nZZwGECgQyKH0ARogoA8SsiYxAefDFg7HGHYIY09Tmc","y":"6TRojmqMuGcCzMu46J8dDdbALLZJg6mKJXcvrQsoM7c","crv":"P-256","kid":"a","alg":"ES256"}]}';
const waypointOf = (namespace: string): Proxy => (
  { name: 'wp', type: 'waypoint', namespace, labels: { [`${API}/gateway-name`]: 'wp' } });
const anyOf = (...rules: object[]) => ({ orRules: { rules } });

/** The service catalog of shop, which uses the waypoint `wp` of a namespace. */
function served(world: World, namespace: string): void {
  const cluster = new Chart(world.traffic.node.root, 'cluster');
  const labels = { 'istio.io/use-waypoint': 'wp', 'istio.io/use-waypoint-namespace': namespace };
  new ApiObject(cluster, 'Shop', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
  const waypoint = new ApiObject(cluster, 'Waypoint', { apiVersion: `${API}/v1`, kind: 'Gateway', metadata: { name: 'wp', namespace } });
  const allowedRoutes = { namespaces: { from: 'All' } };
  waypoint.addJsonPatch(JsonPatch.add('/spec', {
    gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes }],
  }));
  world.service('catalog');
}

/** Access statements about a waypoint, in its configuration. */
export const waypointStatements: readonly Case[] = [
  {
    name: 'waypoint-statements',
    proxies: [waypointOf('shop')],
    build: app => {
      const world = new World(app);
      served(world, 'shop');
      const scope = PolicyScope.waypoint('wp');
      new AccessPolicy(world.traffic, 'Readers', { scope, callers: [Caller.serviceAccount('web')], methods: ['GET'] });
      new AccessPolicy(world.traffic, 'Reports', { scope, callers: [Caller.namespace('reports')] });
      new AccessPolicy(world.traffic, 'NoAdmin', { scope, action: AccessAction.deny(), paths: [StringMatch.prefix('/admin')], containerPorts: [80] });
      new AccessPolicy(world.traffic, 'OfPods', { scope: PolicyScope.namespace(), callers: [Caller.serviceAccount('wp')] });
      new TokenAuthentication(world.traffic, 'Tokens', { scope, issuer: 'https://issuer.example.com', jwks: KEYS });
    },
    states: [
      ['tokens, what denies, then what allows', waypointAccess('wp', CATALOG), [
        'envoy.filters.http.jwt_authn', 'envoy.filters.http.rbac', 'envoy.filters.http.rbac',
      ]],
      ['DENY of a path at the port of the service, then the two ALLOW statements in one policy, without that of the pods', waypointRules('wp', CATALOG), [
        {
          action: 'DENY',
          policies: {
            'ns[shop]-policy[wp.deny]-rule[0]': {
              permissions: [{
                andRules: { rules: [anyOf({ urlPath: { path: { prefix: '/admin' } } }), anyOf({ destinationPort: 80 })] },
              }],
            },
          },
        },
        {
          policies: {
            'ns[shop]-policy[wp]-rule[0]': { permissions: [{ andRules: { rules: [{ any: true }] } }] },
            'ns[shop]-policy[wp]-rule[1]': {
              permissions: [{ andRules: { rules: [anyOf({ header: { name: ':method', stringMatch: { exact: 'GET' } } })] } }],
            },
          },
        },
      ]],
    ],
  },
  {
    name: 'waypoint-statements-of-another-namespace',
    proxies: [waypointOf('infra')],
    build: app => {
      const world = new World(app);
      served(world, 'infra');
      new AccessPolicy(world.traffic, 'Closed', { scope: PolicyScope.waypoint('wp', 'infra'), denyByDefault: true });
    },
    states: [
      ['an ALLOW policy without rules', waypointRules('wp', CATALOG), [{ action: undefined }]],
    ],
  },
];
