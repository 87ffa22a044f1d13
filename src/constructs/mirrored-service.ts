import { Construct } from 'constructs';
import type { CellOptions } from './cells';
import { cellsOf } from './cells';
import { targetOf } from './statement';
import type { IOwnedService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import type { Target } from '../plan/model/target';
import { acceptedArgument } from '../traffic/accepted';
import { percentProblem } from '../traffic/number';
import { refuse } from '../traffic/problem';

/**
 * Properties of a MirroredService.
 */
export interface MirroredServiceProps extends CellOptions {
  /** The service whose requests are copied. */
  readonly service: IOwnedService;
  /** The version or service that receives the copies. Its responses are discarded. */
  readonly mirror: ITrafficTarget;
  /**
   * The share of the requests that are copied, in percent from 0 to 100.
   * @default 100
   */
  readonly percent?: number;
}

/**
 * Copies requests to another version and discards its responses. By default, it copies the requests of the split, except those of dark
 * launches and those that the mirror itself serves. Since Istio 1.28, a copy keeps its Host header; before, `-shadow` was appended.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/mirroring/
 */
export class MirroredService extends Construct {
  constructor(scope: Construct, id: string, props: MirroredServiceProps) {
    super(scope, id);
    props = acceptedArgument('MirroredService', props, this);
    const plan = ServicePlan.of(props.service, this);
    const percent = props.percent ?? 100;
    refuse(this, percentProblem('percent', percent));
    const mirror = targetOf(plan, props.mirror);
    plan.addDecoration(this, {
      ...cellsOf(this, plan, props),
      slot: slotOf(mirror),
      value: { mirror, percent },
      cells: 'split',
    });
  }
}

/** Requests can have several mirrors, each once. */
function slotOf({ host, subset }: Target): string {
  return subset === undefined ? `mirror to ${host}` : `mirror to ${host} ${subset}`;
}
