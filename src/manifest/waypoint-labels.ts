/** The label by which an object or a namespace chooses its waypoint, or `none`. */
export const USE_WAYPOINT = 'istio.io/use-waypoint';

/** The label with the namespace of that waypoint. */
export const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';
