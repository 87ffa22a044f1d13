/** Where pods move to. */
export const TARGETS = ['ambient'] as const;
export type Target = typeof TARGETS[number];

/** What happens to a namespace that moves, in the order in which to deal with it: what opens a way stands first. */
export const STEPS = ['admits', 'refuses', 'reroutes', 'rebalances', 'idle'] as const;
export type Step = typeof STEPS[number];

/** A step as a heading. */
export const STEP_TITLES: { readonly [step in Step]: string } = {
  admits: 'What sidecars refuse or protect passes',
  refuses: 'What sidecars admit is refused',
  reroutes: 'Requests go elsewhere',
  rebalances: 'Connections are balanced, retried or protected otherwise',
  idle: 'Objects without effect',
};
