/** A mistake in a request or in manifests, which HTTP or Envoy would reject. It is not a bug in the simulator. */
export class Refusal extends Error {}
