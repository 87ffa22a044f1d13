package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// readStream gives the objects that `kubectl apply` reads in a text, and what stops it: the steps of its StreamVisitor and FlattenListVisitor. istiod
// reads files by the same decoder.
func readStream(line []byte) (any, error) {
	var c struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	if err := json.Unmarshal(line, &c); err != nil {
		return nil, err
	}
	objects := []map[string]any{}
	stopped := ""
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(c.Text), 4096)
	for {
		document := runtime.RawExtension{}
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			objects, err = appendObjects(objects, bytes.TrimSpace(document.Raw))
		}
		if err != nil {
			stopped = err.Error()
			break
		}
	}
	return map[string]any{"id": c.ID, "objects": objects, "stopped": stopped}, nil
}

func appendObjects(objects []map[string]any, document []byte) ([]map[string]any, error) {
	if len(document) == 0 || bytes.Equal(document, []byte("null")) {
		return objects, nil
	}
	read, _, err := unstructured.UnstructuredJSONScheme.Decode(document, nil, nil)
	if err != nil {
		return objects, err
	}
	for queue := []runtime.Object{read}; len(queue) > 0; queue = queue[1:] {
		if meta.IsListType(queue[0]) {
			items, err := meta.ExtractList(queue[0])
			if err != nil {
				return objects, err
			}
			queue = append(queue, items...)
			continue
		}
		object, isOne := queue[0].(*unstructured.Unstructured)
		if !isOne {
			return objects, fmt.Errorf("%T is no object", queue[0])
		}
		if object.GetKind() == "" || object.GetAPIVersion() == "" {
			return objects, errors.New("an object has no apiVersion or no kind")
		}
		objects = append(objects, object.Object)
	}
	return objects, nil
}
