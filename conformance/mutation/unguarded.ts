const READ_ONLY = (test: string) => `only reads what istiod sends; guarded by ${test}`;
const NOTE = (test: string) => `writes notes, which are not compared with istiod; guarded by ${test}`;
const LEFT_OUT = 'writes what the comparison omits, because it changes no routing; guarded by test/envoy/translator.test.ts';
const OLDER = 'applies to older versions of Istio, and the fuzzer asks the pinned istiod; guarded by test/envoy/istio-versions.test.ts';
const ANALYSIS = (test: string) => `is called by the analysis, not by the translation; guarded by ${test}`;
const CALLS = (test: string) => `is called by the simulator, to find the pods that get a call and who may call; guarded by ${test}`;
const PODS = 'is about what the light harness of istiod leaves out; guarded by test/envoy/service-registry.test.ts';
const EDGE = 'finds what is not read; guarded by test/edge/reach.test.ts';

/** Functions of the translator in which the fuzzer notices no mistake, by name, with the reason. */
export const UNGUARDED: { readonly [where: string]: string } = {
  'parseClusterName': READ_ONLY('test/simulator/outcomes.test.ts'),
  'DENOMINATORS': READ_ONLY('test/simulator/outcomes.test.ts'),
  'percentOf': READ_ONLY('test/simulator/outcomes.test.ts'),
  'milliseconds': READ_ONLY('test/simulator/load.test.ts'),
  'tcpProxyOf': READ_ONLY('test/simulator/connections.test.ts'),
  'redirectStatus': READ_ONLY('test/simulator/redirects.test.ts'),
  'ClusterNotes.ofNothingToLookUp': NOTE('test/envoy/destination-rules.test.ts'),
  'ClusterNotes.ofLabelsInSeveralLocalities': NOTE('test/envoy/destination-rules.test.ts'),
  'ClusterNotes.ofTls': NOTE('test/envoy/destination-rules.test.ts'),
  'ClusterNotes.tell': NOTE('test/envoy/destination-rules.test.ts'),
  'BREAKS': NOTE('test/envoy/translator.test.ts'),
  'breaksIstiod': NOTE('test/envoy/translator.test.ts'),
  'Merging.skip': NOTE('test/envoy/translator.test.ts'),
  'METADATA_EXCHANGE': LEFT_OUT,
  'HTTP_INSPECTOR': LEFT_OUT,
  'metadataOf': LEFT_OUT,
  'isChecked': EDGE,
  'unreadMeshConfig': EDGE,
  'READ': EDGE,
  'isProxyConfigRead': EDGE,
  'ENVOY_STATUS': 'is a table of names, and generated cases contain only a few of them; guarded by test/envoy/status-code.test.ts',
  'PROXY_PROTOCOL': 'is tried with calls through a balancer in conformance/access-requests; guarded by test/jest/access.test.ts',
  'kept': 'is compared in conformance/requests; guarded by test/envoy/accepted-requests.test.ts',
  'asOlder': OLDER,
  'withoutPanic': OLDER,
  'clustersAt': ANALYSIS('test/analysis/sent-clusters.test.ts'),
  'PeerAuthentications.decidingFor': ANALYSIS('test/analysis/cases.test.ts'),
  'Translator.endpointsOf': 'is called to find other ways to the pods of a target; guarded by test/invariants/other-ways.test.ts',
  'localityPreference': 'tells what EDS delivers, which is not compared with istiod; guarded by test/diff/localities.test.ts',
  'LOCAL': 'is rare in generated meshes; guarded by test/envoy/trust-domains.test.ts',
  'GATEWAY_NAME': 'is for pods of the Gateway API, which are rare in generated meshes; guarded by test/envoy/authorization-policies.test.ts',
  'byPlace': 'orders what Envoy keeps in a map; guarded by test/envoy/authorization-policies.test.ts',
  'Translator.sidecarsOf': CALLS('test/invariants/always.test.ts'),
  'Translator.takersOf': CALLS('test/envoy/taking-pods.test.ts'),
  'Translator.takersAt': CALLS('test/diff/gateway-access.test.ts'),
  'Translator.identitiesOf': CALLS('test/patterns/access.test.ts'),
  'Translator.decidesAccess': CALLS('test/patterns/access.test.ts'),
  'Translator.lacksAuthorizer': CALLS('test/patterns/access.test.ts'),
  'AuthorizationPolicies.isEmpty': CALLS('test/patterns/access.test.ts'),
  'RequestAuthentications.isEmpty': CALLS('test/patterns/access.test.ts'),
  'PeerAuthentications.isEmpty': CALLS('test/patterns/access.test.ts'),
  'ServiceRegistry.identities': CALLS('test/patterns/access.test.ts'),
  'ServiceRegistry.workloadAt': CALLS('test/patterns/access.test.ts'),
  'podsAt': CALLS('test/patterns/access.test.ts'),
  'podsOfSelector': CALLS('test/envoy/taking-pods.test.ts'),
  'Gateways.areSelected': CALLS('test/patterns/access.test.ts'),
  'OF_GATEWAYS': CALLS('test/patterns/access.test.ts'),
  'MOST_PORT': 'applies to ports that admission rejects; guarded by test/envoy/inbound.test.ts',
  'INBOUND_PARTS': NOTE('test/envoy/inbound.test.ts'),
  'NO_ACCESS': 'is for outbound listeners of sidecars, which have no access filters; guarded by test/envoy/translator.test.ts',
  'entryPort': PODS,
  'MOST_PODS': PODS,
};
