import type { HttpConnectionManager } from './xds/http-connection-manager';
import type { JwtAuthentication } from './xds/jwt-authn';

/** Whether Envoy selects the route anew once the filter has verified a token, so that routes see its claims. */
export function clearsRouteCache({ providers = {} }: JwtAuthentication): boolean {
  return Object.values(providers).some(({ clearRouteCache }) => clearRouteCache === true);
}

/** Whether routes see the claims of tokens. */
export function routesSeeClaims({ httpFilters = [] }: HttpConnectionManager): boolean {
  return httpFilters.some(({ name, typedConfig }) => name === 'envoy.filters.http.jwt_authn' && clearsRouteCache(typedConfig));
}
