/** The listener on which a waypoint takes tunnels. */
export const CONNECT_TERMINATE = 'connect_terminate';
/** The listener that routes what comes out of the tunnels, and its cluster. */
export const MAIN_INTERNAL = 'main_internal';
/** The listener that opens tunnels to pods, and its cluster. */
export const CONNECT_ORIGINATE = 'connect_originate';
/** The cluster of connections to addresses of pods. */
export const ENCAP = 'encap';
