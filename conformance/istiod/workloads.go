package main

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	klabels "k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

// assignAddresses gives each Service without one a cluster IP, by its place in the input.
func assignAddresses(services []*corev1.Service) {
	for i, service := range services {
		if service.Spec.ClusterIP == "" && service.Spec.Type != corev1.ServiceTypeExternalName {
			service.Spec.ClusterIP = fmt.Sprintf("10.200.%d.%d", (i+1)/250, (i+1)%250+1)
		}
		if service.Spec.ClusterIP != "" && len(service.Spec.ClusterIPs) == 0 {
			service.Spec.ClusterIPs = []string{service.Spec.ClusterIP}
		}
		if service.CreationTimestamp.IsZero() {
			service.CreationTimestamp = metav1.NewTime(appliedAt)
		}
	}
}

// defaultAccount is the service account that a cluster gives to a pod that states none.
const defaultAccount = "default"

// podsOf makes the pods that the Deployments would run, each with an address of its own.
func podsOf(m *manifests) []*corev1.Pod {
	var pods []*corev1.Pod
	for _, deployment := range m.deployments {
		replicas := int32(1)
		if deployment.Spec.Replicas != nil {
			replicas = *deployment.Spec.Replicas
		}
		account := deployment.Spec.Template.Spec.ServiceAccountName
		if account == "" {
			account = defaultAccount
		}
		for r := int32(0); r < replicas; r++ {
			number := len(pods) + 1
			pods = append(pods, &corev1.Pod{
				ObjectMeta: metav1.ObjectMeta{
					Name:      fmt.Sprintf("%s-%d", deployment.Name, r),
					Namespace: deployment.Namespace,
					Labels:    deployment.Spec.Template.Labels,
					// The proxy of the pod reads some of them.
					Annotations: deployment.Spec.Template.Annotations,
				},
				Spec: corev1.PodSpec{NodeName: "node", ServiceAccountName: account, Containers: deployment.Spec.Template.Spec.Containers},
				Status: corev1.PodStatus{
					Phase:      corev1.PodRunning,
					PodIP:      fmt.Sprintf("10.10.%d.%d", number/250, number%250+1),
					PodIPs:     []corev1.PodIP{{IP: fmt.Sprintf("10.10.%d.%d", number/250, number%250+1)}},
					Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
				},
			})
		}
	}
	return pods
}

func selects(service *corev1.Service, pod *corev1.Pod) bool {
	return service.Namespace == pod.Namespace && len(service.Spec.Selector) > 0 &&
		klabels.SelectorFromSet(service.Spec.Selector).Matches(klabels.Set(pod.Labels))
}

// targetPort is the port of a pod behind a port of a Service.
func targetPort(port corev1.ServicePort, pod *corev1.Pod) int32 {
	if name := port.TargetPort.StrVal; name != "" {
		for _, container := range pod.Spec.Containers {
			for _, p := range container.Ports {
				if p.Name == name {
					return p.ContainerPort
				}
			}
		}
	}
	if number := port.TargetPort.IntVal; number != 0 {
		return number
	}
	return port.Port
}

// kubernetesObjects is what the full harness's API server holds.
func kubernetesObjects(m *manifests, pods []*corev1.Pod) []runtime.Object {
	var objects []runtime.Object
	for _, namespace := range m.namespaces {
		objects = append(objects, namespace)
	}
	for _, pod := range pods {
		objects = append(objects, pod)
	}
	for _, service := range m.services {
		objects = append(objects, service, sliceOf(service, pods))
	}
	return objects
}

func sliceOf(service *corev1.Service, pods []*corev1.Pod) *discoveryv1.EndpointSlice {
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Name: service.Name + "-slice", Namespace: service.Namespace, Labels: map[string]string{discoveryv1.LabelServiceName: service.Name},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
	}
	ready := true
	for _, pod := range pods {
		if !selects(service, pod) {
			continue
		}
		if len(slice.Endpoints) == 0 {
			for i := range service.Spec.Ports {
				port := service.Spec.Ports[i]
				number := targetPort(port, pod)
				slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{Name: &service.Spec.Ports[i].Name, Port: &number})
			}
		}
		slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
			Addresses:  []string{pod.Status.PodIP},
			Conditions: discoveryv1.EndpointConditions{Ready: &ready},
			TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: pod.Name, Namespace: pod.Namespace},
		})
	}
	return slice
}
