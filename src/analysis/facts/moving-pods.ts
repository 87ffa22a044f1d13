import { gatewayApiNameOf } from './gateway-api-pods';
import { gatewayPods } from './gateways';
import type { PodPolicy } from './policy-pods';
import { namesTarget, scopeOf, selectorOf } from './policy-pods';
import type { Workload } from './workloads';
import { hasNoSidecar, isIstiosOwn } from './workloads';
import type { Labels } from '../../manifest/labels';
import type { Absent } from '../absence';
import type { TrafficIndex } from '../traffic-index';

/** Pods that move to ambient mode, and whom an object concerns. */
export interface Moving {
  /** Their namespace. */
  readonly where: string;
  readonly pods: readonly Workload[];
  /** What the input lacks if it does not show the pods. */
  readonly absent?: Absent;
}

/** Whether pods can move: those of applications in the mesh. Gateways and waypoints keep their proxy. */
export function canMove(pod: Workload, index: TrafficIndex): boolean {
  return !isIstiosOwn(pod) && !hasNoSidecar(pod) && !gatewayPods(index).has(pod) && gatewayApiNameOf(pod) === undefined;
}

/** The pods that a selector takes and that can move, of a namespace or of all; undefined if it takes none of them. */
export function movingPods(selector: Labels, namespace: string | undefined, index: TrafficIndex): Moving | undefined {
  const selected = index.workloads.selectedBy(selector, namespace);
  const pods = selected.filter(pod => canMove(pod, index));
  if (pods.length > 0) return { where: pods[0].namespace, pods };
  const showsPods = selected.length > 0 || namespace === undefined || index.workloads.in(namespace).length > 0;
  return showsPods || index.isComplete ? undefined : { where: namespace, pods, absent: { kind: 'pods', namespace } };
}

/** The pods that a policy without targets applies to and that can move. */
export function movingPodsOf(policy: PodPolicy, index: TrafficIndex): Moving | undefined {
  return namesTarget(policy) ? undefined : movingPods(selectorOf(policy), scopeOf(policy, index), index);
}
