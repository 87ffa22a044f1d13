/** Imports go one way: each layer of src names those that it may import, and may import no other. ARCHITECTURE.md says what each is. */
export const LAYERS: { readonly [layer: string]: readonly string[] } = {
  environments: ['constructs', 'plan', 'traffic'],
  cdktf: ['traffic'],
  constructs: ['plan', 'traffic'],
  plan: ['traffic', 'manifest', 'imports'],
  envoy: ['manifest'],
  manifest: ['traffic'],
  traffic: [],

  cli: ['analysis', 'diff', 'graph', 'simulator', 'envoy', 'manifest'],
  graph: ['diff', 'envoy', 'manifest'],
  diff: ['envoy', 'manifest'],
  validation: ['checks'],
  checks: ['analysis', 'manifest', 'plan', 'traffic'],
  analysis: ['envoy', 'manifest', 'traffic'],

  jest: ['simulator'],
  simulator: ['envoy', 'manifest', 'traffic'],
};
