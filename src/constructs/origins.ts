import type { IConstruct } from 'constructs';
import { recordOrigins } from '../plan/collect/origins';

/**
 * Where manifests come from.
 */
export class Origins {
  /**
   * Adds to every manifest the annotation `cdk8s-istio/origin`: JSON that names the construct paths behind each route and behind the policies.
   * Off unless called.
   *
   * @param scope the App, or any construct of it.
   */
  public static record(scope: IConstruct): void {
    recordOrigins(scope);
  }

  private constructor() {}
}
