package main

import (
	"encoding/json"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	gateway "sigs.k8s.io/gateway-api/apis/v1"

	"istio.io/api/label"
	"istio.io/istio/pkg/config/constants"
)

// tunnelPort is where a waypoint takes tunnels.
const tunnelPort = 15008

// asRunning is a waypoint whose pods are ready, with the Service that istiod makes for it. It leaves other Gateways alone.
func asRunning(stored string) (string, *corev1.Service, error) {
	object := &gateway.Gateway{}
	if err := json.Unmarshal([]byte(stored), object); err != nil {
		return "", nil, err
	}
	if object.Spec.GatewayClassName != constants.WaypointGatewayClassName {
		return stored, nil, nil
	}
	if len(object.Status.Addresses) == 0 {
		hostname := gateway.HostnameAddressType
		object.Status.Addresses = []gateway.GatewayStatusAddress{
			{Type: &hostname, Value: object.Name + "." + object.Namespace + ".svc.cluster.local"},
		}
	}
	running, err := json.Marshal(object)
	return string(running), waypointService(object), err
}

func waypointService(of *gateway.Gateway) *corev1.Service {
	selector := map[string]string{label.IoK8sNetworkingGatewayGatewayName.Name: of.Name}
	labels := map[string]string{
		label.IoK8sNetworkingGatewayGatewayName.Name: of.Name,
		label.GatewayManaged.Name:                    constants.ManagedGatewayMeshControllerLabel,
	}
	for name, value := range of.Labels {
		labels[name] = value
	}
	service := &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: of.Name, Namespace: of.Namespace, Labels: labels, CreationTimestamp: of.CreationTimestamp},
		Spec: corev1.ServiceSpec{
			Type:     corev1.ServiceTypeClusterIP,
			Selector: selector,
			Ports:    []corev1.ServicePort{{Name: "hbone", Port: tunnelPort, TargetPort: intstr.FromInt32(tunnelPort)}},
		},
	}
	return service
}
