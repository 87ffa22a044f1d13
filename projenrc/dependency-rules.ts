import { CONSTRUCT_LAYERS, LAYERS, ROOMS } from './layers';

/** The folder of a layer; `imports` is next to `src`. */
const folderOf = (layer: string) => (layer === 'imports' ? 'imports' : `src/${layer}`);

/** A regex for all paths below these folders. */
const below = (folders: readonly string[]) => `^(${folders.join('|')})/`;

/** Forbids a folder to import from the project, except from itself and the allowed folders. */
const onlyFrom = (folder: string, allowed: readonly string[]) => ({
  from: { path: below([folder]) },
  to: { path: below(['src', 'imports', 'projenrc', ...Object.keys(ROOMS)]), pathNot: below([folder, ...allowed]) },
});

/** The configuration of dependency-cruiser, which also checks type imports. */
export const DEPENDENCY_RULES = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Files that import each other in a circle, values or types, cannot be read or changed separately.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(LAYERS).map(([layer, allowed]) => ({
      name: `layer-${layer.replace('/', '-')}`,
      comment: `projenrc/layers.ts: ${layer} may import ${allowed.join(', ') || 'no other layer'}.`,
      severity: 'error',
      ...onlyFrom(folderOf(layer), allowed.map(folderOf)),
    })),
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `room-${room}`,
      comment: `projenrc/layers.ts: ${room} may import from ${allowed.join(', ')}.`,
      severity: 'error',
      ...onlyFrom(room, allowed),
    })),
    {
      name: 'plain-data',
      comment: `Only ${CONSTRUCT_LAYERS.join(', ')} may import cdk8s and constructs.`,
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/index\\.ts$', below(CONSTRUCT_LAYERS.map(folderOf))] },
      to: { path: '^node_modules/(cdk8s|constructs)/' },
    },
    {
      name: 'imports-are-types',
      comment: 'The package does not contain imports/, so sources may use its types only.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^imports/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolved',
      comment:
        'An import that cannot be resolved escapes the other rules. The name of the package means src, which every other folder may import.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^cdk8s-istio(/|$)' },
    },
    {
      name: 'no-own-name',
      comment: 'Files in src import each other by path.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^cdk8s-istio(/|$)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'test/tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^conformance/\\.cache/' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.cjs', '.js'] },
  },
};
