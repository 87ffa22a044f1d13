"""The environments of the coolstore (examples/environments), written in Python."""
from cdk8s import ApiObject, ApiObjectMetadata, Chart, Duration, JsonPatch
from cdk8s_istio import (
    CanaryRelease, CircuitBreakerPolicy, ConnectionPool, DarkLaunch, EgressPolicy, HttpMatch, IngressGateway, IngressGatewayProps, Listener,
    MeshEnvironment, MeshEnvironmentOptions, MeshEnvironments, MeshService, MirroredService, OutboundTrafficMode, OutlierDetection, PolicyScope,
    PublicHost, RequestPolicy, StringMatch, TrafficRoute,
)


class Coolstore(Chart):
    def __init__(self, scope, id):
        environment = MeshEnvironment.around(scope)
        super().__init__(scope, id, namespace=environment.namespace)
        workloads = Chart(scope, "workloads", namespace=environment.namespace)
        service = ApiObject(
            workloads, "catalog-service", api_version="v1", kind="Service", metadata=ApiObjectMetadata(name="catalog", labels={"app": "catalog"}),
        )
        service.add_json_patch(JsonPatch.add("/spec", {
            "selector": {"app": "catalog"}, "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": 3000}],
        }))
        catalog = MeshService.from_service(self, "Catalog", service)
        versions = [catalog.add_subset(version, labels={"version": version}) for version in environment.texts("versions")]
        stable, canary = versions[:2]

        gateway = IngressGateway(self, "Gateway", listeners=environment.gateway.listeners)
        catalog.expose_via(PublicHost(self, "CatalogHost", gateway=gateway, host=environment.public_host("catalog")))
        CanaryRelease(self, "Canary", service=catalog, stable=stable, canary=canary, canary_percent=environment.number("canaryPercent"))
        if environment.flag("darkLaunch"):
            internal = HttpMatch(headers={"x-istio-cohort": StringMatch.exact("internal")})
            DarkLaunch(self, "Internal", service=catalog, target=versions[-1], matches=[internal])
        if environment.flag("mirror"):
            MirroredService(self, "Shadow", service=catalog, mirror=canary)
        items = TrafficRoute(self, "Items", service=catalog, matches=[HttpMatch(uri=StringMatch.prefix("/items"))])
        RequestPolicy(self, "ItemsInTime", service=catalog, route=items, timeout=environment.duration("itemsTimeout"))
        CircuitBreakerPolicy(
            self, "Breaker", service=catalog, connection_pool=ConnectionPool(
                max_connections=environment.number("maxConnections"), http1_max_pending_requests=environment.number("maxPendingRequests"),
            ),
            outlier_detection=OutlierDetection(consecutive5xx_errors=5, base_ejection_time=Duration.seconds(30), max_ejection_percent=100),
        )
        EgressPolicy(self, "Egress", scope=PolicyScope.mesh(), mode=environment.egress_mode)


environments = MeshEnvironments(
    settings={
        "versions": ["v1", "v2"], "canaryPercent": 10, "darkLaunch": True, "mirror": False, "itemsTimeout": Duration.seconds(2),
        "maxConnections": 100, "maxPendingRequests": 10,
    },
    environments=[
        MeshEnvironmentOptions(
            name="dev", namespace="coolstore-dev", public_host_suffix="dev.coolstore.example.com", egress_mode=OutboundTrafficMode.ALLOW_ANY,
            istio_version="1.31", settings={"versions": ["v1", "v2", "v3"], "canaryPercent": 50, "itemsTimeout": Duration.seconds(30)},
        ),
        MeshEnvironmentOptions(
            name="staging", namespace="coolstore", public_host_suffix="staging.coolstore.example.com",
            egress_mode=OutboundTrafficMode.REGISTRY_ONLY, istio_version="1.31", settings={"mirror": True, "canaryPercent": 0},
        ),
        MeshEnvironmentOptions(
            name="prod", namespace="coolstore", public_host_suffix="coolstore.example.com",
            gateway=IngressGatewayProps(listeners=[Listener.http(80, https_redirect=True), Listener.https(443, credential_name="coolstore-tls")]),
            egress_mode=OutboundTrafficMode.REGISTRY_ONLY, istio_version="1.29",
            settings={"canaryPercent": 5, "darkLaunch": False, "maxConnections": 1000, "maxPendingRequests": 100},
        ),
    ],
)
for environment in environments.selected:
    Coolstore(environment, "traffic")
environments.synth()
