/**
 * The versions against which everything here is checked. Only `npm run bump` writes them. Go's module files and generated files repeat
 * them, because their tools require it; a test compares them.
 */
export const PINS = {
  /** The release of Istio that `istio.io/istio` belongs to. */
  istio: '1.31',
  /** Istio's own module: istiod's translator, admission and analyzers. */
  istioModule: 'v0.0.0-20260827124520-eed52ebb66ad',
  /** The module of Istio's API: the CRDs. */
  apiModule: 'v1.31.1',
  /** The release of Envoy that requests are sent through. */
  envoy: '1.40.0',
} as const;
