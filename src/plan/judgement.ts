import { audienceProduct } from './audience-product';
import type { Exposure } from './host-plan';
import { hashErrors, policyErrors } from './policy-checks';
import type { Product } from './product';
import { darknessErrors, entryErrors, idleErrors, referenceErrors, sizeErrors } from './service-checks';
import type { ServicePlan } from './service-plan';

/** What all that is stated about a service comes to: the entries for each audience, and everything that is wrong with it as a whole. */
export interface Judgement {
  readonly mesh: Product;
  readonly exposed: ReadonlyMap<Exposure, Product>;
  readonly errors: readonly string[];
}

export function judgementOf(plan: ServicePlan): Judgement {
  const errors = referenceErrors(plan);
  errors.push(...policyErrors(plan));
  if (plan.connections) errors.push(...plan.connections.judge());
  const mesh = productFor(plan, undefined, errors);
  errors.push(...sizeErrors(`the VirtualService of '${plan.facts.host}'`, mesh.entries.length * plan.httpPorts.length));
  const exposed = plan.exposures.length === 0 ? NOWHERE : new Map(plan.exposures.map(exposure => [exposure, productFor(plan, exposure, errors)]));
  if (errors.length === 0) errors.push(...idleErrors(plan, exposure => (exposure ? exposed.get(exposure)! : mesh).entries));
  return { mesh, exposed, errors: errors.length === 0 ? errors : [...new Set(errors)] };
}

/** The product for an audience; what is wrong with it goes to `errors`. */
function productFor(plan: ServicePlan, exposure: Exposure | undefined, errors: string[]): Product {
  const product = audienceProduct(plan, exposure);
  const dark = plan.addresses(exposure?.host ?? 'mesh') ? darknessErrors(plan, product.entries) : [];
  for (const found of [product.errors, dark, entryErrors(product.entries), hashErrors(plan, product.entries)]) {
    if (found.length > 0) errors.push(...found.map(error => `${error} (${exposure ? `for the public host ${exposure.host.host}` : 'in the mesh'})`));
  }
  return product;
}

const NOWHERE: ReadonlyMap<Exposure, Product> = new Map();
