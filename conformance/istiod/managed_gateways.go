package main

import (
	"encoding/json"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	gateway "sigs.k8s.io/gateway-api/apis/v1"

	"istio.io/api/annotation"
	"istio.io/api/label"
	"istio.io/istio/pilot/pkg/config/kube/gatewaycommon"
	"istio.io/istio/pkg/config/constants"
)

// asRunning is a Gateway as istiod's deployment controller runs it, with the Service that the controller makes. A waypoint has its
// address, because its pods are ready. Gateways of other classes, and those that name Services of their own, stay as they are.
func asRunning(stored string) (string, *corev1.Service, error) {
	object := &gateway.Gateway{}
	if err := json.Unmarshal([]byte(stored), object); err != nil {
		return "", nil, err
	}
	isWaypoint := object.Spec.GatewayClassName == constants.WaypointGatewayClassName
	if !isWaypoint && object.Spec.GatewayClassName != "istio" || !gatewaycommon.IsManaged(&object.Spec) {
		return stored, nil, nil
	}
	service := serviceOf(object, isWaypoint)
	if !isWaypoint || len(object.Status.Addresses) > 0 {
		return stored, service, nil
	}
	hostname := gateway.HostnameAddressType
	object.Status.Addresses = []gateway.GatewayStatusAddress{
		{Type: &hostname, Value: object.Name + "." + object.Namespace + ".svc.cluster.local"},
	}
	running, err := json.Marshal(object)
	return string(running), service, err
}

// serviceOf is the Service of istiod's template for a Gateway, as an API server stores it.
func serviceOf(of *gateway.Gateway, isWaypoint bool) *corev1.Service {
	name, controller, kind := of.Name+"-"+string(of.Spec.GatewayClassName), constants.ManagedGatewayControllerLabel, corev1.ServiceTypeLoadBalancer
	annotations := map[string]string{}
	if isWaypoint {
		name, controller, kind = of.Name, constants.ManagedGatewayMeshControllerLabel, corev1.ServiceTypeClusterIP
		annotations[annotation.NetworkingTrafficDistribution.Name] = "PreferClose"
	}
	if override := of.Annotations[annotation.GatewayNameOverride.Name]; override != "" {
		name = override
	}
	labels := map[string]string{
		label.IoK8sNetworkingGatewayGatewayName.Name: of.Name,
		label.GatewayManaged.Name:                    controller,
	}
	for name, value := range of.Labels {
		labels[name] = value
	}
	port := func(name string, number int32, protocol string) corev1.ServicePort {
		return corev1.ServicePort{
			Name: name, Port: number, TargetPort: intstr.FromInt32(number), Protocol: corev1.ProtocolTCP, AppProtocol: &protocol,
		}
	}
	ports := []corev1.ServicePort{port("status-port", 15021, "tcp")}
	taken := map[int32]bool{}
	for _, listener := range of.Spec.Listeners {
		if !taken[listener.Port] {
			taken[listener.Port] = true
			ports = append(ports, port(string(listener.Name), listener.Port, strings.ToLower(string(listener.Protocol))))
		}
	}
	return &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, Namespace: of.Namespace, Labels: labels, Annotations: annotations, CreationTimestamp: of.CreationTimestamp,
		},
		Spec: corev1.ServiceSpec{
			Type:     kind,
			Selector: map[string]string{label.IoK8sNetworkingGatewayGatewayName.Name: of.Name},
			Ports:    ports,
		},
	}
}
