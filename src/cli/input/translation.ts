import type { Environment } from './environment';
import { meshConfigFor } from './mesh-config-file';
import { Translator } from '../../envoy/translator';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** What translates an environment, as the options say. */
export function translatorFor({ objects }: Environment, given: Arguments): Translator {
  const istioVersion = given.get('istio');
  if (istioVersion !== undefined && !/^\d+\.\d+(\.\d+)?$/.test(istioVersion)) throw new UsageError(`--istio: '${istioVersion}' is no version; write such as 1.22`);
  const meshConfig = meshConfigFor(objects, given.get('mesh-config'));
  return new Translator(objects, { meshConfig, istioVersion, defaultNamespace: given.get('namespace') });
}
