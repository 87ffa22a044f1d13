import { checkTargets } from './policy-target';
import type { Verdict } from './verdict';
import { checkTrafficSelectors, checkWasmModule } from './wasm-module';
import type { WasmPluginSpec } from '../../manifest/istio-specs.generated';

/** Checks a WasmPlugin. */
export function checkWasmPlugin(verdict: Verdict, spec: WasmPluginSpec): void {
  checkTargets(verdict, spec);
  checkWasmModule(verdict, spec, 'spec');
  checkTrafficSelectors(verdict, spec.match);
}
