package main

import (
	"bytes"
	"fmt"
)

// field is one of a struct that a kernel reads: the struct in Go and the
// offsets in assembly are generated from one list. Fields have eight bytes each
// but for slices and for the scalars of type T, which come last.
type field struct{ name, typ, doc string }

// fieldOffset is the offset of a field.
func fieldOffset(fields []field, name string, elem Elem) int {
	offset := 0
	for _, f := range fields {
		if f.name == name {
			return offset
		}
		switch f.typ {
		case "T":
			offset += elem.Size
		case "[]T":
			offset += 24
		default:
			offset += 8
		}
	}
	panic(name)
}

// argsFile writes the structs that gemm kernels read.
func argsFile() ([]byte, error) {
	return goFile("", func(b *bytes.Buffer) {
		b.WriteString("// GemmArgs is one call of a gemm kernel: an M-row block of C, its columns cut\n// into Full tiles of NR and Tail narrower ones. Strides count elements.\n")
		writeStruct(b, "GemmArgs", gemmFields)
		b.WriteString("// Matrix is an operand of a gemmtiny kernel, row-major.\n")
		writeStruct(b, "Matrix", matrixFields)
		fmt.Fprintf(b, "// TinyVecs is the number of vectors that the C of a gemmtiny kernel may be wide.\nconst TinyVecs = %d\n\n", tinyVecs)
		b.WriteString("// Bits of GemmArgs.Mode.\nconst (\n")
		fmt.Fprintf(b, "\tGemmRead = %d // add Beta*C\n\tGemmScale = %d // multiply A*B by Alpha\n)\n", gemmRead, gemmScale)
	})
}

func writeStruct(b *bytes.Buffer, name string, fields []field) {
	fmt.Fprintf(b, "type %s[T float32 | float64] struct {\n", name)
	for _, f := range fields {
		fmt.Fprintf(b, "\t%s %s", f.name, f.typ)
		if f.doc != "" {
			fmt.Fprintf(b, " // %s", f.doc)
		}
		b.WriteString("\n")
	}
	b.WriteString("}\n\n")
}
