import { Construct } from 'constructs';
import { accessOf } from './access-target';
import type { Caller } from './caller';
import type { IOwnedService } from './traffic-target';
import type { WorkloadFacts } from '../plan/model/access';
import { accepted } from '../traffic/accepted';
import { accessPath, accessPathsProblem, methodsProblem } from '../traffic/access-operation';
import { MutualTlsMode } from '../traffic/mutual-tls-mode';
import { fail, refuse } from '../traffic/problem';
import type { StringMatch } from '../traffic/string-match';

/**
 * Properties of a WorkloadAccess.
 */
export interface WorkloadAccessProps {
  /**
   * The called service: a MeshService, or an EgressGateway, to set who may leave the mesh through it. The selector of a MeshService is
   * required: use MeshService.fromService(), or set `selector`.
   */
  readonly service: IOwnedService;
  /**
   * Whether callers must use mutual TLS.
   * @default - the mode of the namespace, else of the mesh, else PERMISSIVE
   */
  readonly mode?: MutualTlsMode;
  /**
   * The allowed callers. As soon as one caller is allowed, all others get 403 on every port of the pods, or a closed connection where Envoy
   * sees no requests. Callers that other WorkloadAccess constructs of the service allow may call too.
   * @default - this WorkloadAccess allows no callers
   */
  readonly callers?: Caller[];
  /**
   * The methods that these callers may use. Only for HTTP ports.
   * @default - every method
   */
  readonly methods?: string[];
  /**
   * The paths that these callers may use, without query, as the pods receive them: `exact` or `prefix`. Only for HTTP ports.
   * @default - every path
   */
  readonly paths?: StringMatch[];
  /**
   * The ports of the service that this WorkloadAccess applies to, including its mode.
   * @default - every port
   */
  readonly ports?: number[];
}

/**
 * Sets who may call a service, and whether with mutual TLS. The sidecars of its pods enforce it. All WorkloadAccess constructs of a service
 * become one PeerAuthentication and one AuthorizationPolicy with the name of the service. Their callers are combined.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export class WorkloadAccess extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadAccessProps) {
    super(scope, id);
    [props] = accepted('WorkloadAccess', [props], this);
    const { service, mode, callers, methods, paths, ports } = props;
    const access = accessOf(this, service);
    if (mode === undefined && callers === undefined) fail(this, 'mode and callers are both missing; set at least one');
    if (ports?.length === 0) fail(this, 'ports is an empty list, which matches nothing; add a port, or omit it to use all');
    if (callers === undefined && (methods || paths)) {
      fail(this, `${methods ? 'methods' : 'paths'} is set without callers; set the callers that may use them`);
    }
    refuse(this, callers?.length === 0 ? 'callers is an empty list, which allows no caller; '
      + 'add a caller, or set denyByDefault in an AccessPolicy' : undefined,
    ...(callers ?? []).map(caller => caller._problem()), methods && methodsProblem(methods), paths && accessPathsProblem(paths));
    if (methods || paths) this.requireHttp(service, ports);
    if (access.facts.isGateway) this.refuseAtGateway(props, access.facts);
    const sources = callers?.map(caller => caller._source(service.namespace)) ?? [];
    if (sources.length > 1 && sources.includes(undefined)) {
      fail(this, 'callers contains Caller.anyone(), which includes all others; remove the others');
    }
    const known = sources.filter(source => source !== undefined);
    if (mode === MutualTlsMode.DISABLE && known.length > 0) {
      fail(this, 'mode is DISABLE, and callers are identified only by mutual TLS; use STRICT or PERMISSIVE, or allow Caller.anyone()');
    }
    if (mode) access.addMode(this.node.path, ports, mode);
    if (callers === undefined) return;
    access.addRule({
      path: this.node.path,
      from: known.length === 0 ? undefined : {
        principals: known.flatMap(source => source.principals ?? []),
        namespaces: known.flatMap(source => source.namespaces ?? []),
      },
      admitsGateways: callers.some(caller => caller._isGateway),
      ports,
      methods,
      paths: paths?.map(accessPath),
    });
  }

  /** What Istio does not support for the pods of a gateway. */
  private refuseAtGateway({ mode, ports, callers = [] }: WorkloadAccessProps, { name, namespace }: WorkloadFacts): void {
    if (mode !== undefined) {
      fail(this, `mode is set for the egress gateway '${name}', where Istio has no PeerAuthentication; `
        + 'set `mutualTls` of the EgressGateway');
    }
    if (ports !== undefined) {
      fail(this, `ports is set for the egress gateway '${name}', whose container ports are unknown; omit it`);
    }
    const local = callers.find(caller => JSON.stringify(caller._source(namespace)) !== JSON.stringify(caller._source(`not-${namespace}`)));
    if (local) {
      fail(this, `a Caller.serviceAccount() has no namespace, and that of the egress gateway '${name}' is '${namespace}'; `
        + 'set the namespace of the caller');
    }
  }

  /** On a port where Envoy sees no requests, Istio omits a rule about requests, and no caller is allowed. */
  private requireHttp(service: IOwnedService, ports: readonly number[] | undefined): void {
    const lost = ports?.find(port => !service.httpPorts.includes(port));
    if (lost === undefined && service.httpPorts.length > 0) return;
    fail(this, 'methods and paths apply only to HTTP ports, '
      + `and ${lost === undefined ? `'${service.host}' has none` : `port ${lost} is not one`}; `
      + `use ${service.httpPorts.length > 0 ? `one of ${service.httpPorts.join(', ')}` : 'an HTTP port'}, or omit methods and paths`);
  }
}
