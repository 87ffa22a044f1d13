"""The composed step of the walk-through (examples/coolstore), written in Python."""
from cdk8s import ApiObject, ApiObjectMetadata, App, Chart, Duration, JsonPatch
from cdk8s_istio import (
    CanaryRelease, CircuitBreakerPolicy, ConnectionPool, DarkLaunch, HttpMatch, IngressGateway, MeshService, MirroredService, OutlierDetection,
    PublicHost, RequestPolicy, StringMatch, TrafficRoute,
)

app = App()
workloads = Chart(app, "workloads", namespace="istioinaction")
service = ApiObject(
    workloads, "catalog-service", api_version="v1", kind="Service", metadata=ApiObjectMetadata(name="catalog", labels={"app": "catalog"}),
)
service.add_json_patch(JsonPatch.add("/spec", {
    "selector": {"app": "catalog"}, "ports": [{"name": "http", "port": 80, "protocol": "TCP", "targetPort": 3000}],
}))

chart = Chart(app, "traffic", namespace="istioinaction")
catalog = MeshService.from_service(chart, "Catalog", service)
gateway = IngressGateway(chart, "CatalogGateway")
catalog.expose_via(PublicHost(chart, "CatalogHost", gateway=gateway, host="catalog.istioinaction.io"))
v1 = catalog.add_subset("version-v1", labels={"version": "v1"}, replicas=1)
v2 = catalog.add_subset("version-v2", labels={"version": "v2"}, replicas=1)

internal = HttpMatch(headers={"x-istio-cohort": StringMatch.exact("internal")})
DarkLaunch(chart, "Internal", service=catalog, target=v2, matches=[internal])
CanaryRelease(chart, "Canary", service=catalog, stable=v1, canary=v2, canary_percent=10)
MirroredService(chart, "Shadow", service=catalog, mirror=v2)
items = TrafficRoute(chart, "Items", service=catalog, matches=[HttpMatch(uri=StringMatch.prefix("/items"))])
RequestPolicy(chart, "ItemsInTime", service=catalog, route=items, timeout=Duration.seconds(2))
CircuitBreakerPolicy(
    chart, "Breaker", service=catalog,
    connection_pool=ConnectionPool(max_connections=100, http1_max_pending_requests=10),
    outlier_detection=OutlierDetection(consecutive5xx_errors=5, base_ejection_time=Duration.seconds(30), max_ejection_percent=100),
)
app.synth()
