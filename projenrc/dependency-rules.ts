import { CONSTRUCT_LAYERS, KNOWN_CIRCLES, LAYERS, ROOMS } from './layers';

/** The folder of a layer: `imports` lies beside the sources. */
const folderOf = (layer: string) => (layer === 'imports' ? 'imports' : `src/${layer}`);

/** A regex of all paths below some folders. */
const below = (folders: readonly string[]) => `^(${folders.join('|')})/`;

/** What a folder may not import of the project: everything but itself, and what it names. */
const onlyFrom = (folder: string, allowed: readonly string[]) => ({
  from: { path: below([folder]) },
  to: { path: below(['src', 'imports', 'projenrc', ...Object.keys(ROOMS)]), pathNot: below([folder, ...allowed]) },
});

/** The configuration of dependency-cruiser, which sees imports of types too. */
export const DEPENDENCY_RULES = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Files that import each other in a circle, by values or by types, are one thing in several files, or know too much of each other.',
      severity: 'error',
      from: { pathNot: KNOWN_CIRCLES.flat().map(file => `^${file.replace(/\./g, '\\.')}$`) },
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
      comment: `Only ${CONSTRUCT_LAYERS.join(', ')} know cdk8s and constructs.`,
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/index\\.ts$', below(CONSTRUCT_LAYERS.map(folderOf))] },
      to: { path: '^node_modules/(cdk8s|constructs)/' },
    },
    {
      name: 'imports-are-types',
      comment: 'What cdk8s import generates is not packed, so that only its types can be used.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^imports/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that is not found cannot be judged. The package\'s own name stands for src, which every folder beside it may import.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^cdk8s-istio(/|$)' },
    },
    {
      name: 'no-own-name',
      comment: 'Sources import each other by their paths.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^cdk8s-istio(/|$)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'test/tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.cjs', '.js'] },
  },
};
