// Reads the requests and expectations of the conformance tests of the Gateway API project from their Go source, and prints them as JSON.
// It follows the statements of each test as far as they concern requests; what it does not know becomes null.
package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

type value = any
type object = map[string]value

// A Request is a call of one of the functions that send a request and compare the answer.
type Request struct {
	Function string  `json:"function"`
	Receiver value   `json:"receiver"`
	Args     []value `json:"args"`
}

// A Test is one conformance test with its requests.
type Test struct {
	File      string    `json:"file"`
	Name      string    `json:"name"`
	Manifests []value   `json:"manifests"`
	Requests  []Request `json:"requests"`
	// The functions of statuses that it calls, with their arguments.
	Statuses []Request `json:"statuses"`
}

var constants = map[string]value{}

// What returns its one argument, as a pointer or in another type.
var conversions = map[string]bool{
	"To": true, "Of": true, "ptr": true, "new": true, "string": true, "int32": true, "append": true, "Namespace": true,
}

func main() {
	root := os.Args[1]
	for _, pattern := range []string{"utils/*/*.go", "utils/*/*/*.go", "tests/*.go", "tests/mesh/*.go"} {
		files, _ := filepath.Glob(filepath.Join(root, pattern))
		for _, file := range files {
			readConstants(parse(file))
		}
	}
	tests := []Test{}
	for _, pattern := range []string{"tests/*.go", "tests/mesh/*.go"} {
		files, _ := filepath.Glob(filepath.Join(root, pattern))
		sort.Strings(files)
		for _, file := range files {
			relative, _ := filepath.Rel(root, file)
			tests = append(tests, testsOf(parse(file), filepath.ToSlash(relative))...)
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	if err := encoder.Encode(tests); err != nil {
		panic(err)
	}
}

func parse(file string) *ast.File {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		panic(err)
	}
	return parsed
}

func readConstants(file *ast.File) {
	for _, decl := range file.Decls {
		group, isGroup := decl.(*ast.GenDecl)
		if !isGroup || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			names := spec.(*ast.ValueSpec)
			for i, name := range names.Names {
				if i < len(names.Values) {
					constants[name.Name] = (&scope{}).eval(names.Values[i])
				}
			}
		}
	}
}

func testsOf(file *ast.File, path string) []Test {
	var tests []Test
	functions := map[string]*ast.FuncLit{}
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, isValue := node.(*ast.ValueSpec); isValue && len(spec.Values) == 1 {
			if function := functionOf(spec.Values[0]); function != nil {
				functions[spec.Names[0].Name] = function
			}
		}
		return true
	})
	for _, decl := range file.Decls {
		group, isGroup := decl.(*ast.GenDecl)
		if !isGroup || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			for _, of := range spec.(*ast.ValueSpec).Values {
				literal, isLiteral := of.(*ast.CompositeLit)
				if !isLiteral || !strings.HasSuffix(typeName(literal.Type), "ConformanceTest") {
					continue
				}
				test := Test{File: path, Requests: []Request{}, Statuses: []Request{}}
				for _, element := range literal.Elts {
					field := element.(*ast.KeyValueExpr)
					switch field.Key.(*ast.Ident).Name {
					case "ShortName":
						test.Name, _ = (&scope{}).eval(field.Value).(string)
					case "Manifests":
						test.Manifests, _ = (&scope{}).eval(field.Value).([]value)
					case "Test":
						function, isFunction := field.Value.(*ast.FuncLit)
						if other, isOther := field.Value.(*ast.SelectorExpr); isOther {
							// The function of another test of the file.
							function, isFunction = functions[typeName(other.X)], functions[typeName(other.X)] != nil
						}
						if isFunction {
							run := &scope{values: object{}, test: &test}
							run.block(function.Body)
						}
					}
				}
				tests = append(tests, test)
			}
		}
	}
	return tests
}

// The function in the field Test of a literal.
func functionOf(expr ast.Expr) *ast.FuncLit {
	literal, isLiteral := expr.(*ast.CompositeLit)
	if !isLiteral {
		return nil
	}
	for _, element := range literal.Elts {
		field, isField := element.(*ast.KeyValueExpr)
		if !isField {
			continue
		}
		if name, isName := field.Key.(*ast.Ident); isName && name.Name == "Test" {
			function, _ := field.Value.(*ast.FuncLit)
			return function
		}
	}
	return nil
}

func typeName(expr ast.Expr) string {
	switch of := expr.(type) {
	case *ast.SelectorExpr:
		return typeName(of.X) + "." + of.Sel.Name
	case *ast.Ident:
		return of.Name
	case *ast.StarExpr:
		return typeName(of.X)
	}
	return ""
}

type scope struct {
	values object
	outer  *scope
	test   *Test
}

func (s *scope) inner() *scope { return &scope{values: object{}, outer: s, test: s.test} }

func (s *scope) get(name string) value {
	for at := s; at != nil; at = at.outer {
		if found, has := at.values[name]; has {
			return found
		}
	}
	return constants[name]
}

func (s *scope) set(name string, to value) {
	for at := s; at != nil; at = at.outer {
		if _, has := at.values[name]; has {
			at.values[name] = to
			return
		}
	}
	s.values[name] = to
}

func (s *scope) block(block *ast.BlockStmt) {
	for _, statement := range block.List {
		s.statement(statement)
	}
}

func (s *scope) statement(statement ast.Stmt) {
	switch of := statement.(type) {
	case *ast.AssignStmt:
		s.assign(of)
	case *ast.DeclStmt:
		if group, isGroup := of.Decl.(*ast.GenDecl); isGroup {
			for _, spec := range group.Specs {
				if names, isValue := spec.(*ast.ValueSpec); isValue {
					for i, name := range names.Names {
						if i < len(names.Values) {
							s.values[name.Name] = s.eval(names.Values[i])
						}
					}
				}
			}
		}
	case *ast.ExprStmt:
		s.eval(of.X)
	case *ast.RangeStmt:
		s.each(of)
	case *ast.ForStmt:
		s.inner().block(of.Body)
	case *ast.BlockStmt:
		s.inner().block(of)
	case *ast.IfStmt:
		// Errors are absent, and features are supported.
		if !mentions(of.Cond, "err") && !mentions(of.Cond, "len") {
			s.inner().block(of.Body)
		}
	}
}

func (s *scope) assign(of *ast.AssignStmt) {
	for i, left := range of.Lhs {
		var to value
		if i < len(of.Rhs) {
			to = s.eval(of.Rhs[i])
		}
		switch target := left.(type) {
		case *ast.Ident:
			if of.Tok == token.DEFINE {
				s.values[target.Name] = to
			} else {
				s.set(target.Name, to)
			}
		case *ast.SelectorExpr:
			if parent, isObject := s.eval(target.X).(object); isObject {
				parent[target.Sel.Name] = to
			}
		}
	}
}

func (s *scope) each(of *ast.RangeStmt) {
	bind := func(key, item value) {
		body := s.inner()
		if name, isName := of.Key.(*ast.Ident); isName {
			body.values[name.Name] = key
		}
		if name, isName := of.Value.(*ast.Ident); isName {
			body.values[name.Name] = item
		}
		body.block(of.Body)
	}
	switch items := s.eval(of.X).(type) {
	case []value:
		for i, item := range items {
			bind(i, item)
		}
	case object:
		for key, item := range items {
			bind(key, item)
		}
	}
}

func mentions(expr ast.Expr, name string) bool {
	found := false
	ast.Inspect(expr, func(node ast.Node) bool {
		if ident, isIdent := node.(*ast.Ident); isIdent && ident.Name == name {
			found = true
		}
		return !found
	})
	return found
}

func (s *scope) eval(expr ast.Expr) value {
	switch of := expr.(type) {
	case *ast.BasicLit:
		if of.Kind == token.STRING {
			text, _ := strconv.Unquote(of.Value)
			return text
		}
		number, _ := strconv.ParseFloat(of.Value, 64)
		return number
	case *ast.Ident:
		switch of.Name {
		case "true", "false":
			return of.Name == "true"
		case "nil":
			return nil
		}
		return s.get(of.Name)
	case *ast.UnaryExpr:
		return s.eval(of.X)
	case *ast.ParenExpr:
		return s.eval(of.X)
	case *ast.BinaryExpr:
		left, isText := s.eval(of.X).(string)
		right, isOther := s.eval(of.Y).(string)
		if of.Op == token.ADD && isText && isOther {
			return left + right
		}
	case *ast.SelectorExpr:
		if parent, isObject := s.eval(of.X).(object); isObject {
			return parent[of.Sel.Name]
		}
		if found, has := constants[of.Sel.Name]; has {
			return found
		}
		return of.Sel.Name
	case *ast.IndexExpr:
		switch parent := s.eval(of.X).(type) {
		case []value:
			if i, isIndex := s.eval(of.Index).(int); isIndex {
				return parent[i]
			}
			if i, isNumber := s.eval(of.Index).(float64); isNumber && int(i) < len(parent) {
				return parent[int(i)]
			}
		case object:
			if key, isText := s.eval(of.Index).(string); isText {
				return parent[key]
			}
		}
	case *ast.CompositeLit:
		return s.literal(of)
	case *ast.FuncLit:
		s.inner().block(of.Body)
	case *ast.CallExpr:
		return s.call(of)
	}
	return nil
}

func (s *scope) literal(of *ast.CompositeLit) value {
	if _, isList := of.Type.(*ast.ArrayType); isList {
		items := []value{}
		for _, element := range of.Elts {
			items = append(items, s.eval(element))
		}
		return items
	}
	fields := object{}
	if name := typeName(of.Type); name != "" {
		fields["$type"] = name
	}
	for i, element := range of.Elts {
		field, isField := element.(*ast.KeyValueExpr)
		if !isField {
			fields[strconv.Itoa(i)] = s.eval(element)
			continue
		}
		if name, isName := field.Key.(*ast.Ident); isName && !isMap(of) {
			fields[name.Name] = s.eval(field.Value)
		} else if key, isText := s.eval(field.Key).(string); isText {
			fields[key] = s.eval(field.Value)
		}
	}
	return fields
}

func isMap(of *ast.CompositeLit) bool {
	_, found := of.Type.(*ast.MapType)
	return found
}

func (s *scope) call(of *ast.CallExpr) value {
	name := typeName(of.Fun)
	short := name[strings.LastIndex(name, ".")+1:]
	args := []value{}
	for _, arg := range of.Args {
		args = append(args, s.eval(arg))
	}
	if len(args) == 1 && (conversions[short]) {
		return args[0]
	}
	if short == "append" && len(args) > 1 {
		list, _ := args[0].([]value)
		if more, isList := args[1].([]value); isList && of.Ellipsis.IsValid() {
			return append(append([]value{}, list...), more...)
		}
		return append(append([]value{}, list...), args[1:]...)
	}
	if s.test != nil && strings.Contains(short, "Expect") && strings.HasPrefix(short, "Make") {
		var receiver value
		if selector, isMethod := of.Fun.(*ast.SelectorExpr); isMethod {
			receiver = s.eval(selector.X)
		}
		s.test.Requests = append(s.test.Requests, Request{name, receiver, args})
	}
	if s.test != nil && strings.Contains(short, "Must") {
		s.test.Statuses = append(s.test.Statuses, Request{name, nil, args})
	}
	return object{"$call": name, "args": args}
}
