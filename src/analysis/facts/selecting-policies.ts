import type { HostPolicy } from './host-policies';
import type { Workloads } from './workloads';
import { ClueIndex } from '../../manifest/clue-index';
import { addToGroup } from '../../manifest/group-by';
import type { Labels } from '../../manifest/labels';
import { labelClues, selects } from '../../manifest/labels';

/** The DestinationRules of one namespace and host that select their callers, in Istio's order, by the labels that they select. */
export class SelectingPolicies {
  private readonly places = new Map<HostPolicy, number>();
  /** Finds those that select a pod by the pod's labels. */
  private readonly bySelector = new ClueIndex<HostPolicy>();
  private readonly byLabel = new Map<string, HostPolicy[]>();

  public constructor(private readonly all: readonly HostPolicy[]) {
    for (const [place, policy] of all.entries()) {
      const { selector = {} } = policy;
      this.places.set(policy, place);
      this.bySelector.add(policy, labelClues(selector).map(clue => [clue]));
      for (const [name, value] of Object.entries(selector)) addToGroup(this.byLabel, `${name}=${value}`, policy);
    }
  }

  public get first(): HostPolicy | undefined {
    return this.all.at(0);
  }

  /**
   * The first one that selects callers of another one, if it comes before it. Two have common callers if one selector includes the other,
   * or if a workload has the labels of both.
   */
  public firstWithCallersOf(own: HostPolicy, workloads: Workloads): HostPolicy | undefined {
    const { selector = {}, namespace } = own;
    const labels = [selector, ...workloads.selectedBy(selector, namespace).map(workload => workload.labels)];
    const found = [this.narrower(selector), ...labels.map(each => this.selecting(each))]
      .reduce((first, next) => (this.placeOf(next) < this.placeOf(first) ? next : first), own);
    return found === own ? undefined : found;
  }

  private selecting(labels: Labels): HostPolicy | undefined {
    return this.bySelector.first(labelClues(labels), ({ selector = {} }) => selects(selector, labels));
  }

  /** The first one whose selector includes all labels of a selector. */
  private narrower(selector: Labels): HostPolicy | undefined {
    const lists = Object.entries(selector).map(([name, value]) => this.byLabel.get(`${name}=${value}`) ?? []);
    const fewest = lists.reduce((a, b) => (b.length < a.length ? b : a), lists[0] ?? []);
    return fewest.find(other => selects(selector, other.selector));
  }

  private placeOf(policy: HostPolicy | undefined): number {
    return policy === undefined ? Infinity : this.places.get(policy)!;
  }
}
