import type { RouteAction } from './route';

/** The status of requests for a cluster that the proxy does not have. */
export function clusterNotFoundStatus({ clusterNotFoundResponseCode }: Pick<RouteAction, 'clusterNotFoundResponseCode'>): number {
  switch (clusterNotFoundResponseCode) {
    case 'INTERNAL_SERVER_ERROR': return 500;
    case 'NOT_FOUND': return 404;
    default: return 503;
  }
}
