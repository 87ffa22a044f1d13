import { checkTargets } from './policy-target';
import type { Verdict } from './verdict';
import { checkTrafficSelectors, checkWasmModule } from './wasm-module';
import type { TrafficExtensionSpec } from '../../manifest/istio-specs.generated';

const LONGEST_CODE = 65_536;

/** Checks a TrafficExtension. */
export function checkTrafficExtension(verdict: Verdict, spec: TrafficExtensionSpec): void {
  const { wasm, lua } = spec;
  if ((wasm === undefined) === (lua === undefined)) {
    verdict.error('spec', [`has ${wasm === undefined ? 'neither wasm nor lua' : 'wasm and lua'}`, 'set one of wasm and lua']);
  }
  checkTargets(verdict, spec);
  if (wasm !== undefined) checkWasmModule(verdict, wasm, 'spec.wasm');
  if (lua !== undefined) {
    const { inlineCode = '' } = lua;
    if (inlineCode === '') verdict.error('spec.lua.inlineCode', ['is empty', 'write the code']);
    const length = Buffer.byteLength(inlineCode);
    if (length > LONGEST_CODE) verdict.error('spec.lua.inlineCode', [`has ${length} bytes`, `use at most ${LONGEST_CODE}`]);
  }
  checkTrafficSelectors(verdict, spec.match);
}
