import type { Deviation } from './deviation';

const patch = (applyTo: string, operation: string) => `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: web, namespace: shop }
spec: { configPatches: [{ applyTo: ${applyTo}, patch: { operation: ${operation}, value: { name: added } } }] }
`;

/** Deviations about policies and EnvoyFilters. */
export const POLICY_DEVIATIONS: readonly Deviation[] = [
  {
    id: 'routes-added-by-a-patch',
    reason: 'istiod applies ADD for HTTP_ROUTE: it appends the route.',
    missed: ['IST0153 EnvoyFilter shop/web'],
    added: [],
    manifests: patch('HTTP_ROUTE', 'ADD'),
  },
  {
    id: 'routes-removed-by-a-patch',
    reason: 'istiod applies REMOVE for HTTP_ROUTE.',
    missed: ['IST0154 EnvoyFilter shop/web'],
    added: [],
    manifests: patch('HTTP_ROUTE', 'REMOVE'),
  },
  {
    id: 'listener-filters-replaced-by-a-patch',
    reason: 'istiod applies REPLACE for LISTENER_FILTER.',
    missed: ['IST0152 EnvoyFilter shop/web'],
    added: [],
    manifests: patch('LISTENER_FILTER', 'REPLACE'),
  },
];
