import type { Dice } from './dice';
import { duration, LOCALITIES } from './world';

type Fields = { [field: string]: unknown };

/** A valid traffic policy; undefined if it would be empty. */
export function trafficPolicy(dice: Dice, depth: 'rule' | 'subset' | 'port' = 'rule'): Fields | undefined {
  const policy: Fields = {
    ...dice.fields(0.35, {
      connectionPool: () => connectionPool(dice),
      outlierDetection: () => outlierDetection(dice),
      loadBalancer: () => loadBalancer(dice),
      tls: () => dice.maybe(0.6, () => clientTls(dice)),
    }),
    ...(depth === 'port' ? {} : dice.fields(0.12, {
      tunnel: () => ({ protocol: dice.pick(['CONNECT', 'POST']), targetHost: dice.pick(['db.example.com', '10.0.0.9']), targetPort: 5432 }),
      proxyProtocol: () => ({ version: dice.pick(['V1', 'V2']) }),
      retryBudget: () => dice.fields(0.6, {
        percent: () => dice.pick([0, 12.5, 50]), minRetryConcurrency: () => dice.int(0, 9), budgetInterval: () => duration(dice),
      }),
      portLevelSettings: () => portSettings(dice),
    })),
  };
  if (policy.tunnel) delete policy.proxyProtocol; // Admission accepts only one of them.
  const kept = Object.entries(policy).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function portSettings(dice: Dice): Fields[] {
  return dice.some([80, 443, 9000, 5432, 7000], 0.4).flatMap(number => {
    const policy = trafficPolicy(dice, 'port');
    return policy ? [{ port: { number }, ...policy }] : [];
  });
}

/** A valid connection pool; undefined if it would be empty. */
export function connectionPool(dice: Dice): Fields | undefined {
  const tcp = dice.fields(0.4, {
    maxConnections: () => dice.int(0, 100),
    connectTimeout: () => duration(dice),
    maxConnectionDuration: () => duration(dice),
    idleTimeout: () => duration(dice),
    tcpKeepalive: () => dice.fields(0.6, { probes: () => dice.int(1, 9), time: () => duration(dice), interval: () => duration(dice) }),
  });
  const upgrade = dice.maybe(0.3, () => dice.pick(['DEFAULT', 'UPGRADE', 'DO_NOT_UPGRADE']));
  const http = {
    ...dice.fields(0.3, {
      http1MaxPendingRequests: () => dice.int(0, 50),
      http2MaxRequests: () => dice.int(0, 50),
      maxRequestsPerConnection: () => dice.int(0, 9),
      maxRetries: () => dice.int(0, 9),
      idleTimeout: () => duration(dice),
      maxConcurrentStreams: () => dice.int(0, 50),
      http2KeepAlive: () => ({ interval: duration(dice), timeout: duration(dice) }),
    }),
    ...(upgrade ? { h2UpgradePolicy: upgrade } : {}),
    ...(upgrade !== 'UPGRADE' && dice.chance(0.2) ? { useClientProtocol: true } : {}),
  };
  const pool = { ...(Object.keys(tcp).length > 0 ? { tcp } : {}), ...(Object.keys(http).length > 0 ? { http } : {}) };
  return Object.keys(pool).length === 0 ? undefined : pool;
}

function outlierDetection(dice: Dice): Fields {
  const isSplit = dice.chance(0.3);
  return {
    ...dice.fields(0.4, {
      consecutive5xxErrors: () => dice.int(0, 5),
      consecutiveGatewayErrors: () => dice.int(0, 5),
      interval: () => duration(dice),
      baseEjectionTime: () => duration(dice),
      maxEjectionPercent: () => dice.int(0, 100),
      minHealthPercent: () => dice.int(0, 100),
    }),
    ...(isSplit
      ? { splitExternalLocalOriginErrors: true, ...dice.fields(0.5, { consecutiveLocalOriginFailures: () => dice.int(0, 5) }) }
      : {}),
  };
}

function loadBalancer(dice: Dice): Fields | undefined {
  const lb = {
    ...algorithm(dice),
    ...(dice.chance(0.25) ? localities(dice) : {}),
    ...dice.fields(0.15, { warmup: () => warmup(dice) }),
  };
  return Object.keys(lb).length === 0 ? undefined : lb;
}

function warmup(dice: Dice): Fields {
  return {
    duration: duration(dice),
    ...dice.fields(0.5, { minimumPercent: () => dice.int(0, 100), aggression: () => dice.pick([1, 1.5, 2]) }),
  };
}

function algorithm(dice: Dice): Fields {
  if (dice.chance(0.6)) {
    return { simple: dice.pick(['ROUND_ROBIN', 'LEAST_REQUEST', 'RANDOM', 'PASSTHROUGH', 'LEAST_CONN', 'UNSPECIFIED']) };
  }
  if (dice.chance(0.2)) return {};
  const key = dice.pick<Fields>([
    { httpHeaderName: 'x-user' }, { useSourceIp: true }, { httpQueryParameterName: 'user' }, { httpCookie: { name: 'user', ttl: '0s' } },
    { httpCookie: { name: 'user', ttl: '90s', path: '/shop', attributes: [{ name: 'SameSite', value: 'Lax' }, { name: 'Secure' }] } },
  ]);
  const ring = dice.pick<Fields>([
    {}, {}, { minimumRingSize: 2048 }, { ringHash: { minimumRingSize: 512 } }, { ringHash: {} }, { maglev: { tableSize: 65537 } },
  ]);
  return { consistentHash: { ...key, ...ring } };
}

const PRIORITIES = [
  ['version'], ['version=v2', 'app'], ['topology.istio.io/network', 'version'], ['app', 'version=v1'],
  ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'],
];

function localities(dice: Dice): Fields {
  if (dice.chance(0.3)) {
    const fields = { enabled: () => dice.chance(0.5), minClusterSize: () => dice.int(1, 9) };
    const order = dice.pick<Fields>([{}, { failover: failover(dice) }, { failover: failover(dice) }, { failoverPriority: ['version', 'app'] }]);
    return { zoneAwareLbSetting: { ...dice.fields(0.5, fields), ...order } };
  }
  const setting = dice.pick<() => Fields>([
    () => ({ enabled: false }),
    () => ({ failover: failover(dice) }),
    () => ({ failoverPriority: dice.pick(PRIORITIES) }),
    () => ({ distribute: distribute(dice) }),
    () => ({}),
  ])();
  return { localityLbSetting: { ...(dice.chance(0.3) ? { enabled: true } : {}), ...setting } };
}

function failover(dice: Dice): Fields[] {
  return [{ from: 'eu-west', to: dice.pick(['us-east', 'ap-south']) }, ...(dice.chance(0.3) ? [{ from: 'us-east', to: 'eu-west' }] : [])];
}

function distribute(dice: Dice): Fields[] {
  const from = dice.pick([...LOCALITIES.filter(each => each !== ''), 'eu-west/*', '*', 'eu-west/zone1/*']);
  const to = dice.pick([
    { '*': 100 }, { 'eu-west/*': 70, 'us-east/*': 30 }, { 'eu-west/zone1/*': 80, 'us-east/zone1': 20 }, {
      'eu-west/zone1/rack1': 51,
      'eu-west/zone2': 49,
    },
  ]);
  return [{ from, to }];
}

function clientTls(dice: Dice): Fields {
  const names = dice.fields(0.3, { sni: () => 'sni.example.com', subjectAltNames: () => ['one.example.com', 'two.example.com'] });
  switch (dice.pick(['DISABLE', 'SIMPLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'])) {
    case 'SIMPLE': return { mode: 'SIMPLE', ...authorities(dice, names) };
    case 'MUTUAL': return dice.chance(0.4) ? { mode: 'MUTUAL', credentialName: 'cert', ...names }
      : { mode: 'MUTUAL', clientCertificate: '/c.pem', privateKey: '/k.pem', ...authorities(dice, names, false) };
    case 'ISTIO_MUTUAL': return { mode: 'ISTIO_MUTUAL', ...names };
    default: return { mode: 'DISABLE' };
  }
}

function authorities(dice: Dice, names: Fields, mayNameCredentials = true): Fields {
  if (dice.chance(0.15)) return { insecureSkipVerify: true, ...(names.sni ? { sni: names.sni } : {}) };
  if (mayNameCredentials && dice.chance(0.3)) return { credentialName: dice.pick(['cert', 'kubernetes://cert']), ...names };
  return { ...names, ...dice.fields(0.3, { caCertificates: () => '/ca.pem', caCrl: () => '/crl.pem' }) };
}
