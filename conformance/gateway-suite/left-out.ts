/** Tests of the Gateway API project that the simulator does not judge, and why. */
export const LEFT_OUT_TESTS: { readonly [test: string]: string } = {
  HTTPRouteBackendProtocolWebSocket: 'the upgrade of a connection',
  HTTPRouteHTTPSListenerDetectMisdirectedRequests: 'Istio does not support the feature, and skips the test itself',
  HTTPRouteRetry: 'how often a backend is called',
  MeshFrontendHostname: 'a sidecar selects routes by the Host header, not by the address of the Service',
};

/** Tests that send no request. Their conditions are among those of istiod's own tests. */
export const STATUS_TESTS: readonly string[] = [
  'HTTPRouteDisallowedKind', 'HTTPRouteInvalidCrossNamespaceParentRef', 'HTTPRouteInvalidParentRefNotMatchingListenerPort',
  'HTTPRouteInvalidParentRefNotMatchingSectionName', 'HTTPRouteInvalidParentRefSectionNameNotMatchingPort', 'HTTPRouteObservedGenerationBump',
];

/** Requests of other tests that the simulator does not judge, and why. */
export const LEFT_OUT_REQUESTS: { readonly [request: string]: string } = {
  'HTTPRouteServiceTypes 0': 'the endpoints are addresses of pods, which the test finds in the cluster',
  'HTTPRouteServiceTypes 1': 'the endpoints are addresses of pods, which the test finds in the cluster',
  'MeshFrontend 1': 'the request goes to the address of a pod, which the test finds in the cluster',
};

/** Why a request is not judged; undefined for one that is. */
export function leftOutRequest(test: string, place: number): string | undefined {
  return LEFT_OUT_TESTS[test] ?? LEFT_OUT_REQUESTS[`${test} ${place}`];
}
