/** Imports go one way: each layer of src lists the only layers that it may import. ARCHITECTURE.md describes them. */
export const LAYERS: { readonly [layer: string]: readonly string[] } = {
  'environments': ['constructs', 'plan/collect', 'cluster', 'manifest', 'traffic'],
  'cdktf': ['traffic'],
  'constructs': ['plan/collect', 'plan/model', 'traffic'],
  'plan/collect': ['plan/compile', 'plan/render', 'plan/model', 'manifest', 'traffic'],
  'plan/compile': ['plan/model', 'manifest', 'traffic'],
  'plan/render': ['plan/model', 'manifest', 'traffic', 'imports'],
  'plan/model': ['manifest', 'traffic'],
  'envoy': ['gateway-api', 'manifest', 'traffic'],
  'gateway-api': ['manifest', 'traffic'],
  'manifest': ['traffic'],
  'traffic': [],

  'cli': ['adopt', 'analysis', 'cluster', 'diff', 'holes', 'invariants', 'graph', 'simulator', 'proof', 'edge', 'envoy', 'gateway-api', 'manifest', 'traffic'],
  'adopt': ['constructs', 'simulator', 'diff', 'proof', 'edge', 'manifest', 'traffic'],
  'holes': ['invariants', 'simulator', 'diff', 'proof', 'edge', 'envoy', 'manifest'],
  'invariants': ['simulator', 'diff', 'proof', 'edge', 'envoy', 'manifest', 'traffic'],
  'graph': ['simulator', 'diff', 'edge', 'envoy', 'manifest', 'traffic'],
  'diff': ['proof', 'envoy', 'gateway-api', 'manifest', 'traffic'],
  'proof': ['envoy', 'manifest', 'traffic'],
  'validation': ['checks'],
  'checks': ['analysis', 'cluster', 'manifest', 'plan/collect', 'traffic'],
  'analysis': ['cluster', 'edge', 'proof', 'envoy', 'gateway-api', 'manifest', 'traffic'],

  'jest': ['invariants', 'simulator'],
  'simulator': ['cluster', 'edge', 'envoy', 'manifest', 'traffic'],

  'cluster': ['envoy', 'manifest', 'traffic'],
  'edge': ['envoy', 'gateway-api', 'manifest', 'traffic'],
};

/** The other folders, in the same way. Nothing imports a test. */
export const ROOMS: { readonly [room: string]: readonly string[] } = {
  examples: ['src'],
  templates: ['src'],
  conformance: ['examples', 'src'],
  scripts: ['conformance', 'src'],
  bench: ['conformance', 'src'],
  test: ['conformance', 'examples', 'projenrc', 'scripts', 'src', 'templates'],
};

/** The layers that may import cdk8s and constructs. `traffic` uses the Duration of cdk8s, and the path of a construct in errors. */
export const CONSTRUCT_LAYERS: readonly string[] = ['adopt', 'environments', 'cdktf', 'constructs', 'plan/collect', 'checks', 'traffic'];
