import type { KubernetesObject } from '../manifest/kubernetes-object';
import { readValue } from '../manifest/shape';

const ISTIO_OPERATOR = { spec: { meshConfig: 'anything', values: { meshConfig: 'anything' } } } as const;

type Fields = { readonly [field: string]: unknown };

/**
 * The MeshConfig of an IstioOperator: `spec.values.meshConfig` with `spec.meshConfig` merged over it field by field, as `istioctl install`
 * does. Undefined if it has none.
 */
export function operatorMeshConfig(operator: KubernetesObject): unknown {
  const { meshConfig, values } = readValue(ISTIO_OPERATOR, operator)?.spec ?? {};
  return merged(values?.meshConfig, meshConfig);
}

function merged(under: unknown, over: unknown): unknown {
  if (over === undefined) return under;
  if (!isObject(under) || !isObject(over)) return over;
  return { ...under, ...Object.fromEntries(Object.entries(over).map(([field, value]) => [field, merged(under[field], value)])) };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
