package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	if got := (Spec{Op: "gemm", ISA: avx512, Elem: f64, MR: 8, NV: 3}).Name(); got != "gemm_avx512_f64_8x24" {
		t.Errorf("name %s", got)
	}
	pattern := regexp.MustCompile(`^([a-z0-9]+)_([a-z0-9]+)_(f32|f64)(_[1-9]\d*x[1-9]\d*)?$`)
	seen := map[string]bool{}
	for _, s := range written(Specs) {
		name := s.Name()
		m := pattern.FindStringSubmatch(name)
		if m == nil || m[1] != s.Op || m[2] != s.ISA.Name || m[3] != s.Elem.Name {
			t.Errorf("%s does not state operation, ISA and element", name)
		} else if (m[4] != "") != (s.Op == "gemm") {
			t.Errorf("%s: a tile belongs to gemm, and to gemm alone", name)
		}
		if seen[name] {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
	}
}

// A row without a kernel of its own runs one that a set below has.
func TestSharedKernelsAreWritten(t *testing.T) {
	names := map[string]bool{}
	for _, s := range written(Specs) {
		names[s.Name()] = true
	}
	shared := 0
	for _, s := range Specs {
		if s.Of == nil {
			continue
		}
		shared++
		if !names[s.Name()] || s.Of.Arch != s.ISA.Arch || s.amd64 != nil || s.arm64 != nil {
			t.Errorf("%s on %s runs %s", s.Op, s.ISA.Name, s.Name())
		}
	}
	if shared == 0 {
		t.Error("no row shares a kernel")
	}
}

// leftToGo are operations that an ISA may lack: kernels runs them in Go then.
var leftToGo = []string{"gemmtiny", "rowmax", "gemvnt", "ger", "tridiag", "ormtr", "qlsweep", "rotrows", "qd", "turns", "waxpy", "narrow", "addwide", "symjacobi", "jacobi", "lanejacobi", "lanerayleigh"}

// onFloat64 are operations without float32.
var onFloat64 = []string{"qd", "narrow", "addwide", "symjacobi"}

// Dispatch chooses the ISA once for all operations, so an ISA that lacked one
// would panic there.
func TestEveryISAHasEveryOperation(t *testing.T) {
	type row struct {
		op, isa, elem string
	}
	rows, isas := map[row]int{}, map[string]bool{}
	for _, s := range Specs {
		rows[row{s.Op, s.ISA.Name, s.Elem.Name}]++
		isas[s.ISA.Name] = true
	}
	want := 0
	for _, sig := range signatures {
		for isa := range isas {
			for _, elem := range []Elem{f64, f32} {
				if isa == neon.Name && slices.Contains(leftToGo, sig.op) {
					continue
				}
				if elem == f32 && slices.Contains(onFloat64, sig.op) {
					continue
				}
				want++
				if n := rows[row{sig.op, isa, elem.Name}]; n != 1 {
					t.Errorf("%s on %s in %s: %d rows", sig.op, isa, elem.Name, n)
				}
			}
		}
	}
	if want != len(Specs) {
		t.Errorf("%d rows, but %d operations with a signature on all ISAs", len(Specs), want)
	}
}

// goFiles parses the generated Go files whose name begins with prefix.
func goFiles(t *testing.T, prefix string) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	for name, text := range generatedFiles(t) {
		if filepath.Ext(name) == ".go" && strings.HasPrefix(name, prefix) {
			f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = f
		}
	}
	if len(files) == 0 {
		t.Fatalf("no file %s*.go", prefix)
	}
	return files
}

// functions maps each function of a file to its type in Go syntax.
func functions(f *ast.File) map[string]string {
	out := map[string]string{}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			out[fn.Name.Name] = types.ExprString(fn.Type)
		}
	}
	return out
}

// Stubs have no body and let no argument escape.
func TestStubs(t *testing.T) {
	var got, want []string
	for _, f := range goFiles(t, "stubs_") {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				t.Errorf("%T among the stubs", d)
				continue
			}
			got = append(got, fn.Name.Name)
			noescape := fn.Doc != nil && slices.ContainsFunc(fn.Doc.List, func(c *ast.Comment) bool { return c.Text == "//go:noescape" })
			if fn.Body != nil || !noescape {
				t.Errorf("%s is no stub, or lets its arguments escape", fn.Name.Name)
			}
		}
	}
	for _, s := range written(Specs) {
		want = append(want, s.Name())
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("stubs:\n%v\nrows of the table:\n%v", got, want)
	}
}

// Package kernels compiles against any of the builds, so all declare the same
// functions: one for each operation and element.
func TestDispatchesAgree(t *testing.T) {
	tables := goFiles(t, "dispatch_")
	none, ok := tables["dispatch_none.go"]
	if !ok {
		t.Fatal("no dispatch for builds without assembly")
	}
	want := functions(none)
	if len(want) != 2*len(signatures)-len(onFloat64) {
		t.Errorf("%d functions for %d operations on two elements, but %d", len(want), len(signatures), len(onFloat64))
	}
	for name, f := range tables {
		got := functions(f)
		for fn, typ := range want {
			if got[fn] != typ {
				t.Errorf("%s: %s is %q, without assembly %q", name, fn, got[fn], typ)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s has %d functions, the one without assembly %d", name, len(got), len(want))
		}
	}
}

// The offsets that kernels read GemmArgs and Matrix at are those the compiler
// gives the structs.
func TestArgsOffsets(t *testing.T) {
	testOffsets(t, "GemmArgs", gemmFields)
	testOffsets(t, "Matrix", matrixFields)
}

func testOffsets(t *testing.T, name string, list []field) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "args.go", generatedFiles(t)["args.go"], parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var config types.Config
	pkg, err := config.Check("asm", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	generic := pkg.Scope().Lookup(name).Type()
	for _, elem := range []Elem{f32, f64} {
		typ, err := types.Instantiate(nil, generic, []types.Type{types.Universe.Lookup(elem.Go).Type()}, true)
		if err != nil {
			t.Fatal(err)
		}
		args := typ.Underlying().(*types.Struct)
		var fields []*types.Var
		for v := range args.Fields() {
			fields = append(fields, v)
		}
		for _, arch := range []string{"amd64", "arm64"} {
			for i, offset := range types.SizesFor("gc", arch).Offsetsof(fields) {
				if name := fields[i].Name(); fieldOffset(list, name, elem) != int(offset) {
					t.Errorf("%s, %s: %s is at %d, kernels read %d", arch, elem.Name, name, offset, fieldOffset(list, name, elem))
				}
			}
		}
	}
}
