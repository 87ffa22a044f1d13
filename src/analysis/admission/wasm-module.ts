import { portProblem } from './values';
import type { Objection, Verdict } from './verdict';
import type { TrafficSelector, VmConfig } from '../../manifest/istio-specs.generated';
import { parseGoUrl } from '../../traffic/go-url';

const SCHEMES = ['', 'file', 'http', 'https', 'oci'];
const SHA256 = /^[a-f0-9]{64}$/;
const LONGEST_SECRET = 253;
const LONGEST_NAME = 256;

/** The fields that a WasmPlugin and a TrafficExtension state of a module. */
interface WasmModule {
  readonly url?: string;
  readonly sha256?: string;
  readonly imagePullSecret?: string;
  readonly pluginName?: string;
  readonly vmConfig?: VmConfig;
}

/** What is wrong with the URL of a module. One without a scheme is that of an OCI image. */
export function wasmUrlProblem(url: string): Objection {
  if (url === '') return ['is empty', 'write the URL of the module'];
  const isAbsolute = parseGoUrl(url, true) !== undefined;
  const full = isAbsolute ? url : `http://${url}`;
  const read = parseGoUrl(full, true) && parseGoUrl(full);
  if (read === undefined) return [`is '${url}', which is not a valid URL`, 'write a URL, such as oci://registry/module:1.0'];
  return SCHEMES.includes(read.scheme) ? undefined : [`is '${url}', which has an unsupported scheme`, 'use oci, https, http or file'];
}

function longerThan(most: number, value: string): Objection {
  return Buffer.byteLength(value) > most ? [`has ${value.length} characters`, `use at most ${most}`] : undefined;
}

function checkEnvironment(verdict: Verdict, { env = [] }: VmConfig, path: string): void {
  const names = new Set<string>();
  env.forEach(({ name = '', value = '', valueFrom = 'INLINE' }, i) => {
    const at = `${path}.env[${i}]`;
    if (name === '') verdict.error(`${at}.name`, ['is empty', 'name the variable']);
    verdict.error(`${at}.name`, longerThan(LONGEST_NAME, name));
    if (names.has(name)) verdict.error(at, [`repeats '${name}'`, 'set each variable once']);
    names.add(name);
    if (valueFrom !== 'INLINE' && value !== '') verdict.error(at, [`has a value with valueFrom ${valueFrom}`, 'remove the value']);
  });
}

/** Checks the module of a WasmPlugin or of a TrafficExtension. */
export function checkWasmModule(verdict: Verdict, { url = '', sha256 = '', imagePullSecret = '', pluginName = '', vmConfig }: WasmModule,
  path: string): void {
  verdict.error(`${path}.url`, wasmUrlProblem(url));
  if (sha256 !== '' && !SHA256.test(sha256)) {
    verdict.error(`${path}.sha256`, [`is '${sha256}', which is not a SHA-256 checksum`, 'write 64 hexadecimal digits in lower case']);
  }
  verdict.error(`${path}.imagePullSecret`, longerThan(LONGEST_SECRET, imagePullSecret));
  verdict.error(`${path}.pluginName`, longerThan(LONGEST_NAME, pluginName));
  if (vmConfig !== undefined) checkEnvironment(verdict, vmConfig, `${path}.vmConfig`);
}

/** Checks the traffic that passes an extension. */
export function checkTrafficSelectors(verdict: Verdict, selectors: readonly TrafficSelector[] = []): void {
  selectors.forEach(({ ports = [] }, i) => {
    ports.forEach(({ number }, j) => verdict.error(`spec.match[${i}].ports[${j}].number`, portProblem(number)));
  });
}
