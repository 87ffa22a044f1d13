import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { cluster, route } from '../case';
import { World, gateway, web } from '../world';
import { HOST, twoPorts } from './catalog';
import {
  CanaryRelease, CircuitBreakerPolicy, ConsistentHash, DarkLaunch, ExternalDependency, HashTable, LoadBalancerAlgorithm,
  LoadBalancerPolicy, Resolution, ServicePort, StringMatch,
} from 'cdk8s-istio';
import type { LoadBalancerPolicyProps } from 'cdk8s-istio';

const at = (subset?: string, port = 80) => cluster('web', HOST, port, subset);
/** A caller whose node is in a zone of eu-west. */
const placed = { ...web, locality: 'eu-west/zone1/rack1' };

/** A case of one load balancer for the whole service, with a route to it. */
function balanced(name: string, props: Omit<LoadBalancerPolicyProps, 'service'>, states: Case['states']): Case {
  return {
    name: `lb-${name}`,
    proxies: [web],
    build: app => {
      const world = new World(app);
      new LoadBalancerPolicy(world.traffic, 'Balance', { service: world.catalog(), ...props });
    },
    states,
  };
}

const DEFAULT = `${HOST}:80`;
const hash = (policy: object) => ({ route: { hashPolicy: [policy] } });
const byDefault = route('web', DEFAULT, 'default');
const RING = { lbPolicy: 'RING_HASH', ringHashLbConfig: { minimumRingSize: '1024' } };

/** A case of a dependency with endpoints in four localities. */
function located(name: string, props: Omit<LoadBalancerPolicyProps, 'service'>, states: Case['states'], ejecting = false): Case {
  return {
    name: `lb-${name}`,
    proxies: [placed],
    build: app => {
      const world = new World(app);
      const store = new ExternalDependency(world.traffic, 'Store', {
        hosts: ['store.example.com'],
        ports: [ServicePort.http(80)],
        resolution: Resolution.DNS,
        endpoints: ['eu-west/zone1/rack1', 'eu-west/zone2', 'us-east/zone1', 'ap-south/zone1'].map((locality, i) => ({
          address: `e${i}.example.com`, locality,
        })),
      });
      new LoadBalancerPolicy(world.traffic, 'Balance', { service: store, ...props });
      if (ejecting) new CircuitBreakerPolicy(world.traffic, 'Ejection', { service: store, outlierDetection: { maxEjectionPercent: 100 } });
    },
    states,
  };
}

interface Locality {
  readonly locality: { readonly region: string; readonly zone: string };
  readonly priority?: number;
  readonly loadBalancingWeight: number;
  readonly lbEndpoints?: object[];
}

/** The localities of the endpoints in a cluster, as `region/zone: priority, weight`, without empty ones. */
const localities = {
  ...cluster('web', 'store.example.com', 80),
  find: (answer: Parameters<typeof byDefault.find>[0]) => Object.fromEntries(
    (cluster('web', 'store.example.com', 80).find(answer).loadAssignment.endpoints as Locality[]).filter(({ lbEndpoints }) => lbEndpoints)
      .map(({ locality, priority = 0, loadBalancingWeight }) => [`${locality.region}/${locality.zone}`, [priority, loadBalancingWeight]])),
};

export const loadBalancing: readonly Case[] = [
  balanced('least-request', { algorithm: LoadBalancerAlgorithm.LEAST_REQUEST }, [['least request', at(), { lbPolicy: 'LEAST_REQUEST' }]]),
  // ROUND_ROBIN is the zero value of Envoy's enum, which JSON omits.
  balanced('round-robin', { algorithm: LoadBalancerAlgorithm.ROUND_ROBIN }, [
    ['round robin', at(), { lbPolicy: undefined, type: 'EDS' }],
    ['round robin for a subset', at('v1'), { lbPolicy: undefined, type: 'EDS' }],
  ]),
  balanced('random', { algorithm: LoadBalancerAlgorithm.RANDOM }, [['random', at(), { lbPolicy: 'RANDOM' }]]),
  balanced('passthrough', { algorithm: LoadBalancerAlgorithm.PASSTHROUGH }, [
    ['the address that the caller used', at(), { type: 'ORIGINAL_DST', lbPolicy: 'CLUSTER_PROVIDED' }],
  ]),
  balanced('hash-header', { consistentHash: ConsistentHash.header('x-user') }, [
    ['a ring of 1024', at(), RING],
    ['by the header', byDefault, hash({ header: { headerName: 'x-user' } })],
  ]),
  balanced('hash-cookie', {
    consistentHash: ConsistentHash.cookie('session', {
      ttl: Duration.hours(1),
      path: '/shop',
      attributes: { SameSite: 'Strict', Secure: '' },
    }),
  }, [
    [
      'by a cookie that Envoy sets for an hour',
      byDefault,
      hash({
        cookie: { name: 'session', ttl: '3600s', path: '/shop', attributes: [{ name: 'SameSite', value: 'Strict' }, { name: 'Secure' }] },
      }),
    ],
  ]),
  balanced('hash-session-cookie', { consistentHash: ConsistentHash.cookie('session', { ttl: Duration.seconds(0) }) }, [
    ['by a session cookie', byDefault, hash({ cookie: { name: 'session', ttl: '0s' } })],
  ]),
  balanced('hash-cookie-of-the-application', { consistentHash: ConsistentHash.cookie('session') }, [
    ['by a cookie that the service sets', byDefault, hash({ cookie: { name: 'session', ttl: undefined } })],
  ]),
  balanced('hash-source-ip', { consistentHash: ConsistentHash.sourceIp({ table: HashTable.ringHash({ minimumRingSize: 2048 }) }) }, [
    ['a ring of 2048', at(), { lbPolicy: 'RING_HASH', ringHashLbConfig: { minimumRingSize: '2048' } }],
    ['by the address of the caller', byDefault, hash({ connectionProperties: { sourceIp: true } })],
  ]),
  balanced('hash-query-parameter', {
    consistentHash: ConsistentHash.queryParameter('user', { table: HashTable.maglev({ tableSize: 65537 }) }),
  }, [
    ['a Maglev table', at(), { lbPolicy: 'MAGLEV', maglevLbConfig: { tableSize: '65537' } }],
    ['by the query parameter', byDefault, hash({ queryParameter: { name: 'user' } })],
  ]),
  balanced('hash-plain-ring', { consistentHash: ConsistentHash.header('x-user', { table: HashTable.ringHash() }) }, [
    ['a ring of the default size, 1024', at(), { lbPolicy: 'RING_HASH', ringHashLbConfig: undefined }],
  ]),
  balanced('warmup', { warmup: { duration: Duration.minutes(1), minimumPercent: 5, aggression: 1.5 } }, [
    ['a minute of slow start', at(), {
      lbPolicy: 'LEAST_REQUEST',
      leastRequestLbConfig: {
        slowStartConfig: { slowStartWindow: '60s', aggression: { defaultValue: 1.5 }, minWeightPercent: { value: 5 } },
      },
    }],
  ]),
  balanced('warmup-round-robin', { algorithm: LoadBalancerAlgorithm.ROUND_ROBIN, warmup: { duration: Duration.seconds(30) } }, [
    [
      'evenly, from 10 %',
      at(),
      {
        roundRobinLbConfig: {
          slowStartConfig: { slowStartWindow: '30s', aggression: { defaultValue: 1 }, minWeightPercent: { value: 10 } },
        },
      },
    ],
  ]),
  balanced('zone-aware', { zoneAware: { minClusterSize: 3 } }, [
    ['zone-aware routing with at least 3 endpoints', at(), { commonLbConfig: { zoneAwareLbConfig: { minClusterSize: '3' } } }],
  ]),
  balanced('zone-aware-off', { zoneAware: { enabled: false } }, [
    ['none', at(), { commonLbConfig: { zoneAwareLbConfig: { routingEnabled: {} } } }],
  ]),
  {
    name: 'lb-levels',
    proxies: [web, gateway],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog(twoPorts);
      new LoadBalancerPolicy(world.traffic, 'Service', { service: catalog, algorithm: LoadBalancerAlgorithm.RANDOM });
      new LoadBalancerPolicy(world.traffic, 'Port', { service: catalog, port: 8080, consistentHash: ConsistentHash.header('x-port') });
      new LoadBalancerPolicy(world.traffic, 'Subset', {
        service: catalog,
        subset: catalog.subset('v2'),
        consistentHash: ConsistentHash.header('x-subset'),
      });
      new LoadBalancerPolicy(world.traffic, 'SubsetPort', {
        service: catalog,
        subset: catalog.subset('v2'),
        port: 8080,
        algorithm: LoadBalancerAlgorithm.ROUND_ROBIN,
      });

      new CircuitBreakerPolicy(world.traffic, 'Breaker', { service: catalog, connectionPool: { maxConnections: 9 } });
      new CanaryRelease(world.traffic, 'Canary', {
        service: catalog,
        stable: catalog.subset('v1'),
        canary: catalog.subset('v3'),
        canaryPercent: 50,
      });
      new DarkLaunch(world.traffic, 'Dark', {
        service: catalog,
        target: catalog.subset('v2'),
        matches: [{ headers: { 'x-dark': StringMatch.present() } }],
      });
    },
    states: [
      ['the service', at(), { lbPolicy: 'RANDOM' }],
      ['a port', at('', 8080), RING],
      ['a subset that inherits', at('v1'), { lbPolicy: 'RANDOM' }],
      ['a subset that inherits at the port', at('v1', 8080), RING],
      ['a subset', at('v2'), RING],
      ['a subset at a port', at('v2', 8080), { lbPolicy: undefined }],
      ['the circuit breaker applies to each', at('v2', 8080), { circuitBreakers: { thresholds: [{ maxConnections: 9 }] } }],
      [
        'the hash policy of the subset on its route',
        route('web', DEFAULT, 'default.dark-80'),
        hash({ header: { headerName: 'x-subset' } }),
      ],
      ['none for clusters with random load balancing', route('web', DEFAULT, 'default-80'), { route: { hashPolicy: undefined } }],
      [
        'the hash policy of the port, once per version',
        route('web', `${HOST}:8080`, 'default-8080'),
        { route: { hashPolicy: [{ header: { headerName: 'x-port' } }, { header: { headerName: 'x-port' } }] } },
      ],
    ],
  },
  located('locality-distribute', {
    locality: {
      distribute: [
        { from: 'eu-west/zone1/*', to: { 'eu-west/zone1/*': 80, 'us-east/*': 20 } },
        { from: '*', to: { '*': 100 } },
      ],
    },
  }, [
    ['weights by locality', cluster('web', 'store.example.com', 80), { commonLbConfig: { localityWeightedLbConfig: {} } }],
    [
      '80 % local, 20 % to us-east, none elsewhere',
      localities,
      { 'eu-west/zone1': [0, 80], 'us-east/zone1': [0, 20], 'eu-west/zone2': undefined, 'ap-south/zone1': undefined },
    ],
  ]),
  located('locality-failover', { locality: { failover: [{ from: 'eu-west', to: 'ap-south' }] } }, [
    [
      'the locality first, then the region, then ap-south, then the rest',
      localities,
      { 'eu-west/zone1': [0, 1], 'eu-west/zone2': [1, 1], 'ap-south/zone1': [2, 1], 'us-east/zone1': [3, 1] },
    ],
  ], true),
  {
    name: 'lb-locality-failover-priority',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const store = new ExternalDependency(world.traffic, 'Store', {
        hosts: ['store.example.com'],
        ports: [ServicePort.http(80)],
        resolution: Resolution.DNS,
        endpoints: [{ address: 'old.example.com', labels: { version: 'v1' } }, { address: 'new.example.com', labels: { version: 'v2' } }],
      });
      new LoadBalancerPolicy(world.traffic, 'Balance', { service: store, locality: { failoverPriority: ['version=v2'] } });
      new CircuitBreakerPolicy(world.traffic, 'Ejection', { service: store, outlierDetection: { maxEjectionPercent: 100 } });
    },
    states: [
      ['the new version first, then the old one', cluster('web', 'store.example.com', 80), {
        loadAssignment: {
          endpoints: [
            { priority: undefined, lbEndpoints: [{ endpoint: { address: { socketAddress: { address: 'new.example.com' } } } }] },
            { priority: 1, lbEndpoints: [{ endpoint: { address: { socketAddress: { address: 'old.example.com' } } } }] },
          ],
        },
      }],
    ],
  },
  located('locality-off', { locality: { enabled: false } }, [
    ['no priorities', localities, { 'eu-west/zone1': [0, 1], 'eu-west/zone2': [0, 1], 'us-east/zone1': [0, 1], 'ap-south/zone1': [0, 1] }],
  ], true),
];
