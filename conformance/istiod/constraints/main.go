// Prints the constraints that Envoy's API definitions put on messages, as JSON. Standard input names the root messages, and the
// fields that are of interest; nothing is followed through other fields.
package main

import (
	"encoding/json"
	"log"
	"os"
	"strconv"

	"github.com/envoyproxy/protoc-gen-validate/validate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/durationpb"
	// Registers every message of Envoy's API that istiod knows.
	_ "istio.io/istio/pilot/pkg/xds"
)

type question struct {
	Roots  []string `json:"roots"`
	Fields []string `json:"fields"`
}

type field struct {
	// The message or the kind of the scalar.
	Type  string `json:"type"`
	List  bool   `json:"list,omitempty"`
	Map   bool   `json:"map,omitempty"`
	Rules any    `json:"rules,omitempty"`
}

type message struct {
	Fields map[string]field `json:"fields"`
}

var wrappers = map[protoreflect.FullName]bool{
	"google.protobuf.UInt32Value": true, "google.protobuf.UInt64Value": true, "google.protobuf.DoubleValue": true,
	"google.protobuf.StringValue": true, "google.protobuf.BoolValue": true, "google.protobuf.FloatValue": true,
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	wanted := map[string]bool{}
	for _, name := range asked.Fields {
		wanted[name] = true
	}
	found := map[string]message{}
	for _, root := range asked.Roots {
		d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(root))
		if err != nil {
			log.Fatalf("%s: %v", root, err)
		}
		if m, ok := d.(protoreflect.MessageDescriptor); ok {
			add(found, m, wanted)
		}
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", " ")
	if err := out.Encode(found); err != nil {
		log.Fatal(err)
	}
}

func add(found map[string]message, d protoreflect.MessageDescriptor, wanted map[string]bool) {
	if _, known := found[string(d.FullName())]; known {
		return
	}
	made := message{Fields: map[string]field{}}
	found[string(d.FullName())] = made
	for i := 0; i < d.Fields().Len(); i++ {
		f := d.Fields().Get(i)
		if !wanted[f.JSONName()] {
			continue
		}
		of := field{Type: f.Kind().String(), List: f.IsList(), Map: f.IsMap()}
		inner := f
		if f.IsMap() {
			inner = f.MapValue()
			of.Type = inner.Kind().String()
		}
		switch {
		case inner.Message() != nil:
			of.Type = string(inner.Message().FullName())
			if !wrappers[inner.Message().FullName()] && inner.Message().FullName().Parent() != "google.protobuf" {
				add(found, inner.Message(), wanted)
			}
		case inner.Enum() != nil:
			of.Type = string(inner.Enum().FullName())
		}
		if rules, ok := proto.GetExtension(f.Options(), validate.E_Rules).(*validate.FieldRules); ok && rules != nil {
			of.Rules = plain(rules.ProtoReflect())
		}
		made.Fields[f.JSONName()] = of
	}
	found[string(d.FullName())] = made
}

// plain is a message as JSON, with durations in seconds and unset fields left out.
func plain(m protoreflect.Message) any {
	if d, ok := m.Interface().(*durationpb.Duration); ok {
		return d.AsDuration().Seconds()
	}
	made := map[string]any{}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		made[f.JSONName()] = value(f, v)
		return true
	})
	return made
}

func value(f protoreflect.FieldDescriptor, v protoreflect.Value) any {
	if f.IsList() {
		made := []any{}
		for i := 0; i < v.List().Len(); i++ {
			made = append(made, single(f, v.List().Get(i)))
		}
		return made
	}
	return single(f, v)
}

func single(f protoreflect.FieldDescriptor, v protoreflect.Value) any {
	switch f.Kind() {
	case protoreflect.MessageKind:
		return plain(v.Message())
	case protoreflect.EnumKind:
		return string(f.Enum().Values().ByNumber(v.Enum()).Name())
	case protoreflect.BytesKind:
		return string(v.Bytes())
	case protoreflect.Uint64Kind, protoreflect.Int64Kind:
		n, _ := strconv.ParseFloat(v.String(), 64)
		return n
	}
	return v.Interface()
}
