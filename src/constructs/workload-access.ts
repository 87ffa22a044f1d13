import { Construct } from 'constructs';
import { ruleOf, isStated, refuseLocalCallers, refuseUnknownPorts, requestFields } from './access-rule';
import type { AccessStatementProps } from './access-statement';
import { accessOf } from './access-target';
import type { IngressGateway } from './ingress-gateway';
import type { IOwnedService } from './traffic-target';
import type { AccessPlan } from '../plan/collect/access-plan';
import { ScopedAccessPlan } from '../plan/collect/scoped-access-plan';
import { acceptedArgument } from '../traffic/accepted';
import { MutualTlsMode } from '../traffic/mutual-tls-mode';
import { fail } from '../traffic/problem';

/**
 * Properties of a WorkloadAccess.
 */
export interface WorkloadAccessProps extends AccessStatementProps {
  /**
   * The called service: a MeshService, or an EgressGateway, to set who may leave the mesh through it. The selector of a MeshService is
   * required: use MeshService.fromService(), or set `selector`.
   * @default - required, unless `gateway` is set
   */
  readonly service?: IOwnedService;
  /**
   * The ingress gateway whose pods enforce the statement, instead of a service. The objects are rendered in the root namespace.
   * @default - required, unless `service` is set
   */
  readonly gateway?: IngressGateway;
  /**
   * Whether callers must use mutual TLS. Not for gateways.
   * @default - the mode of the namespace, else of the mesh, else PERMISSIVE
   */
  readonly mode?: MutualTlsMode;
  /**
   * The ports of the service that this WorkloadAccess applies to, including its mode. Not for gateways.
   * @default - every port; the HTTP ports, if an action other than allow has conditions on requests
   */
  readonly ports?: number[];
}

/**
 * Sets who may call a service or pass a gateway, and whether with mutual TLS. The proxies of its pods enforce it. All WorkloadAccess
 * constructs of a service become one PeerAuthentication, and one AuthorizationPolicy per action. It is an error if one statement
 * denies everything that another one allows, or if two statements ask different external authorizers.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export class WorkloadAccess extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadAccessProps) {
    super(scope, id);
    props = acceptedArgument('WorkloadAccess', props, this);
    const { service, gateway, mode } = props;
    if (props.dryRun === true && mode !== undefined) {
      fail(this, 'dryRun is set with mode, and Istio cannot try a mode; set the mode in another WorkloadAccess');
    }
    if ((service === undefined) === (gateway === undefined)) fail(this, 'service and gateway are both missing or both set; set one of them');
    if (mode === undefined && !isStated(props)) fail(this, 'mode and callers are both missing; set at least one');
    if (gateway) this.ofGateway(props, gateway);
    else this.ofService(props, service!, accessOf(this, service!));
  }

  private ofService(props: WorkloadAccessProps, service: IOwnedService, access: AccessPlan): void {
    const { mode, ports } = props;
    const { facts } = access;
    if (ports?.length === 0) fail(this, 'ports is an empty list, which matches nothing; add a port, or omit it to use all');
    const rule = isStated(props)
      ? ruleOf(this, props, { namespace: service.namespace, isGateway: facts.isGateway }) : undefined;
    const ofRequests = requestFields(props);
    if (ofRequests.length > 0) this.requireHttp(service, ports, ofRequests);
    if (facts.isGateway) this.refuseAtGateway(props, `the egress gateway '${facts.name}'`, facts.namespace, 'set `mutualTls` of the EgressGateway');
    else if (props.containerPorts) fail(this, 'containerPorts is set for a service; set ports');
    if (mode === MutualTlsMode.DISABLE && (rule?.terms.callers ?? rule?.except.callers)) {
      fail(this, 'mode is DISABLE, and callers are identified only by mutual TLS; use STRICT or PERMISSIVE, or allow Caller.anyone()');
    }
    if (mode) access.addMode(this.node.path, ports, mode);
    if (!rule) return;
    // Where Envoy sees no requests, Istio omits conditions on them, so the rest of the rule would take every connection.
    const isLimited = ofRequests.length > 0 && rule.action !== 'ALLOW' && !facts.isGateway;
    access.addRule({ ...rule, ports: ports ?? (isLimited ? service.httpPorts : undefined) });
  }

  private ofGateway(props: WorkloadAccessProps, gateway: IngressGateway): void {
    this.refuseAtGateway(props, `the ingress gateway '${gateway.gatewayName}'`, undefined, 'use Listener.mutualHttps()');
    const rule = ruleOf(this, props, { namespace: gateway.namespace, isGateway: true });
    if ((rule.terms.callers ?? rule.except.callers) && !gateway._workload.facts.listeners.some(listener => listener._verifiesClients)) {
      fail(this, `callers are identified by client certificates, which no listener of the ingress gateway '${gateway.gatewayName}' asks for; `
        + 'use Listener.mutualHttps(), or Caller.anyone() with other conditions');
    }
    ScopedAccessPlan.of(this, gateway._pods(this)).addRule(this, rule, undefined);
  }

  /** What Istio does not support for the pods of a gateway. */
  private refuseAtGateway(props: WorkloadAccessProps, what: string, namespace: string | undefined, repair: string): void {
    if (props.mode !== undefined) fail(this, `mode is set for ${what}, where Istio has no PeerAuthentication; ${repair}`);
    if (props.ports !== undefined) fail(this, `ports is set for ${what}, which has no ports of a service; use containerPorts`);
    refuseUnknownPorts(this, props);
    refuseLocalCallers(this, props, what, namespace);
  }

  /** On a port where Envoy sees no requests, Istio omits a rule that allows requests, and no caller is allowed. */
  private requireHttp(service: IOwnedService, ports: readonly number[] | undefined, fields: readonly string[]): void {
    const lost = ports?.find(port => !service.httpPorts.includes(port));
    if (lost === undefined && service.httpPorts.length > 0) return;
    const what = fields.every(field => ['methods', 'paths'].includes(field)) ? 'methods and paths' : fields.join(' and ');
    fail(this, `${what} ${fields.length === 1 && what === fields[0] ? 'applies' : 'apply'} only to HTTP ports, `
      + `and ${lost === undefined ? `'${service.host}' has none` : `port ${lost} is not one`}; `
      + `use ${service.httpPorts.length > 0 ? `one of ${service.httpPorts.join(', ')}` : 'an HTTP port'}, or omit ${what}`);
  }
}
