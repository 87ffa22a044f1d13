import type { Case } from '../case';
import { gatewayRules, inboundAccess, route, routeNames } from '../case';
import type { Proxy } from '../istiod/client';
import { World, gateway as ingress, web } from '../world';
import { HOST } from './catalog';
import {
  AccessAction, AccessCondition, AccessPolicy, Caller, IngressGateway, MeshService, PolicyScope, PublicHost, StringMatch,
  TokenAuthentication, TrafficRoute, WorkloadAccess,
} from 'cdk8s-istio';

const called: Proxy = { name: 'ledger', type: 'sidecar', namespace: 'shop', labels: { app: 'ledger', version: 'v1' } };
const KEYS = '{"keys":[{"kty":"EC","x":"nZZwGECgQyKH0ARogoA8SsiYxAefDFg7HGHYIY09Tmc","y":"6TRojmqMuGcCzMu46J8dDdbALLZJg6mKJXcvrQsoM7c","crv":"P-256","kid":"a","alg":"ES256"}]}';
const ISSUER = 'https://issuer.example.com';
const PORTS = [
  { name: 'http', port: 80, targetPort: 3000 },
  { name: 'tcp-db', port: 5432, targetPort: 5432 },
];
const ledgerOf = (world: World) => MeshService.fromService(world.traffic, 'Ledger', world.service('ledger', { ports: PORTS }));

const anyOf = (...rules: object[]) => ({ orRules: { rules } });
const policy = (name: string, permissions: object[]) => ({ [name]: { permissions: [{ andRules: { rules: permissions } }] } });
const PORT = anyOf({ destinationPort: 3000 });
/** A claim of the verified token: a string, or a list with one that matches. */
const claim = (names: readonly string[], stringMatch: object) => ({
  filter: 'envoy.filters.http.jwt_authn',
  path: ['payload', ...names].map(key => ({ key })),
  value: { orMatch: { valueMatchers: [{ listMatch: { oneOf: { stringMatch } } }, { stringMatch }] } },
});

/** Access: what denies, external authorizers, tokens, conditions and routes by claims, in the configuration of sidecars and gateways. */
export const accessStatements: readonly Case[] = [
  {
    name: 'access-denied-requests',
    inbound: true,
    proxies: [called],
    build: app => {
      const world = new World(app);
      const service = ledgerOf(world);
      new WorkloadAccess(world.traffic, 'Callers', { service, callers: [Caller.namespace('reports'), Caller.serviceAccount('web')] });
      new WorkloadAccess(world.traffic, 'NoAdmin', {
        service, action: AccessAction.deny(), paths: [StringMatch.prefix('/admin')], except: { callers: [Caller.serviceAccount('root')] },
      });
      new WorkloadAccess(world.traffic, 'NoDeletes', {
        service,
        action: AccessAction.deny(),
        methods: ['DELETE'],
        hosts: ['ledger.example.com'],
        ipBlocks: ['10.0.0.0/8'],
        when: [AccessCondition.header('x-force', [StringMatch.exact('1')]).negated()],
      });
      new AccessPolicy(world.traffic, 'NoBatch', {
        scope: PolicyScope.mesh(), action: AccessAction.deny(), callers: [Caller.namespace('batch')],
      });
    },
    states: [
      ['DENY before ALLOW', inboundAccess('ledger', 3000), [{ rules: { action: 'DENY' } }, { rules: { action: undefined } }]],
      ['the rules of the mesh, and those of the service for its HTTP port', inboundAccess('ledger', 3000), [{
        rules: {
          policies: {
            'ns[istio-system]-policy[default.deny]-rule[0]': { permissions: [{ andRules: { rules: [{ any: true }] } }] },
            ...policy('ns[shop]-policy[ledger.deny]-rule[1]', [anyOf({ urlPath: { path: { prefix: '/admin' } } }), PORT]),
          },
        },
      }, {}]],
    ],
  },
  {
    name: 'access-external-authorizer',
    inbound: true,
    proxies: [called],
    meshConfig: JSON.stringify({
      extensionProviders: [{ name: 'opa', envoyExtAuthzHttp: { service: 'opa.shop.svc.cluster.local', port: 80 } }],
    }),
    build: app => {
      const world = new World(app);
      world.service('opa');
      new WorkloadAccess(world.traffic, 'Ask', {
        service: ledgerOf(world), action: AccessAction.custom('opa'), pathTemplates: ['/accounts/{*}/payments'],
      });
    },
    states: [['the authorizer is asked about requests of a rule', inboundAccess('ledger', 3000), [
      { shadowRules: { action: 'DENY' } }, { httpService: { serverUri: { cluster: 'outbound|80||opa.shop.svc.cluster.local' } } },
    ]]],
  },
  {
    name: 'access-tokens',
    inbound: true,
    proxies: [called],
    build: app => {
      const world = new World(app);
      const service = ledgerOf(world);
      new TokenAuthentication(world.traffic, 'Tokens', {
        service,
        issuer: ISSUER,
        jwks: KEYS,
        audiences: ['ledger'],
        fromHeaders: [{ name: 'x-token', prefix: 'Token ' }],
        fromParams: ['token'],
        forwardOriginalToken: true,
        claimsToHeaders: { 'x-subject': 'sub' },
      });
      new TokenAuthentication(world.traffic, 'Everywhere', { scope: PolicyScope.namespace(), issuer: 'other', jwks: KEYS, fromCookies: ['jwt'] });
      new WorkloadAccess(world.traffic, 'Required', { service, action: AccessAction.deny(), except: { requestPrincipals: ['*'] } });
      new WorkloadAccess(world.traffic, 'Admins', {
        service,
        callers: [Caller.anyone()],
        requestPrincipals: [`${ISSUER}/*`],
        when: [
          AccessCondition.claim(['realm', 'roles'], [StringMatch.exact('admin')]), AccessCondition.audience([StringMatch.prefix('led')]),
        ],
      });
    },
    states: [['tokens come before rules', inboundAccess('ledger', 3000), [
      {
        providers: {
          'origins-0': {
            issuer: ISSUER,
            audiences: ['ledger'],
            forward: true,
            fromHeaders: [{ name: 'x-token', valuePrefix: 'Token ' }],
            fromParams: ['token'],
            claimToHeaders: [{ headerName: 'x-subject', claimName: 'sub' }],
          },
        },
      },
      { rules: { action: 'DENY' } },
      { rules: { action: undefined } },
    ]]],
  },
  {
    name: 'access-dry-run',
    inbound: true,
    proxies: [called],
    build: app => {
      const world = new World(app);
      const service = ledgerOf(world);
      new WorkloadAccess(world.traffic, 'Now', { service, action: AccessAction.deny(), methods: ['PUT'] });
      new WorkloadAccess(world.traffic, 'Soon', { service, callers: [Caller.serviceAccount('web')], dryRun: true });
      new AccessPolicy(world.traffic, 'Closed', { scope: PolicyScope.namespace('shop'), denyByDefault: true, dryRun: true });
      new WorkloadAccess(world.traffic, 'Audit', { service, action: AccessAction.audit(), methods: ['POST'] });
    },
    states: [['an audit, then what is enforced, then what is only tried', inboundAccess('ledger', 3000), [
      { rules: { action: 'LOG' } }, { rules: { action: 'DENY' }, shadowRules: undefined }, { rules: undefined, shadowRules: { action: undefined } },
    ]]],
  },
  {
    name: 'access-ingress-gateway',
    proxies: [ingress],
    build: app => {
      const world = new World(app);
      world.ingress();
      const gateway = new IngressGateway(world.traffic, 'Gateway');
      world.catalog().exposeVia(new PublicHost(world.traffic, 'Host', { gateway, host: 'shop.example.com' }));
      new TokenAuthentication(world.traffic, 'Tokens', { gateway, issuer: ISSUER, jwks: KEYS });
      new WorkloadAccess(world.traffic, 'Office', { gateway, callers: [Caller.anyone()], remoteIpBlocks: ['10.0.0.0/8', '192.0.2.1'] });
      new WorkloadAccess(world.traffic, 'NoAdmin', {
        gateway, action: AccessAction.deny(), paths: [StringMatch.prefix('/admin')], containerPorts: [8080],
      });
    },
    states: [['the gateway denies first', gatewayRules('gateway', '0.0.0.0_8080'), {
      action: 'DENY',
      policies: policy('ns[istio-system]-policy[no-admin.deny]-rule[0]', [
        anyOf({ urlPath: { path: { prefix: '/admin' } } }), anyOf({ destinationPort: 8080 }),
      ]),
    }]],
  },
  {
    name: 'access-claim-routes',
    proxies: [ingress, web],
    build: app => {
      const world = new World(app);
      world.ingress();
      const gateway = new IngressGateway(world.traffic, 'Gateway');
      const catalog = world.catalog();
      catalog.routeDefaultTo(catalog.subset('v1'));
      catalog.exposeVia(new PublicHost(world.traffic, 'Host', { gateway, host: 'shop.example.com' }));
      new TokenAuthentication(world.traffic, 'Tokens', { gateway, issuer: ISSUER, jwks: KEYS });
      new TrafficRoute(world.traffic, 'Testers', {
        service: catalog, target: catalog.subset('v2'), matches: [{ claims: { groups: StringMatch.exact('testers') } }], priority: 1,
      });
      new TrafficRoute(world.traffic, 'Abroad', {
        service: catalog,
        target: catalog.subset('v3'),
        matches: [{ uri: StringMatch.prefix('/abroad'), withoutClaims: { '[address][country]': StringMatch.prefix('CH') } }],
        priority: 2,
      });
    },
    states: [
      ['a claim has a value, alone or in a list', route('gateway', 'shop.example.com:80', 'catalog.testers'), {
        match: { prefix: '/', dynamicMetadata: [claim(['groups'], { exact: 'testers' })] }, route: { cluster: `outbound|80|v2|${HOST}` },
      }],
      ['a nested claim has no such value, or there is no token', route('gateway', 'shop.example.com:80', 'catalog.abroad'), {
        match: { prefix: '/abroad', dynamicMetadata: [{ ...claim(['address', 'country'], { prefix: 'CH' }), invert: true }] },
        route: { cluster: `outbound|80|v3|${HOST}` },
      }],
      ['sidecars see no claims', routeNames('web', `${HOST}:80`), ['abroad', 'default']],
    ],
  },
];
