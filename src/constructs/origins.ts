import type { IConstruct } from 'constructs';
import { recordOrigins } from '../plan/collect/origins';
import { acceptedArgument } from '../traffic/accepted';

/**
 * Records which constructs a manifest comes from.
 */
export class Origins {
  /**
   * Adds the annotation `cdk8s-istio/origin` to every manifest: JSON with the paths of the constructs that each route and the policies come
   * from. Off by default.
   *
   * @param scope the App, or any construct in it.
   */
  public static record(scope: IConstruct): void {
    recordOrigins(acceptedArgument('Origins.record', scope));
  }

  private constructor() {}
}
