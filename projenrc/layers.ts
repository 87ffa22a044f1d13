/** Imports go one way: each layer of src names those that it may import, and may import no other. ARCHITECTURE.md says what each is. */
export const LAYERS: { readonly [layer: string]: readonly string[] } = {
  environments: ['constructs', 'plan', 'traffic'],
  cdktf: ['traffic'],
  constructs: ['plan', 'traffic'],
  plan: ['traffic', 'manifest', 'imports'],
  envoy: ['manifest', 'traffic'],
  manifest: ['traffic'],
  traffic: [],

  cli: ['analysis', 'diff', 'graph', 'simulator', 'envoy', 'manifest'],
  graph: ['diff', 'envoy', 'manifest', 'traffic'],
  diff: ['envoy', 'manifest', 'traffic'],
  validation: ['checks'],
  checks: ['analysis', 'manifest', 'plan', 'traffic'],
  analysis: ['envoy', 'manifest', 'traffic'],

  jest: ['simulator'],
  simulator: ['envoy', 'manifest', 'traffic'],
};

/** The folders beside src, in the same way. Nothing imports a test. */
export const ROOMS: { readonly [room: string]: readonly string[] } = {
  examples: ['src'],
  conformance: ['examples', 'src'],
  scripts: ['conformance', 'src'],
  bench: ['conformance', 'src'],
  test: ['conformance', 'examples', 'projenrc', 'scripts', 'src'],
};
