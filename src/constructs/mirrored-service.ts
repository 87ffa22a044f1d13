import { Construct } from 'constructs';
import type { CellOptions } from './cells';
import { cellsOf } from './cells';
import { targetOf } from './statement';
import type { ITrafficService, ITrafficTarget } from './traffic-target';
import { ServicePlan } from '../plan/collect/service-plan';
import { percentProblem } from '../traffic/number';
import { refuse } from '../traffic/problem';

/**
 * Copies of requests for another version.
 */
export interface MirroredServiceProps extends CellOptions {
  /** The service whose requests are copied. */
  readonly service: ITrafficService;
  /** The version or service that gets the copies. Its answers are thrown away. */
  readonly mirror: ITrafficTarget;
  /**
   * The share of requests that is copied, in percent from 0 to 100.
   * @default 100
   */
  readonly percent?: number;
}

/**
 * A version that gets copies of requests and answers nobody. By default the requests of the split are copied, not those of dark launches,
 * and none that the mirror itself serves already. Since Istio 1.28 a copy keeps its Host header; before, `-shadow` was appended.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/mirroring/
 */
export class MirroredService extends Construct {
  constructor(scope: Construct, id: string, props: MirroredServiceProps) {
    super(scope, id);
    const plan = ServicePlan.of(props.service, this);
    const percent = props.percent ?? 100;
    refuse(this, percentProblem('percent', percent));
    const mirror = targetOf(plan, props.mirror);
    plan.addDecoration(this, {
      ...cellsOf(this, plan, props),
      slot: `mirror to ${mirror.subset === undefined ? mirror.host : `${mirror.host} ${mirror.subset}`}`,
      value: { mirror, percent },
      cells: 'split',
    });
  }
}
