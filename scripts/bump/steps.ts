/** A program that makes something of the pins again. */
export interface Step {
  readonly what: string;
  readonly script: string;
  readonly args?: readonly string[];
}

/** What is made again of the pins, in this order. */
export const STEPS: readonly Step[] = [
  { what: '`imports/` and the CRDs in it', script: 'scripts/imports.ts' },
  { what: '`src/manifest/crd-schemas.generated.ts`', script: 'scripts/schemas.ts' },
  { what: '`src/manifest/istio-specs.generated.ts`', script: 'scripts/specs.ts' },
  { what: '`conformance/goldens` and `conformance/admission.json`', script: 'conformance/main.ts', args: ['goldens', '--write'] },
  { what: '`src/envoy/refusals/constraints.generated.ts`', script: 'scripts/constraints.ts' },
  { what: '`docs/coverage.md`', script: 'scripts/coverage.ts' },
  { what: '`docs/findings.md`', script: 'scripts/findings.ts' },
  { what: 'this page', script: 'scripts/fidelity.ts' },
];

/** What is left to decide afterwards, by the headings that the bump prints. */
export const UNDECIDED = {
  failed: 'Steps that failed; their messages stand above',
  goldens: 'Goldens that differ; review each line (git diff), and write what matters to users into the docs',
  unclaimed: 'Fields of the CRDs without a line in conformance/fields',
  gone: 'Lines in conformance/fields whose field is gone',
  statements: 'What cases state, and this Istio does not do',
  translations: 'What src/envoy translates in another way',
  release: 'For another release of Istio',
  always: 'In any case: npm test, and npm run conformance -- full',
} as const;
