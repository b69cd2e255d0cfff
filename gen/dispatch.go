package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// dispatchFile writes, for every operation and element, the function that
// dispatches over the ISAs of an architecture by direct calls: a call through a
// variable would make every argument escape to the heap.
func dispatchFile(arch string) ([]byte, error) {
	return goFile(withAsm, func(b *bytes.Buffer) {
		eachDispatch(func(sig signature, elem Elem) { writeDispatch(b, arch, sig, elem) })
	})
}

// noDispatchFile stands in where a build has no assembly.
func noDispatchFile() ([]byte, error) {
	return goFile(withoutAsm(), func(b *bytes.Buffer) {
		eachDispatch(func(sig signature, elem Elem) {
			writeHead(b, sig, elem)
			b.WriteString("\tpanic(noKernel)\n}\n\n")
		})
	})
}

func eachDispatch(f func(signature, Elem)) {
	for _, sig := range signatures {
		for _, elem := range []Elem{f64, f32} {
			if slices.ContainsFunc(Specs, func(s Spec) bool { return s.Op == sig.op && s.Elem == elem }) {
				f(sig, elem)
			}
		}
	}
}

func writeHead(b *bytes.Buffer, sig signature, elem Elem) {
	name := strings.ToUpper(sig.op[:1]) + sig.op[1:] + strings.ToUpper(elem.Name)
	fmt.Fprintf(b, "// %s runs the kernel of isa, which must be in Table.\n", name)
	fmt.Fprintf(b, "func %s(isa ISA, %s) %s {\n", name, typed(sig.params, elem), typed(sig.result, elem))
}

func writeDispatch(b *bytes.Buffer, arch string, sig signature, elem Elem) {
	writeHead(b, sig, elem)
	call := ""
	for _, s := range of(arch) {
		if s.Op != sig.op || s.Elem != elem {
			continue
		}
		call = fmt.Sprintf("%s(%s)", s.Name(), argNames(sig.params))
		if sig.result != "" {
			call = "return " + call
		}
		fmt.Fprintf(b, "\tif isa == %s {\n\t%s\n\t", isaConst(s.ISA), call)
		if sig.result == "" {
			b.WriteString("return\n")
		}
		b.WriteString("}\n")
	}
	b.WriteString("\tpanic(noKernel)\n}\n\n")
}
