/** What HTTP or Envoy would refuse: a mistake in a request or in manifests, not one of the simulator. */
export class Refusal extends Error {}
