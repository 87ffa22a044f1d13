/** Codes of istioctl and Kiali that no rule has, with the reason. */
export const LEFT_OUT: readonly { readonly codes: readonly string[]; readonly reason: string }[] = [
  { codes: ['IST0001'], reason: 'a failure of the tool itself; ours is `rule-failed`' },
  {
    codes: ['IST0102', 'IST0103', 'IST0123', 'IST0146', 'IST0147', 'IST0148'],
    reason: 'injection of proxies into pods, which does not concern traffic',
  },
  {
    codes: ['IST0107', 'IST0108', 'IST0125', 'IST0135', 'IST0136'],
    reason: 'annotations; the installed version of Istio knows which ones exist',
  },
  { codes: ['IST0126', 'IST0170'], reason: 'several clusters; one set of manifests describes one cluster' },
  { codes: ['KIA0107'], reason: 'service accounts of several clusters; one set of manifests describes one cluster' },
  {
    codes: ['KIA0102'],
    reason: 'methods: the rule `access-value-never-met` finds those that no request has; a method that Kiali does not know may be sent',
  },
  {
    codes: ['KIA0104'],
    reason: 'hosts of AuthorizationPolicies: Envoy compares them with the authority of each request, which a caller may set freely',
  },
  { codes: ['KIA1301'], reason: 'pods without an AuthorizationPolicy are open to all, which a mesh may intend' },
  {
    codes: ['IST0139', 'IST0141', 'IST0142', 'IST0156', 'IST0163', 'IST0164', 'IST0168', 'IST0169', 'IST0171', 'IST0172', 'IST0175'],
    reason: 'the installation, or the state of a live cluster',
  },
  { codes: ['IST0143', 'IST0158'], reason: 'what runs in live pods' },
  {
    codes: ['KIA1112', 'KIA1117'],
    reason: 'Telemetry in ambient mode without a waypoint or without targetRefs: it records requests, and decides about none',
  },
  {
    codes: ['KIA1311'],
    reason: 'labels of both modes on a namespace or its pods: the CNI plugin leaves pods with an injected sidecar out of ambient mode',
  },
  {
    codes: ['KIA1312'],
    reason: 'a waypoint for pods outside of ambient mode: ztunnel calls the waypoint of a Service whatever the mode of its pods',
  },
  {
    codes: ['KIA1313'],
    reason: 'pods without the waypoint that their label or that of their namespace names: `waypoint-not-used` reads labels of Services '
      + 'and ServiceEntries alone',
  },
  { codes: ['KIA1314', 'KIA1315', 'KIA1316'], reason: 'sidecars and redirection of live pods' },
  {
    codes: ['KIA0205', 'KIA0206', 'KIA0401', 'KIA0501', 'KIA0505', 'KIA0506'],
    reason: 'DestinationRules for mutual TLS; a mesh with automatic mutual TLS (the default) needs none',
  },
  { codes: ['KIA1108'], reason: 'found as `warned-by-admission`, because istiod itself warns' },
  { codes: ['KIA1201'], reason: 'removed from Kiali' },
  {
    codes: ['KIA1501'],
    reason: 'Gateways with one hostname, port and protocol: each has its own pods, unless spec.addresses names one Service for both',
  },
  { codes: ['KIA1502'], reason: 'Gateways with one address: Istio lets them share a Service, and joins their listeners' },
  { codes: ['KIA1701', 'KIA1702'], reason: 'WorkloadGroups: how virtual machines register' },
];

const range = (prefix: string, ...parts: readonly (number | readonly [number, number])[]): string[] => parts.flatMap(part => {
  const [from, to] = typeof part === 'number' ? [part, part] : part;
  return Array.from({ length: to - from + 1 }, (_, i) => `${prefix}${String(from + i).padStart(4, '0')}`);
});

/** Every code of the pinned istioctl, and of Kiali 2.30. */
export const CODES: readonly string[] = [
  ...range('IST', 1, 2, [101, 103], [106, 112], 116, 118, 123, [125, 177]),
  ...range('KIA', [2, 5], 101, 102, [104, 110], [201, 212], 301, 302, 401, 501, 505, 506, 601, 602, 701, 1004, 1006, 1007, 1101, 1102,
    [1104, 1117], 1201, 1211, 1212, 1301),
  ...range('KIA', [1311, 1317], 1401, 1402, [1501, 1504], 1601, 1701, 1702),
];
