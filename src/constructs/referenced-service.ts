import { Construct } from 'constructs';
import { hostOf, namespaceOf } from './service-address';
import type { ITrafficService } from './traffic-target';
import { dnsLabelProblem } from '../traffic/name';
import { refuse } from '../traffic/problem';
import { ServicePort, servicePortsProblem } from '../traffic/service-port';

/**
 * A reference to a Service that another program owns.
 */
export interface ServiceReference {
  /** The name of the Service. */
  readonly name: string;
  /**
   * The namespace of the Service.
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
  /** The port of the Service that requests or connections go to. */
  readonly port: number;
  /**
   * The DNS domain of the cluster.
   * @default - the domain of the MeshEnvironment, else cluster.local
   */
  readonly clusterDomain?: string;
}

/** A Service that another App or team describes: a target, and nothing more. */
export class ReferencedService extends Construct implements ITrafficService {
  public readonly host: string;
  /**
   * Not declared by `MeshService.fromName()`, so that TypeScript refuses it as the service of a policy. Other languages get the error of
   * the policy.
   */
  public readonly namespace: string;
  private readonly port: number;

  constructor(scope: Construct, id: string, reference: ServiceReference) {
    super(scope, id);
    refuse(this, dnsLabelProblem('name', reference.name), servicePortsProblem('port', [ServicePort.http(reference.port)]));
    this.namespace = namespaceOf(this, reference.name, reference.namespace);
    this.host = hostOf(this, reference.name, this.namespace, reference.clusterDomain);
    this.port = reference.port;
  }

  public get httpPorts(): number[] {
    return [this.port];
  }

  public get connectionPorts(): number[] {
    return [this.port];
  }
}
