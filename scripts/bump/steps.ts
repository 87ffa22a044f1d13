/** A program that generates something from the pins. */
export interface Step {
  readonly what: string;
  readonly script: string;
  readonly args?: readonly string[];
}

/** What is regenerated from the pins, in this order. */
export const STEPS: readonly Step[] = [
  { what: '`imports/` and the CRDs in it', script: 'scripts/imports.ts' },
  { what: '`src/manifest/crd-schemas.generated.ts`', script: 'scripts/schemas.ts' },
  { what: '`src/manifest/istio-specs.generated.ts`', script: 'scripts/specs.ts' },
  { what: '`src/cluster/mesh-config-fields.generated.ts`', script: 'scripts/mesh-config-fields.ts' },
  { what: '`conformance/goldens` and `conformance/admission.json`', script: 'conformance/main.ts', args: ['goldens', '--write'] },
  { what: '`src/envoy/refusals/constraints.generated.ts`', script: 'scripts/constraints.ts' },
  { what: '`docs/coverage.md`', script: 'scripts/coverage.ts' },
  { what: '`docs/findings.md`', script: 'scripts/findings.ts' },
  { what: 'this page', script: 'scripts/fidelity.ts' },
];

/** What is left to decide afterwards: the headings that the bump prints. */
export const UNDECIDED = {
  failed: 'Steps that failed; see their messages above',
  goldens: 'Goldens that differ; review each line (git diff), and document what matters to users',
  unclaimed: 'CRD fields without a line in conformance/fields; a match field first needs its row (ARCHITECTURE.md, "A new match field")',
  gone: 'Lines in conformance/fields whose field is gone; remove them',
  statements: 'Expectations of cases that this Istio does not meet',
  translations: 'What src/envoy translates differently; change it, with a row in istio-versions.ts for each difference of a release',
  release: 'Differences of another release',
  always: 'In any case: npm run typecheck, npm test, and npm run conformance -- full',
} as const;
