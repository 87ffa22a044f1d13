import type { Environment } from './environment';
import { meshConfigFor } from './mesh-config-file';
import type { MeshConfigFields } from '../../envoy/mesh-config';
import { Translator } from '../../envoy/translator';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** An environment with what translates it. */
export interface Translation {
  readonly objects: Environment['objects'];
  readonly meshConfig?: MeshConfigFields;
  readonly translator: Translator;
}

/** What translates an environment, as the options say. */
export function translationOf({ objects }: Environment, given: Arguments): Translation {
  const istioVersion = given.get('istio');
  if (istioVersion !== undefined && !/^\d+\.\d+(\.\d+)?$/.test(istioVersion)) throw new UsageError(`--istio: '${istioVersion}' is no version; write such as 1.22`);
  const meshConfig = meshConfigFor(objects, given.get('mesh-config'));
  const translator = new Translator(objects, { meshConfig, istioVersion, defaultNamespace: given.get('namespace') });
  return { objects, ...(meshConfig ? { meshConfig } : {}), translator };
}
